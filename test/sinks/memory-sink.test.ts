import { expect, test } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';

test('keeps each batch id once, the last that came, in the order of the ids', async () => {
  const sink = new MemorySink<string>();
  await sink.write({ id: 1, time: 2000, batch: Batch.of(['b']) });
  await sink.write({ id: 0, time: 1000, batch: new Batch([['a'], ['A']]) });
  await sink.write({ id: 1, time: 2000, batch: Batch.of(['B']) });
  expect(sink.batches.map(({ id, time }) => [id, time])).toEqual([
    [0, 1000],
    [1, 2000],
  ]);
  expect(sink.records).toEqual([['a', 'A'], ['B']]);
  await sink.close();
  expect(sink.records).toHaveLength(2);
});
