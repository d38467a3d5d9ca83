import * as fs from 'node:fs';

/** How long a piece of work took, milliseconds. */
export interface Took {
  /** By the clock on the wall. */
  readonly wallMs: number;
  /** Of the processor, by the thread of ours that had most of it: the time on the wall of a machine that has nothing else to do. */
  readonly busiestMs: number;
}

/** Linux tells the processor time of each thread, nanoseconds; elsewhere there is that of the process, all its threads together. */
const TASKS = '/proc/self/task';

export async function took(work: () => Promise<unknown>): Promise<Took> {
  const before = threadTimes();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const own = Array.from(threadTimes(), ([thread, ms]) => ms - (before.get(thread) ?? 0));
  return { wallMs, busiestMs: own.reduce((most, each) => Math.max(most, each), 0) };
}

function threadTimes(): Map<string, number> {
  if (!fs.existsSync(TASKS)) {
    const { user, system } = process.cpuUsage();
    return new Map([['all', (user + system) / 1000]]);
  }
  const times = new Map<string, number>();
  for (const thread of fs.readdirSync(TASKS)) {
    try {
      times.set(thread, Number(fs.readFileSync(`${TASKS}/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6);
    } catch {
      // it ended while we looked
    }
  }
  return times;
}
