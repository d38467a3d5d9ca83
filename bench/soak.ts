/**
 * Runs at a steady rate and prints, every minute, the heap after a forced collection: what grows without end shows. A socket
 * feeds keyed state of bounded size, a sliding window with and without inverse, and a k-means, with a checkpoint.
 *
 *     npm run build && npx tsc -b bench && node --expose-gc .bench/soak.js [MINUTES [BATCH_MS]]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Pair, StreamingContext, StreamingKMeans } from 'millrace';

const MINUTES = Number(process.argv[2] ?? 30);
const ROWS_PER_SECOND = 2000;
const BATCH_MS = Number(process.argv[3] ?? 100);
/** x0 of the SEA generator is in [0, 10). */
const KEYS_A_UNIT = 1000;

const MILLRACE = fileURLToPath(import.meta.resolve('millrace').replace('index.js', 'cli/main.js'));

/** Publishes rows of numbers for ever, to clients that can resume. */
async function publish(): Promise<{ publisher: ChildProcess; port: number }> {
  const args = ['publish', 'generator:sea?seed=7', '--port', '0', '--rate', String(ROWS_PER_SECOND), '--resume'];
  const publisher = spawn(process.execPath, [MILLRACE, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  const port = await new Promise<number>((resolve, reject) => {
    publisher.once('exit', (code) => reject(new Error(`the publisher ended with code ${code}`)));
    publisher.stderr.on('data', (text) => {
      const listening = /on 127\.0\.0\.1:(\d+)/.exec(String(text));
      if (listening !== null) resolve(Number(listening[1]));
    });
  });
  return { publisher, port };
}

function add(a: number, b: number): number {
  return a + b;
}

function subtract(a: number, b: number): number {
  return a - b;
}

function build(context: StreamingContext, port: number): void {
  const rows = context.socketTextStream('127.0.0.1', port, { resume: true }).map((line) => line.split(',').map(Number));
  const byKey = rows.map(([x0]): Pair<number, number> => [Math.floor(x0! * KEYS_A_UNIT), 1]);
  byKey
    .updateStateByKey((ones, total: number = 0) => total + ones.length)
    .count()
    .foreachRDD(() => {});
  byKey
    .reduceByKeyAndWindow(add, subtract, '30 seconds', '1 second', { filter: ([, count]) => count > 0 })
    .count()
    .foreachRDD(() => {});
  rows
    .window('10 seconds', '1 second')
    .count()
    .foreachRDD(() => {});
  const learner = new StreamingKMeans({ k: 5, decayFactor: 0.99 }).setRandomCenters(3, 1, 42);
  learner.trainOn(rows.map((row) => row.slice(0, 3)));
}

async function sizeOf(directory: string): Promise<number> {
  const names = await fs.readdir(directory);
  const sizes = await Promise.all(names.map(async (name) => (await fs.stat(path.join(directory, name))).size));
  return sizes.reduce(add, 0);
}

function print(cells: readonly (string | number)[]): void {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}

const { gc } = globalThis;
if (gc === undefined) throw new Error('run it with node --expose-gc');
const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);

const directory = await fs.mkdtemp(path.join(tmpdir(), 'millrace-soak-'));
const { publisher, port } = await publish();
process.once('SIGINT', () => process.exit(1)).once('SIGTERM', () => process.exit(1));
process.once('exit', () => publisher.kill());
const context = new StreamingContext(BATCH_MS);
context.checkpoint(directory);
build(context, port);

let batches = 0;
let records = 0;
let longestDelayMs = 0;
context.addStreamingListener({
  onBatchCompleted({ totals, totalDelayMs }) {
    ({ batches, records } = totals);
    longestDelayMs = Math.max(longestDelayMs, totalDelayMs);
  },
});
process.stdout.write(
  `${cpus()[0]!.model}, ${cpus().length} cores, Node ${process.version}; ${ROWS_PER_SECOND} rows/s, batches of ${BATCH_MS} ms\n\n`,
);
print([
  'minute',
  'batches',
  'records',
  'heap, MiB',
  'buffers, MiB',
  'resident, MiB',
  'checkpoint, MiB',
  'longest delay, ms',
]);
print(Array.from({ length: 8 }, () => '--:'));

let minute = 0;
async function measure(): Promise<void> {
  await gc!();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const sizes = [heapUsed, arrayBuffers, rss, await sizeOf(directory)].map(megabytes);
  print([minute, batches, records, ...sizes, longestDelayMs.toFixed(0)]);
  longestDelayMs = 0;
  if (minute++ < MINUTES) return;
  clearInterval(timer);
  await context.stop();
  await fs.rm(directory, { recursive: true });
}
const timer = setInterval(() => void measure(), 60_000);
await context.start();
await measure();
await context.awaitTermination();
