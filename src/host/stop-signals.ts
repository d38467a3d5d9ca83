/**
 * Calls `stop` when the process is asked to end (SIGINT, SIGTERM). A second signal ends it at once, as if nobody listened.
 * Returns how to listen no more.
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  const forget = () => void process.off('SIGINT', first).off('SIGTERM', first);
  const first = (signal: NodeJS.Signals) => {
    forget();
    stop(signal);
  };
  process.on('SIGINT', first).on('SIGTERM', first);
  return forget;
}
