import { describe, expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { PrometheusEndpoint } from '../../src/metrics/index.ts';
import { Receiver } from '../../src/sources/receiver.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function endpointOf(driver: TestDriver): Promise<PrometheusEndpoint> {
  const endpoint = await PrometheusEndpoint.listen(driver.context, { port: 0 });
  onTestFinished(async () => {
    await driver.stop();
    await endpoint.close();
  });
  return endpoint;
}

/** The samples of a page, by name and labels. */
async function samplesOf({ url }: PrometheusEndpoint): Promise<Record<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^millrace_(?:streaming_)?(.+) (\S+)$/.exec(line)!;
      return [name, Number(value)];
    }),
  );
}

describe('the Prometheus endpoint', () => {
  it("serves Spark's gauges, brought up to date by every batch", async () => {
    const driver = new TestDriver({ badRecords: 'skip' });
    driver.context.checkpoint(await temporaryDirectory(onTestFinished));
    const words = driver.context
      .queueStream([
        ['a', 'b', 'a'],
        ['b', ''],
      ])
      .map((word): Pair<string, number> => {
        if (word === '') throw new Error('no word');
        return [word, 1];
      });
    words
      .updateStateByKey<string, number, number>((ones, sum = 0) => sum + ones.length)
      .id('counts')
      .foreachRDD(() => driver.clock.advance(40));
    const endpoint = await endpointOf(driver);
    expect(await samplesOf(endpoint)).toMatchObject({
      totalCompletedBatches: 0,
      runningBatches: 0,
      lastCompletedBatch_processingDelay: -1,
      lastReceivedBatch_records: -1,
    });

    await driver.runBatches(1);
    const { journalBytes } = driver.progress[0]!.state;
    expect(journalBytes).toBeGreaterThan(0);
    expect(await samplesOf(endpoint)).toEqual({
      receivers: 0,
      totalCompletedBatches: 1,
      totalReceivedRecords: 3,
      totalProcessedRecords: 3,
      totalRejectedRecords: 0,
      unprocessedBatches: 0,
      runningBatches: 0,
      lastCompletedBatch_submissionTime: 1000,
      lastCompletedBatch_processingStartTime: 1000,
      lastCompletedBatch_processingEndTime: 1040,
      lastCompletedBatch_processingDelay: 40,
      lastCompletedBatch_schedulingDelay: 0,
      lastCompletedBatch_totalDelay: 40,
      lastReceivedBatch_submissionTime: 1000,
      lastReceivedBatch_processingStartTime: 1000,
      lastReceivedBatch_processingEndTime: 1040,
      lastReceivedBatch_records: 3,
      state_rows: 2,
      state_journalBytes: journalBytes,
      'metric{name="counts.keys"}': 2,
    });

    await driver.runBatches(1);
    expect(await samplesOf(endpoint)).toMatchObject({
      totalCompletedBatches: 2,
      totalProcessedRecords: 5,
      totalRejectedRecords: 1,
      lastReceivedBatch_records: 2,
    });
  });

  it('shows the batch that is running', async () => {
    const driver = new TestDriver();
    const seen: Record<string, number>[] = [];
    driver.context.queueStream([[1, 2], [3]]).foreachRDD(async () => void seen.push(await samplesOf(endpoint)));
    const endpoint = await endpointOf(driver);
    await driver.runBatches(2);
    expect(seen).toMatchObject([
      {
        runningBatches: 1,
        unprocessedBatches: 1,
        totalReceivedRecords: 2,
        totalProcessedRecords: 0,
        lastCompletedBatch_submissionTime: -1,
        lastReceivedBatch_submissionTime: 1000,
        lastReceivedBatch_processingEndTime: -1,
      },
      {
        totalReceivedRecords: 3,
        totalProcessedRecords: 2,
        lastCompletedBatch_submissionTime: 1000,
        lastReceivedBatch_submissionTime: 2000,
        lastReceivedBatch_processingEndTime: -1,
      },
    ]);
  });

  it('counts the receivers that are active', async () => {
    class Silent extends Receiver<number> {
      override onStart(): void {}
      override onStop(): void {}
    }
    const driver = new TestDriver();
    const [first, second] = [new Silent(), new Silent()];
    for (const receiver of [first, second]) driver.context.receiverStream(receiver).foreachRDD(() => {});
    const endpoint = await endpointOf(driver);
    await driver.start();
    expect(await samplesOf(endpoint)).toMatchObject({ receivers: 2 });
    first.stop('done');
    await driver.runBatches(1);
    expect(await samplesOf(endpoint)).toMatchObject({ receivers: 1 });
  });

  it('is on this machine only, and has but one page', async () => {
    const endpoint = await endpointOf(new TestDriver());
    expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const page = await fetch(endpoint.url);
    expect(page.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect((await fetch(new URL('/', endpoint.url))).status).toBe(404);
    expect((await fetch(endpoint.url, { method: 'POST' })).status).toBe(404);
  });

  it('refuses a port that is taken', async () => {
    const driver = new TestDriver();
    const port = Number(new URL((await endpointOf(driver)).url).port);
    await expect(PrometheusEndpoint.listen(driver.context, { port })).rejects.toThrow(
      `metrics: can't listen on 127.0.0.1:${port} (listen EADDRINUSE`,
    );
  });

  it('closes twice without harm, and then listens to no batch', async () => {
    const driver = new TestDriver();
    driver.collect(driver.context.queueStream([[1]]));
    const endpoint = await endpointOf(driver);
    const { url } = endpoint;
    await endpoint.close();
    await endpoint.close();
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    await driver.runBatches(1);
    expect(driver.progress).toHaveLength(1);
  });
});
