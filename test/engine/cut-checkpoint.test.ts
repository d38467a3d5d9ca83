import * as assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { type Committed, NOTHING_COMMITTED, type Plan, readCheckpoint } from '../../src/engine/checkpoint.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { WordCounter } from '../flows/word-count/word-counter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** What a run saw of itself: how large the journal was when a plan or a commit had just been written, and what was in force. */
interface Sighting {
  readonly sizeBytes: number;
  readonly committed: Committed;
  readonly pending: Pick<Plan, 'batch' | 'time'> | undefined;
}

/** Runs a program with a counter and a learner, and gives its journal and what it saw after each write to it. */
async function observedRun(directory: string): Promise<{ journal: Buffer; sightings: Sighting[] }> {
  const journal = path.join(directory, 'journal-00000001.log');
  const sightings: Sighting[] = [];
  const words = [['à', 'b', 'à'], [], ['b', 'ç😀'], ['à'], ['d', 'd', 'd']];
  const driver = new TestDriver();
  const { context } = driver;
  context.checkpoint(directory);

  const counter = new WordCounter();
  const model = new StreamingKMeans({ k: 2, decayFactor: 0.3 }).setRandomCenters(2, 0, 5);
  let committed: Committed = NOTHING_COMMITTED;
  const stream = context.queueStream(words).transform((rdd, time) => {
    const pending = { batch: committed.batch + 1, time };
    sightings.push({ sizeBytes: fs.statSync(journal).size, committed, pending });
    return rdd;
  });
  const counts = stream.map((word): Pair<string, number> => [word, 1]).reduceByKey((a, b) => a + b);
  counts.updateFromBatches('WordCounter', counter, (batch) => counter.add(batch.collect()));
  model.trainOn(counts.map(([word, count]) => [word.length / 3, count]));
  context.addStreamingListener({
    onBatchCompleted({ batchId, batchTime, sources, totals }) {
      const offsets = Object.fromEntries(Object.entries(sources).map(([id, { end }]) => [id, end]));
      const states = { WordCounter: counter.snapshot(), StreamingKMeans: model.snapshot() };
      committed = { batch: batchId, time: batchTime, zeroTime: 0, offsets, states, changes: {}, totals };
      sightings.push({ sizeBytes: fs.statSync(journal).size, committed, pending: undefined });
    },
  });
  await context.start();
  sightings.push({ sizeBytes: fs.statSync(journal).size, committed, pending: undefined });
  await driver.runBatches(words.length);
  await driver.stop();
  assert.equal(sightings.length, 1 + 2 * words.length);
  return { journal: fs.readFileSync(journal), sightings };
}

it('a checkpoint cut at any byte is exactly the state of the last whole commit', async () => {
  const { journal, sightings } = await observedRun(await temporaryDirectory(onTestFinished));
  const directory = await temporaryDirectory(onTestFinished);
  const file = path.join(directory, 'journal-00000001.log');
  for (let size = sightings[0]!.sizeBytes; size <= journal.length; size++) {
    fs.writeFileSync(file, journal.subarray(0, size));
    const last = sightings.findLast(({ sizeBytes }) => sizeBytes <= size)!;
    const { committed, pending } = await readCheckpoint(directory);
    expect(snapshotToText(committed), `cut at byte ${size}`).toBe(snapshotToText(last.committed));
    expect(pending && { batch: pending.batch, time: pending.time }, `cut at byte ${size}`).toEqual(last.pending);
  }
});
