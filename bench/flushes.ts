import * as fs from 'node:fs/promises';

export interface FlushTimer {
  /** Flushes so far. */
  count(): number;
  /** Time in them so far, milliseconds. */
  elapsedMs(): number;
  stop(): void;
}

/** Counts and times the flushes of all open files, on the prototype that every file handle of Node shares. */
export async function flushTimer(directory: string): Promise<FlushTimer> {
  const probe = await fs.open(directory, 'r');
  const handles = Object.getPrototypeOf(probe) as Pick<fs.FileHandle, 'datasync' | 'sync'>;
  await probe.close();
  const { datasync, sync } = handles;
  let count = 0;
  let elapsedMs = 0;
  const timed = (flush: () => Promise<void>) =>
    async function timedFlush(this: fs.FileHandle) {
      const start = performance.now();
      await flush.call(this);
      count++;
      elapsedMs += performance.now() - start;
    };
  Object.assign(handles, { datasync: timed(datasync), sync: timed(sync) });
  return {
    count: () => count,
    elapsedMs: () => elapsedMs,
    stop: () => void Object.assign(handles, { datasync, sync }),
  };
}
