import { type Observation, type Random, SequentialTest, seededRandom } from 'millrace';
import { interleaved, type Measured } from './interleaved.ts';

const UNITS = 1_000_000;
const EVENTS = 2_000_000;
const EVENTS_A_BATCH = 100_000;

/** How fast the events of a million users become the two sums of an A/B test, against a plain loop that does only that. */
export async function perUnitAggregation(rounds: number): Promise<Measured> {
  const batches = eventsInBatches(seededRandom(1));
  const measured = await interleaved(
    async () => timed(() => sequentialTest(batches)),
    async () => timed(() => plainLoop(batches)),
    rounds,
  );
  return { what: 'A/B test by user, 10⁶ users', rows: EVENTS, ...measured };
}

function eventsInBatches(random: Random): readonly (readonly Observation[])[] {
  return Array.from({ length: EVENTS / EVENTS_A_BATCH }, () =>
    Array.from({ length: EVENTS_A_BATCH }, (): Observation => {
      const unit = Math.floor(random.next() * UNITS);
      return { arm: unit % 2 === 0 ? 'control' : 'treatment', unit, value: random.next() };
    }),
  );
}

/** A look after every batch. */
function sequentialTest(batches: readonly (readonly Observation[])[]): void {
  const experiment = new SequentialTest({ arms: { control: 0.5, treatment: 0.5 } });
  for (const batch of batches) experiment.update(batch);
}

/** Users' sums, and at the end, once, the sums and squares of each arm. */
function plainLoop(batches: readonly (readonly Observation[])[]): number {
  const rows = new Map<unknown, number>();
  const arms = new Uint8Array(UNITS);
  const sums = new Float64Array(UNITS);
  for (const batch of batches) {
    for (const { unit, arm, value } of batch) {
      let row = rows.get(unit);
      if (row === undefined) {
        row = rows.size;
        rows.set(unit, row);
        arms[row] = arm === 'control' ? 0 : 1;
      }
      sums[row]! += value;
    }
  }
  const total = [0, 0];
  for (let row = 0; row < rows.size; row++) total[arms[row]!]! += sums[row]! ** 2;
  return total[0]! - total[1]!;
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
