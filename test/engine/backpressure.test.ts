import { describe, expect, it } from 'vitest';
import { PidRateEstimator } from '../../src/engine/pid-rate-estimator.ts';
import type { RateOptions } from '../../src/engine/rate-control.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { type Arrival, ScheduledSource } from './scheduled-source.ts';

/** One record a millisecond for twenty seconds, and a job that needs two milliseconds for each. */
const arrivals = Array.from({ length: 20_000 }, (_, i): Arrival<number> => [i + 1, i]);
const MS_A_RECORD = 2;
const JOB_RATE = 1000 / MS_A_RECORD;

/** Runs the job until it has taken every record. */
async function runJob(options: RateOptions, kind?: 'not replayable') {
  const driver = new TestDriver(options);
  const { clock, context, progress } = driver;
  const taken: number[] = [];
  context.sourceStream(new ScheduledSource(arrivals, kind), { id: 'fast' }).foreachRDD((rdd) => {
    taken.push(...rdd.collect());
    clock.advance(MS_A_RECORD * rdd.count());
  });
  await context.start();
  while (taken.length < arrivals.length) {
    await Promise.race([clock.sleeping(), context.awaitTermination()]);
    clock.advance(1000 - (clock.now() % 1000));
  }
  await driver.stop();
  return { taken, progress, sizes: progress.map(({ numRecords }) => numRecords) };
}

describe('a job that is slower than its input', () => {
  it('without backpressure falls further behind with every batch', async () => {
    const { progress } = await runJob({});
    const inputBatches = progress.filter(({ numRecords }) => numRecords > 0);
    expect(inputBatches.map(({ schedulingDelayMs }) => schedulingDelayMs)).toEqual(
      Array.from({ length: 20 }, (_, batch) => batch * (MS_A_RECORD * 1000 - 1000)),
    );
    expect(progress[0]!.rateLimits).toEqual({});
  });

  it('with backpressure takes no more than it can do, and every record once', async () => {
    const backpressure = { enabled: true, initialRate: 300 };
    const { taken, progress, sizes } = await runJob({ backpressure });
    expect(taken).toEqual(arrivals.map(([, record]) => record));
    expect(sizes.slice(0, 2)).toEqual([300, 300]);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(JOB_RATE);
    expect(Math.max(...progress.map(({ schedulingDelayMs }) => schedulingDelayMs))).toBe(0);
  });

  it('says in its progress which rate was in force: what the estimator made of the batches before', async () => {
    const { progress } = await runJob({ backpressure: { enabled: true, initialRate: 300, proportional: 0.5 } });
    const estimator = new PidRateEstimator(1000, { proportional: 0.5 });
    let expected = 300;
    for (const { batchTime, numRecords, processingTimeMs, schedulingDelayMs, totalDelayMs, rateLimits } of progress) {
      expect(rateLimits).toEqual({ fast: expected });
      const delays = { processingDelayMs: processingTimeMs, schedulingDelayMs };
      expected = estimator.compute({ timeMs: batchTime + totalDelayMs, numRecords, ...delays }) ?? expected;
    }
  });

  it('with a maximum rate takes no more in any batch', async () => {
    const { taken, sizes } = await runJob({ maxRate: 450 });
    expect(taken).toHaveLength(arrivals.length);
    expect(Math.max(...sizes)).toBe(450);
  });

  it('is held to the same rate where the source can not be read again', async () => {
    const backpressure = { enabled: true, initialRate: 300 };
    const { taken, sizes } = await runJob({ backpressure }, 'not replayable');
    expect(taken).toEqual(arrivals.map(([, record]) => record));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(JOB_RATE);
  });
});
