import { expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { ForeachSink } from '../../src/sinks/foreach-sink.ts';

test('a write ends when the function has', async () => {
  const events: string[] = [];
  const sink = new ForeachSink(async ({ id }) => {
    await new Promise(setImmediate);
    events.push(`function ${id}`);
  });
  await sink.write({ id: 3, time: 0, batch: Batch.empty() });
  events.push('written');
  expect(events).toEqual(['function 3', 'written']);
});

test('what the function throws or rejects with is thrown', async () => {
  const batch = { id: 0, time: 0, batch: Batch.empty() };
  const error = new Error('no room');
  await expect(
    new ForeachSink(() => {
      throw error;
    }).write(batch),
  ).rejects.toBe(error);
  await expect(new ForeachSink(() => Promise.reject(error)).write(batch)).rejects.toBe(error);
});
