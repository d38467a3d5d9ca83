import { EventEmitter, on } from 'node:events';
import { onTestFinished } from 'vitest';
import { type SocketOptions, SocketSource } from '../../src/sources/socket-source.ts';
import { ManualClock } from '../../src/testing/index.ts';
import { unlimited } from './unlimited.ts';

/** An opened socket source on a clock that stands still, closed when the test is over. */
export async function openedSocket(port: number, options: SocketOptions = {}, from?: number) {
  const clock = new ManualClock();
  const log = new EventEmitter();
  const warnings = on(log, 'warning') as AsyncIterator<[string]>;
  const logged = { info: () => {}, warn: (message: string) => void log.emit('warning', message) };
  const source = new SocketSource('127.0.0.1', port, clock, logged, options);
  onTestFinished(() => source.close());
  const start = await source.open(from);
  return {
    source,
    clock,
    start,
    /** Each warning once. Between the warning that it will connect again and doing so, the source waits on the clock. */
    nextWarning: async () => (await warnings.next()).value[0] as string,
    /** All lines that are there. */
    lines: async () => (await source.read({ start, end: await source.plan(start, unlimited) })).collect(),
  };
}
