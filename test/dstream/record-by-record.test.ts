import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import type { BatchContext } from '../../src/contracts/graph.ts';
import { oneForOne, recordByRecord, type Step, severalForOne, wanted } from '../../src/dstream/record-by-record.ts';

const BAD = 0;

function refuse(record: number): void {
  if (record === BAD) throw new RangeError('a bad one');
}

/** The results, and where the records stood that were rejected. */
function run<U>(step: Step<number, U>, records: readonly number[]) {
  const positions: string[] = [];
  const context: BatchContext = {
    id: 0,
    time: 0,
    zeroTime: 0,
    reject: (_, { position }) => void positions.push(position),
  };
  const batch = recordByRecord(Batch.of(records), step, 'operator', context);
  return { results: batch.collect(), positions };
}

it('gives what the good records give, and rejects the bad ones with all that they gave, wherever they stand', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: BAD, max: 3 })), (records) => {
      const good = records.filter((record) => record !== BAD);
      const positions = records.flatMap((record, i) => (record === BAD ? [`${i} of partition 0`] : []));
      const doubled = oneForOne((record: number) => {
        refuse(record);
        return 2 * record;
      });
      const odd = wanted((record: number) => {
        refuse(record);
        return record % 2 === 1;
      });
      const twice = severalForOne((record: number, out: number[]) => {
        out.push(record);
        refuse(record);
        out.push(-record);
      });
      expect(run(doubled, records)).toEqual({ results: good.map((record) => 2 * record), positions });
      expect(run(odd, records)).toEqual({ results: good.filter((record) => record % 2 === 1), positions });
      expect(run(twice, records)).toEqual({ results: good.flatMap((record) => [record, -record]), positions });
    }),
  );
});
