import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { StreamingKMeans } from 'millrace';
import { TestDriver } from 'millrace/testing';
import { flushTimer } from './flushes.ts';

const BATCHES = 2000;

export interface EmptyBatchCost {
  /** Processor time of this process a batch, user and system, milliseconds. */
  readonly processorMs: number;
  /** Calls to flush a file to disk, a batch. */
  readonly flushes: number;
}

/** What the core itself costs: a program with one learner, and batches without a record. */
export async function emptyBatchCost(checkpoint: 'without' | 'with'): Promise<EmptyBatchCost> {
  const directory = checkpoint === 'with' ? await fs.mkdtemp(path.join(tmpdir(), 'millrace-bench-')) : undefined;
  const driver = new TestDriver();
  if (directory !== undefined) driver.context.checkpoint(directory);
  const learner = new StreamingKMeans({ decayFactor: 0.9 }).setRandomCenters(2, 1, 1);
  learner.trainOn(driver.context.queueStream<number[]>([]));
  await driver.runBatches(BATCHES / 4); // warm up
  const flushes = directory === undefined ? undefined : await flushTimer(directory);
  const before = process.cpuUsage();
  await driver.runBatches(BATCHES);
  const { user, system } = process.cpuUsage(before);
  flushes?.stop();
  await driver.stop();
  if (directory !== undefined) await fs.rm(directory, { recursive: true });
  return { processorMs: (user + system) / 1000 / BATCHES, flushes: (flushes?.count() ?? 0) / BATCHES };
}
