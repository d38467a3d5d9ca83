import { describe, expect, it, onTestFinished } from 'vitest';
import type { DStream } from '../../src/dstream/dstream.ts';
import { UsageError } from '../../src/errors.ts';
import { BinarySample, StreamingTest, type StreamingTestResult } from '../../src/experiments/streaming-test.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { outputsOf } from '../dstream/outputs-of.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A wall clock: not zero, as on a manual one. */
const NOW = Date.UTC(2026, 0, 5, 12);

const tested = (test: StreamingTest) => (stream: DStream<BinarySample>) => test.registerStream(stream);

function samples(seed: number, batches: number, perArm: number): BinarySample[][] {
  const random = seededRandom(seed);
  return Array.from({ length: batches }, () =>
    Array.from({ length: 2 * perArm }, (_, i) => BinarySample(i % 2 === 0, nextNormal(random))),
  );
}

/** Each result without what is the same in all, and to ten digits. */
function figuresOf(outputs: readonly (readonly StreamingTestResult[])[]) {
  return outputs.map(([result]) => {
    if (result?.status !== 'tested') return result?.reason;
    return [result.pValue, result.degreesOfFreedom, result.statistic].map((value) => value.toPrecision(10));
  });
}

describe('StreamingTest', () => {
  it('gives t the sign of experiment − control, whichever comes first', async () => {
    const [low, high] = [[1, 2, 3], [11, 12, 13]] as const; // biome-ignore format: one line
    const arm = (isExperiment: boolean, values: readonly number[]) => values.map((v) => BinarySample(isExperiment, v));
    for (const batch of [
      [...arm(true, high), ...arm(false, low)],
      [...arm(false, low), ...arm(true, high)],
    ]) {
      const [[result]] = (await outputsOf([batch], tested(new StreamingTest()))) as [[StreamingTestResult]];
      expect(result).toMatchObject({ status: 'tested', nullHypothesis: 'Both groups have same mean' });
      expect(result.status === 'tested' && result.statistic).toBeCloseTo(10 / Math.sqrt(2 / 3), 12);
    }
  });

  it('drops the batches of the peace period on a wall clock too, as if they had never been', async () => {
    const batches = samples(1, 7, 20);
    const options = { startMs: NOW };
    const afterPeace = await outputsOf(batches, tested(new StreamingTest().setPeacePeriod(3)), options);
    const withoutThem = await outputsOf(batches.slice(3), tested(new StreamingTest()), options);
    expect(afterPeace.slice(0, 3)).toEqual([[], [], []]);
    expect(afterPeace.slice(3)).toEqual(withoutThem);
  });

  it('looks back on a window of batches, and forgets what is before it', async () => {
    const batches = samples(2, 6, 10);
    const windowed = await outputsOf(batches, tested(new StreamingTest().setWindowSize(2)));
    for (let last = 1; last < 6; last++) {
      const alone = await outputsOf([batches.slice(last - 1, last + 1).flat()], tested(new StreamingTest()));
      expect(figuresOf([windowed[last]!])).toEqual(figuresOf(alone));
    }
  });

  it('says what is too little, and goes on: one arm, one sample, no variance', async () => {
    const inputs = [
      [],
      [BinarySample(true, 1), BinarySample(true, 2)],
      [BinarySample(false, 1)],
      [BinarySample(false, 4), BinarySample(false, 5)],
    ];
    const outputs = await outputsOf(inputs, tested(new StreamingTest()));
    expect(outputs.map(([result]) => result?.status)).toEqual([
      undefined,
      'insufficient data',
      'insufficient data',
      'tested',
    ]);
    expect(figuresOf(outputs).slice(0, 3)).toEqual([
      undefined,
      'the control has 0 samples; a test needs 2',
      'the control has 1 samples; a test needs 2',
    ]);
    const same = [true, true, false, false].map((arm) => BinarySample(arm, 7));
    expect(figuresOf(await outputsOf([same], tested(new StreamingTest())))).toEqual([
      'all values of an arm are the same, in both arms',
    ]);
  });

  it('gives the same however the samples are cut into batches', async () => {
    const all = samples(3, 1, 200)[0]!;
    const last = async (size: number) => {
      const inputs = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.slice(i * size, (i + 1) * size),
      );
      return (await outputsOf(inputs, tested(new StreamingTest()))).at(-1)![0]!;
    };
    const whole = await last(400);
    for (const size of [1, 7, 60]) {
      const cut = await last(size);
      if (cut.status !== 'tested' || whole.status !== 'tested') throw new Error('expected tests');
      expect(Math.abs(cut.pValue - whole.pValue)).toBeLessThan(1e-12);
      expect(Math.abs(cut.statistic - whole.statistic)).toBeLessThan(1e-12);
    }
  });

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const batches = samples(4, 6, 10);
    const neverStopped = await outputsOf(batches, tested(new StreamingTest().setPeacePeriod(1).setWindowSize(3)));
    const directory = await temporaryDirectory(onTestFinished);
    const resumed: (readonly StreamingTestResult[])[] = [];
    for (const end of [2, 4, 6]) {
      const driver = new TestDriver({ startMs: (end - 2) * 1000 });
      driver.context.checkpoint(directory);
      const test = new StreamingTest().setPeacePeriod(1).setWindowSize(3).id('t-test');
      const outputs = driver.collect(test.registerStream(driver.context.queueStream(batches.slice(0, end))));
      await driver.runBatches(2);
      await driver.stop();
      resumed.push(...outputs.records);
    }
    expect(resumed).toEqual(neverStopped);
  });

  it('refuses a sample that is no number, as the policy for bad records says', async () => {
    const bad = [BinarySample(true, Number.NaN), BinarySample(true, 1)];
    await expect(outputsOf([bad], tested(new StreamingTest()))).rejects.toThrow(/expected a finite value/);
    const skipped = await outputsOf([bad], tested(new StreamingTest()), { badRecords: 'skip' });
    expect(figuresOf(skipped)).toEqual(['the control has 0 samples; a test needs 2']);
  });

  it.each([
    () => new StreamingTest().setPeacePeriod(-1),
    () => new StreamingTest().setWindowSize(1.5),
    () => new StreamingTest().setTestMethod('Welch' as 'welch'),
  ])('refuses %s', (set) => {
    expect(set).toThrow(UsageError);
  });
});
