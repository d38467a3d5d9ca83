import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { PidRateEstimator } from '../../src/engine/pid-rate-estimator.ts';
import { type DStream, StateSpec } from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';

type Counts = Readonly<Record<string, unknown>>;

/** Expected values of Spark's suites; the file says which. */
const { scenarios } = JSON.parse(readFileSync(new URL('dstream-scenarios.json', import.meta.url), 'utf8')) as {
  scenarios: ({ readonly id: string } & Readonly<Record<string, never>>)[];
};
const scenario = <S>(name: string) => scenarios.find(({ id }) => id === `dstream/${name}`) as S;

/** What the stream that `build` makes gives for an input of a batch a second, and some empty batches after it. */
async function outputOf<T, U>(
  input: readonly T[][],
  build: (stream: DStream<T>) => DStream<U>,
  batches = input.length,
) {
  const driver = new TestDriver();
  const output = driver.collect(build(driver.context.queueStream(input)));
  await driver.runBatches(batches);
  await driver.stop();
  return output.records;
}

const asPair = (word: string): Pair<string, number> => [word, 1];
const asCounts = (records: readonly (readonly Pair<string, unknown>[])[]): Counts[] =>
  records.map((pairs) => Object.fromEntries(pairs));
const add = (a: number, b: number) => a + b;
const subtract = (a: number, b: number) => a - b;

describe('DStreams give what Spark’s suites expect', () => {
  const windows = scenario<{ input: number[][]; cases: { window: number; slide: number; out: number[][] }[] }>(
    'window',
  );
  it.each(windows.cases)('window($window s, $slide s)', async ({ window, slide, out }) => {
    const batches = out.length * slide;
    const got = await outputOf(windows.input, (s) => s.window(window * 1000, slide * 1000), batches);
    expect(got).toEqual(out);
  });

  const byKey = scenario<{ input: string[][]; plain: Counts[]; inverse: Counts[] }>('reduceByKeyAndWindow');
  it('reduceByKeyAndWindow, computed anew', async () => {
    const got = await outputOf(byKey.input, (s) => s.map(asPair).reduceByKeyAndWindow(add, undefined, 2000, 1000));
    expect(asCounts(got)).toEqual(byKey.plain);
  });
  it('reduceByKeyAndWindow with an inverse keeps keys at zero', async () => {
    const got = await outputOf(byKey.input, (s) => s.map(asPair).reduceByKeyAndWindow(add, subtract, 2000, 1000));
    expect(asCounts(got)).toEqual(byKey.inverse);
  });
  it('reduceByKeyAndWindow with an inverse and a filter is the same as computed anew', async () => {
    const filter = ([, count]: Pair<string, number>) => count !== 0;
    const got = await outputOf(byKey.input, (s) =>
      s.map(asPair).reduceByKeyAndWindow(add, subtract, 2000, 1000, { filter }),
    );
    expect(asCounts(got)).toEqual(byKey.plain);
  });

  it('countByWindow', async () => {
    const { input, out } = scenario<{ input: number[][]; out: number[][] }>('countByWindow');
    expect(await outputOf(input, (s) => s.countByWindow(2000, 1000))).toEqual(out);
  });

  it('count', async () => {
    const { input, out } = scenario<{ input: number[][]; out: number[][] }>('count');
    expect(await outputOf(input, (s) => s.count())).toEqual(out);
  });

  const update = scenario<{ input: string[][]; out: Counts[]; initialRDD: Counts; outWithInitial: Counts[] }>(
    'updateStateByKey',
  );
  const sum = (values: readonly number[], state = 0) => values.reduce(add, state);
  it('updateStateByKey', async () => {
    expect(asCounts(await outputOf(update.input, (s) => s.map(asPair).updateStateByKey(sum)))).toEqual(update.out);
  });
  it('updateStateByKey with initial states', async () => {
    const initialState = Object.entries(update.initialRDD) as Pair<string, number>[];
    const got = await outputOf(update.input, (s) => s.map(asPair).updateStateByKey(sum, { initialState }));
    expect(asCounts(got)).toEqual(update.outWithInitial);
  });

  const joins = scenario<Record<'left' | 'right', string[][]> & Record<string, Counts[]>>('joins');
  it.each(['join', 'leftOuter', 'rightOuter', 'fullOuter'] as const)('%s', async (kind) => {
    const method = kind === 'join' ? 'join' : (`${kind}Join` as const);
    const got = await outputOf(joins.left, (left) => {
      const right = left.context.queueStream(joins.right).map((word): Pair<string, string> => [word, 'x']);
      return left.map(asPair)[method](right) as DStream<Pair<string, readonly unknown[]>>;
    });
    const nulls = got.map((pairs) => pairs.map(([key, values]) => [key, values.map((v) => v ?? null)] as const));
    expect(asCounts(nulls)).toEqual(joins[kind]);
  });

  const mapped = scenario<{ input: string[][]; mapped: number[][]; snapshots: Counts[] }>('mapWithState');
  const runningCount = StateSpec.function<string, number, number, number>((_key, value = 0, state) => {
    const count = value + (state.getOption() ?? 0);
    state.update(count);
    return count;
  });
  it('mapWithState', async () => {
    const got = await outputOf(mapped.input, (s) => s.map(asPair).mapWithState(runningCount));
    expect(got).toEqual(mapped.mapped);
  });
  it('mapWithState, its snapshots', async () => {
    const got = await outputOf(mapped.input, (s) => s.map(asPair).mapWithState(runningCount).stateSnapshots());
    expect(asCounts(got)).toEqual(mapped.snapshots);
  });
});

