import { type DStream, type Pair, StateSpec } from 'millrace';
import { TestDriver } from 'millrace/testing';
import { interleaved, type Measured, WARM_UP_ROUNDS } from './interleaved.ts';
import * as plain from './plain-streams.ts';

type Count = Pair<string, number>;

/** A program on a stream, and the loop that does the same with one batch after another. */
interface Work {
  readonly what: string;
  readonly batches: readonly (readonly Count[])[];
  readonly program: (stream: DStream<Count>) => DStream<Count>;
  readonly loop: () => (batch: readonly Count[]) => readonly Count[];
  /** What a batch is work for. Default: its records. */
  readonly rowsABatch?: number;
  /** Batches that come first and are not timed. Default: none. */
  readonly filling?: readonly (readonly Count[])[];
}

const MILLION = 1_000_000;

const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;
const sum = (values: readonly number[], total: number | undefined) => values.reduce(add, total ?? 0);
const running = StateSpec.function<string, number, number, Count>((key, value = 0, state) => {
  const total = value + (state.getOption() ?? 0);
  state.update(total);
  return [key, total];
});

/** What operators cost, from records in memory to records in memory. */
export function* streamingWork(rounds: number): Generator<Promise<Measured>> {
  // Made where it is used, so that the collector need not mark it in the others.
  const everyKey = () => [counts(MILLION, MILLION)];
  const works: (() => Work)[] = [
    () => ({
      what: 'map and filter, batches of 10⁴',
      batches: inBatches(counts(MILLION, 10_000), 10_000),
      program: (stream) => stream.map(plain.doubled).filter(plain.isWanted),
      loop: plain.mapAndFilter,
    }),
    () => ({
      what: 'reduceByKey, 10⁴ keys, batches of 10⁵',
      batches: inBatches(counts(MILLION, 10_000), 100_000),
      program: (stream) => stream.reduceByKey(add),
      loop: plain.sumByKey,
    }),
    () => ({
      what: 'window of 30 s with inverse, slide 1 s, 10³ keys, batches of 10⁴',
      batches: inBatches(counts(MILLION, 1000), 10_000),
      program: (stream) => stream.reduceByKeyAndWindow(add, subtract, '30 seconds', '1 second'),
      loop: () => plain.slidingSums(30),
    }),
    () => ({
      what: 'updateStateByKey, all of 10⁶ keys in every batch, keys',
      batches: inBatches(counts(20_000, MILLION), 10_000),
      program: (stream) => stream.updateStateByKey(sum),
      loop: plain.updatedTotals,
      rowsABatch: MILLION,
      filling: everyKey(),
    }),
    () => ({
      what: 'mapWithState, 10⁶ keys, batches of 10⁵',
      batches: inBatches(counts(200_000, MILLION), 100_000),
      program: (stream) => stream.mapWithState(running),
      loop: plain.runningTotals,
      filling: everyKey(),
    }),
  ];
  for (const work of works) yield compare(work(), rounds);
}

/** Both sides go on from round to round, with what they have counted so far. */
async function compare(work: Work, rounds: number): Promise<Measured> {
  const { what, batches, program, loop, filling = [] } = work;
  const driver = new TestDriver();
  const allRounds = Array.from({ length: WARM_UP_ROUNDS + rounds }, () => batches).flat();
  let given: readonly Count[] = [];
  program(driver.context.queueStream([...filling, ...allRounds])).foreachRDD((rdd) => {
    given = rdd.collect();
  });
  await driver.runBatches(filling.length);
  const ours = async () => {
    const start = performance.now();
    await driver.runBatches(batches.length);
    return performance.now() - start;
  };
  const next = loop();
  for (const batch of filling) next(batch);
  let givenPlainly: readonly Count[] = [];
  const theirs = async () => {
    const start = performance.now();
    for (const batch of batches) givenPlainly = next(batch);
    return performance.now() - start;
  };
  const comparison = await interleaved(ours, theirs, rounds);
  await driver.stop();
  if (JSON.stringify(given) !== JSON.stringify(givenPlainly)) throw new Error(`${what}: the two sides differ`);
  const rowsABatch = work.rowsABatch ?? batches[0]!.length;
  return { ...comparison, what, rows: batches.length * rowsABatch };
}

/** So many counts on so many keys, every key as often as any other, in an order that jumps about. */
function counts(records: number, keys: number): Count[] {
  return Array.from({ length: records }, (_, i) => [`key-${(i * 7919) % keys}`, 1 + (i % 10)]);
}

function inBatches<T>(records: readonly T[], size: number): T[][] {
  return Array.from({ length: records.length / size }, (_, i) => records.slice(i * size, (i + 1) * size));
}
