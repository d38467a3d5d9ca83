/** Measures training against plain loops, and what an empty batch costs. `npm run bench`, or `… -- quick` for fewer rounds. */
import { cpus } from 'node:os';
import { emptyBatchCost } from './empty-batches.ts';
import { abtestCommand, bytesPerUnit, perUnitAggregation } from './experiments.ts';
import type { Measured } from './interleaved.ts';
import { batchLatency } from './latency.ts';
import { flightRows, normalRows } from './rows.ts';
import { stateCommitCost } from './state-commits.ts';
import { streamingWork } from './stream-work.ts';
import { kMeansTraining, linearTraining } from './training.ts';

const ROWS = 100_000;
const ROUNDS = process.argv.includes('quick') ? 5 : 15;

const write = (text: string) => void process.stdout.write(`${text}\n`);

const { model } = cpus()[0]!;
write(`${model}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS} interleaved rounds.\n`);

write('| training, from parsed records | Millrace, rows/s | plain loop, rows/s | time ÷ plain | quartiles |');
write('|---|---|---|---|---|');
for (const d of [2, 10, 50]) {
  const [rows, data] = d === 2 ? [await flightRows(ROWS), 'flights'] : [normalRows(ROWS, d), 'normal'];
  for (const k of [2, 10, 50]) write(comparisonRow(await kMeansTraining(rows, data, k, ROUNDS)));
  write(comparisonRow(await linearTraining(rows, data, ROUNDS)));
}

write(
  '\n| records in memory, through a stream | Millrace, records/s | plain loop, records/s | time ÷ plain | quartiles |',
);
write('|---|---|---|---|---|');
for (const result of streamingWork(ROUNDS)) write(comparisonRow(await result));
write(comparisonRow(await perUnitAggregation(ROUNDS)));
write(comparisonRow(await abtestCommand(ROUNDS)));
write(`\nAn A/B test by user holds ${(await bytesPerUnit()).toFixed(0)} bytes a user, of a million.`);

write('\n| an empty batch | processor time, ms | flushes |');
write('|---|---|---|');
for (const checkpoint of ['without', 'with'] as const) {
  const { processorMs, flushes } = await emptyBatchCost(checkpoint);
  write(`| ${checkpoint} a checkpoint | ${processorMs.toFixed(3)} | ${flushes} |`);
}

write('\n| 10⁶ keys with a state | time, ms |');
write('|---|---|');
const { commitMs, commitMeanwhileMs, longestCommitMs, restartMs } = await stateCommitCost();
write(`| a commit of 10⁴ changed keys, besides the flush | ${commitMs.toFixed(1)} |`);
write(`| the same while the journal is made short | ${commitMeanwhileMs.toFixed(1)} |`);
write(`| the longest of all | ${longestCommitMs.toFixed(0)} |`);
write(`| a restart | ${restartMs.toFixed(0)} |`);

write('\n| 50,000 records/s, counted by key with state | p50, ms | p99, ms |');
write('|---|---|---|');
for (const batchDurationMs of [100, 10, 1]) {
  const { batches, p50Ms, p99Ms } = await batchLatency(batchDurationMs);
  write(
    `| from batch time to commit, every ${batchDurationMs} ms (${batches} batches) | ${p50Ms.toFixed(2)} | ${p99Ms.toFixed(2)} |`,
  );
}

function comparisonRow({ what, rows, ours, theirs, ratio: [lower, median, upper] }: Measured): string {
  const perSecond = (milliseconds: number) => `${((rows / milliseconds) * 1e-3).toFixed(2)} M`;
  return `| ${what} | ${perSecond(ours)} | ${perSecond(theirs)} | ${median.toFixed(2)} | ${lower.toFixed(2)}–${upper.toFixed(2)} |`;
}
