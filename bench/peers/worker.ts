/**
 * Millrace's side of `compare.py`: reads rows from a file, then one job a line from standard input, and answers each with the
 * seconds of the processor that it took and how many rows it went over. `node .bench/peers/worker.js rows.bin`
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Examples, LabeledPoint, type OnlineLearner, type Vector } from 'millrace';
import { TestDriver } from 'millrace/testing';
import { newLearner } from '../learner-list.ts';

interface Job {
  readonly learner: string;
  readonly task: 'train' | 'predict';
  readonly from: 'matrix' | 'records';
  /** It goes over the rows until that took so long. */
  readonly leastSeconds: number;
}

const ROWS_PER_BATCH = 10_000;

const batches = batchesOf(readRows(process.argv[2]!));
const points = batches.map(({ features: { rows, columns }, labels }) =>
  Array.from({ length: rows }, (_, i) =>
    LabeledPoint(
      labels[i]!,
      columns.map((column) => column[i]!),
    ),
  ),
);
const vectors = points.map((batch) => batch.map(({ features }) => features));
const d = batches[0]!.features.columns.length;

for await (const line of createInterface({ input: process.stdin })) {
  const measured = await run(JSON.parse(line) as Job);
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

async function run({ learner: name, task, from, leastSeconds }: Job): Promise<[seconds: number, rows: number]> {
  const learner = newLearner(name, d);
  if (task === 'predict') for (const batch of batches) learner.update(withLabelsFor(learner, batch));
  let [seconds, rows] = [0, 0];
  while (seconds < leastSeconds) {
    seconds += from === 'matrix' ? onMatrix(learner, task) : await onRecords(learner, task);
    for (const { labels } of batches) rows += labels.length;
  }
  return [seconds, rows];
}

function onMatrix(learner: OnlineLearner<never>, task: Job['task']): number {
  const start = process.cpuUsage();
  for (const batch of batches) {
    if (task === 'train') learner.update(withLabelsFor(learner, batch));
    else learner.predict(batch.features);
  }
  return secondsSince(start);
}

/** Of the processor: what else the machine does counts little. */
function secondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Through a stream, from one object a record. */
async function onRecords(learner: OnlineLearner<never>, task: Job['task']): Promise<number> {
  const driver = new TestDriver();
  const queue = <T>(records: readonly (readonly T[])[]) => driver.context.queueStream<T>(records);
  if (task === 'predict') learner.predictOn(queue<Vector>(vectors)).foreachRDD(() => {});
  else learner.trainOn(queue<LabeledPoint | Vector>(learner.supervised ? points : vectors) as never);
  const start = process.cpuUsage();
  await driver.runBatches(batches.length);
  const seconds = secondsSince(start);
  await driver.stop();
  return seconds;
}

interface Labeled {
  readonly features: Examples['features'];
  readonly labels: Float64Array;
}

function batchesOf({ features: { rows, columns }, labels }: Labeled): Labeled[] {
  return Array.from({ length: Math.ceil(rows / ROWS_PER_BATCH) }, (_, batch) => {
    const [start, end] = [batch * ROWS_PER_BATCH, Math.min(rows, (batch + 1) * ROWS_PER_BATCH)];
    return {
      features: { rows: end - start, columns: columns.map((column) => column.slice(start, end)) },
      labels: labels.slice(start, end),
    };
  });
}

function withLabelsFor({ supervised }: OnlineLearner<never>, { features, labels: ys }: Labeled): Examples {
  return supervised ? { features, labels: ys } : { features };
}

/** n, d, then the columns, then the labels: numbers of 8 bytes. */
function readRows(file: string): Labeled {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const numbers = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const [rows, width] = numbers as unknown as [number, number];
  const column = (j: number) => numbers.slice(2 + j * rows, 2 + (j + 1) * rows);
  return { features: { rows, columns: Array.from({ length: width }, (_, j) => column(j)) }, labels: column(width) };
}
