import { expect, it } from 'vitest';
import { WorkerPool } from '../../src/host/worker-pool.ts';

const SUMS = new URL('../dstream/workers/sums.mjs', import.meta.url);

it('a pool that is closed ends what its threads are at, refuses what waits, and closes twice without harm', async () => {
  const pool = new WorkerPool(SUMS, 1);
  const tasks = [[1], [2], [3]].map((partition, index) => pool.run(partition, index));
  const outcomes = Promise.allSettled(tasks);
  await Promise.all([pool.close(), pool.close()]);
  await pool.close();
  const [first, ...others] = (await outcomes).map((each) => (each.status === 'rejected' ? String(each.reason) : each));
  expect(first).toMatch(/^Error: its thread ended with code \d+$/);
  expect(others).toEqual(['Error: the threads are closed', 'Error: the threads are closed']);
});

it('a pool that was closed takes nothing any more', async () => {
  const pool = new WorkerPool(SUMS, 1);
  await pool.close();
  await expect(pool.run([1], 0)).rejects.toThrow('the threads are closed');
});
