/**
 * Runs a great many batches on a clock that stands still, and prints how large the checkpoint gets and how long a restart
 * takes: neither may grow with the number of batches.
 *
 *     npm run build && npx tsc -b bench && node .bench/long-run.js [BATCHES]
 */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Pair } from 'millrace';
import { TestDriver } from 'millrace/testing';

const BATCHES = Number(process.argv[2] ?? 100_000);
const ROWS_A_BATCH = 20;
const KEYS = 10_000;
const STEPS = 10;

/** Counts each key for all time and over the last thirty batches. */
function build(checkpoint: string, startMs: number): TestDriver {
  const driver = new TestDriver({ startMs });
  driver.context.checkpoint(checkpoint);
  const pairs = driver.context
    .rateStream({ rowsPerSecond: ROWS_A_BATCH })
    .map(({ value }): Pair<number, number> => [value % KEYS, 1]);
  pairs
    .updateStateByKey((ones, total: number = 0) => (ones.length === 0 ? total : total + ones.length))
    .foreachRDD(() => {});
  pairs
    .reduceByKeyAndWindow(add, (a, b) => a - b, '30 seconds', '1 second', { filter: ([, count]) => count > 0 })
    .foreachRDD(() => {});
  return driver;
}

function add(a: number, b: number): number {
  return a + b;
}

async function sizeOf(directory: string): Promise<number> {
  const names = await fs.readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await fs.stat(path.join(directory, name))).size));
  return sizes.reduce(add, 0);
}

function print(cells: readonly (string | number)[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const checkpoint = await fs.mkdtemp(path.join(tmpdir(), 'millrace-long-run-'));
print(['batches', 'largest checkpoint, MiB', 'start before them, ms', 'seconds']);
print(['--:', '--:', '--:', '--:']);
for (let step = 0; step < STEPS; step++) {
  const driver = build(checkpoint, 1000 * step * (BATCHES / STEPS));
  const startedMs = performance.now();
  await driver.start();
  const startMs = performance.now() - startedMs;
  let largest = 0;
  for (let n = 0; n < BATCHES / STEPS; n++) {
    await driver.runBatches(1);
    driver.progress.length = 0;
    if (n % 10 === 0) largest = Math.max(largest, await sizeOf(checkpoint));
  }
  await driver.stop();
  const seconds = (performance.now() - startedMs) / 1000;
  print([((step + 1) * BATCHES) / STEPS, (largest / 2 ** 20).toFixed(1), startMs.toFixed(0), seconds.toFixed(0)]);
}
const last = build(checkpoint, 1000 * BATCHES);
const startedMs = performance.now();
await last.start();
process.stdout.write(`the last restart took ${(performance.now() - startedMs).toFixed(0)} ms\n`);
await last.stop();
await fs.rm(checkpoint, { recursive: true });