describe('PidRateEstimator gives what Spark’s suite expects', () => {
  type Call = readonly [timeMs: number, n: number, processing: number, scheduling: number, expected: number | null];
  const batchOf = ([timeMs, numRecords, processingDelayMs, schedulingDelayMs]: Call) => {
    return { timeMs, numRecords, processingDelayMs, schedulingDelayMs };
  };

  it('for its calls', () => {
    const { calls } = scenario<{ calls: Call[] }>('pid');
    const estimator = new PidRateEstimator(20, { proportional: 1, integral: 0, derivative: 0, minRate: 10 });
    expect(calls.map((call) => estimator.compute(batchOf(call)) ?? null)).toEqual(calls.map((call) => call[4]));
  });

  it('for a rate that grows with the input', () => {
    const estimator = new PidRateEstimator(20, { proportional: 1, integral: 1, derivative: 0, minRate: 10 });
    const rates = Array.from({ length: 50 }, (_, i) => estimator.compute(batchOf([i * 20, (i + 1) * 20, 20, 0, null])));
    expect(rates).toEqual([undefined, ...Array.from({ length: 49 }, (_, i) => (i + 2) * 1000)]);
  });

  it('never below the lowest rate', () => {
    const estimator = new PidRateEstimator(20, { proportional: 1, integral: 1, derivative: 0, minRate: 5 });
    const rates = Array.from({ length: 50 }, (_, i) => estimator.compute(batchOf([i * 20, 1, 20, 100, null])));
    expect(rates).toEqual([undefined, ...new Array(49).fill(5)]);
  });

  /** Spark's formula, by hand: error = rate − processing rate, dError = its change a second, rate ← rate − D·dError. */
  it('for the change of the error alone', () => {
    const estimator = new PidRateEstimator(1000, { proportional: 0, integral: 0, derivative: 1, minRate: 10 });
    const calls: Call[] = [
      [1000, 1000, 1000, 0, null],
      [2000, 500, 1000, 0, 1000 - (500 - 0) / 1],
      [4000, 300, 1000, 0, 500 - (200 - 500) / 2],
    ];
    expect(calls.map((call) => estimator.compute(batchOf(call)) ?? null)).toEqual(calls.map((call) => call[4]));
  });

  it('and learns nothing from a batch without records, or one that took no time', () => {
    const estimator = new PidRateEstimator(20, { proportional: 1, integral: 0, derivative: 0, minRate: 10 });
    const calls: Call[] = [
      [0, 10, 0, 0, null],
      [10, 0, 10, 0, null],
      [20, 10, 10, 0, null],
      [30, 10, 0, 0, null],
      [40, 20, 10, 0, 2000],
    ];
    expect(calls.map((call) => estimator.compute(batchOf(call)) ?? null)).toEqual(calls.map((call) => call[4]));
  });

  it('refuses weights below zero and a lowest rate of zero', () => {
    expect(() => new PidRateEstimator(20, { integral: -1 })).toThrow('backpressure: expected integral ≥ 0, got -1');
    expect(() => new PidRateEstimator(20, { minRate: 0 })).toThrow('backpressure: expected minRate > 0, got 0');
  });
});
