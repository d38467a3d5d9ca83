/**
 * Time as a parameter. Nothing but this file asks the machine what time it is, so a test can drive every batch.
 */
export interface Clock {
  /** Wall-clock time, milliseconds since 1970. Batch times are multiples of the batch duration on this scale. */
  now(): number;
  /** Milliseconds on a scale that never jumps; only differences mean anything. Durations are measured with it. */
  monotonicMs(): number;
  /** Resolves when `now() >= timeMs`, or at once when `signal` is aborted. Never rejects. */
  sleepUntil(timeMs: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay that the machine's timers take, milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleepUntil(timeMs, signal) {
    for (let left = timeMs - Date.now(); left > 0 && !signal?.aborted; left = timeMs - Date.now()) {
      await sleep(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
};

/** Whether `event` has resolved when the clock says `timeMs`. Rejects where it rejects before then. */
export async function resolvedBy(timeMs: number, event: Promise<unknown>, clock: Clock): Promise<boolean> {
  const decided = new AbortController();
  try {
    return await Promise.race([event.then(() => true), clock.sleepUntil(timeMs, decided.signal).then(() => false)]);
  } finally {
    decided.abort('decided'); // without a reason, an error is made for one, which takes longer than all of this
  }
}

function sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal?.addEventListener('abort', done, { once: true });
  });
}
