const FATAL = ['uncaughtException', 'unhandledRejection'] as const;

type Listener = (...args: unknown[]) => void;

/**
 * What `f` gives, without the listeners that the start of a WebAssembly program made by Emscripten puts on the process: they throw whatever
 * they hear, so that a program's own would count for nothing.
 */
export async function withoutThrowingListeners<R>(f: () => Promise<R>): Promise<R> {
  const before = new Set(FATAL.flatMap(listenersTo));
  try {
    return await f();
  } finally {
    for (const event of FATAL) {
      for (const listener of listenersTo(event)) {
        // The program itself may have begun to listen meanwhile.
        const throwsAll = /throw (ex|reason);/.test(String(listener));
        if (throwsAll && !before.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}

function listenersTo(event: string): readonly Listener[] {
  return process.listeners(event as 'exit') as readonly Listener[];
}
