/** Spark's `StreamingTestSuite`: its samples, and what scipy 1.17.1, `ttest_ind`, gives for them. Spark's own numbers differ. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BinarySample, StreamingTest, type StreamingTestResult } from '../../src/experiments/streaming-test.ts';
import { tTest } from '../../src/experiments/t-test.ts';
import { Moments } from '../../src/numeric/moments.ts';
import { outputsOf } from '../dstream/outputs-of.ts';
import { expectClose } from './expect-close.ts';

/** The samples that Spark's suite makes, by scenario and batch. */
function samplesOf(scenario: string): BinarySample[][] {
  const text = readFileSync(new URL('streaming-test-samples.csv', import.meta.url), 'utf8');
  const batches: BinarySample[][] = [];
  for (const line of text.trimEnd().split('\n')) {
    const [name, batch, isExperiment, value] = line.split(',');
    if (name !== scenario) continue;
    batches[Number(batch)] ??= [];
    batches[Number(batch)]!.push(BinarySample(isExperiment === '1', Number(value)));
  }
  return batches;
}

async function resultsOf(scenario: string, test: StreamingTest): Promise<readonly StreamingTestResult[]> {
  const outputs = await outputsOf(samplesOf(scenario), (stream) => test.registerStream(stream));
  return outputs.flat();
}

const figure = (results: readonly StreamingTestResult[], name: 'pValue' | 'statistic' | 'degreesOfFreedom') =>
  results.map((result) => (result.status === 'tested' ? result[name] : Number.NaN));

describe("StreamingTest on the samples of Spark's suite", () => {
  it('null hypothesis, Welch', async () => {
    const results = await resultsOf('null', new StreamingTest());
    expect(results.map(({ method }) => method)).toEqual(Array(2).fill("Welch's 2-sample t-test"));
    expectClose(figure(results, 'pValue'), [0.34661216358181557, 0.6773843869180526], 1e-12);
    expectClose(figure(results, 'statistic'), [-0.9416259959627564, -0.41609610729504964], 1e-12);
    expectClose(figure(results, 'degreesOfFreedom'), [997.382773701972, 1997.117627933837], 1e-12);
    for (const p of figure(results, 'pValue')) expect(p).toBeGreaterThan(0.05);
  });

  it('alternative hypothesis, Welch', async () => {
    const results = await resultsOf('alt', new StreamingTest());
    expectClose(figure(results, 'statistic'), [-315.142, -444.359], 2e-6);
    expect(figure(results, 'pValue')).toEqual([0, 0]);
  });

  it('null hypothesis, Student', async () => {
    const results = await resultsOf('null', new StreamingTest().setTestMethod('student'));
    expect(results.map(({ method }) => method)).toEqual(Array(2).fill("Student's 2-sample t-test"));
    expect(figure(results, 'degreesOfFreedom')).toEqual([998, 1998]);
    expectClose(figure(results, 'pValue'), [0.34661202260108703, 0.6773843671749251], 1e-12);
    for (const p of figure(results, 'pValue')) expect(p).toBeGreaterThan(0.05);
  });

  it('alternative hypothesis, Student', async () => {
    const results = await resultsOf('alt', new StreamingTest().setTestMethod('student'));
    expect(figure(results, 'pValue')).toEqual([0, 0]);
  });
});

describe('the t-test', () => {
  const a = Moments.of([1, 2, 3, 4, 5]);
  const b = Moments.of([2, 4, 6, 8, 10, 12]);

  it('gives what scipy gives, where population variances would turn the verdict round', () => {
    expect(tTest(a, b, 'student').pValue).toBeCloseTo(0.0539459, 7);
    const welch = tTest(a, b, 'welch');
    expect(welch.pValue).toBeCloseTo(0.0492843, 7);
    expect(welch.degreesOfFreedom).toBeCloseTo(6.9723, 4);
  });

  it("gives GrowthBook's degrees of freedom and p-value for sums of 3,407 and 3,461 users", () => {
    const control = fromSums(3407, 1396.87, 52377.9767);
    const experiment = fromSums(3461, 2422.7, 134698.29);
    const { difference, standardError, statistic, degreesOfFreedom, pValue } = tTest(control, experiment);
    expectClose([difference, standardError], [0.29, 0.12478363158758794], 1e-13);
    expectClose([statistic, pValue], [2.3240227609215203, 0.020158402643589035], 1e-12);
    expect(degreesOfFreedom / 5841.742032093565).toBeCloseTo(1, 12);
  });
});

/** The moments of n values with this sum and sum of squares. */
function fromSums(n: number, sum: number, squares: number): Moments {
  return Moments.fromValues(1, Float64Array.of(n, sum / n, squares - (sum * sum) / n));
}
