/** Measures training against plain loops, and what an empty batch costs. `npm run bench`, or `… -- quick` for fewer rounds. */
import { cpus } from 'node:os';
import { emptyBatchCost } from './empty-batches.ts';
import { flightRows, normalRows } from './rows.ts';
import { kMeansTraining, linearTraining, type TrainingResult } from './training.ts';

const ROWS = 100_000;
const ROUNDS = process.argv.includes('quick') ? 5 : 15;

const write = (text: string) => void process.stdout.write(`${text}\n`);

const { model } = cpus()[0]!;
write(`${model}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS} interleaved rounds.\n`);

write('| training, from parsed records | Millrace, rows/s | plain loop, rows/s | time ÷ plain | quartiles |');
write('|---|---|---|---|---|');
for (const d of [2, 10, 50]) {
  const [rows, data] = d === 2 ? [await flightRows(ROWS), 'flights'] : [normalRows(ROWS, d), 'normal'];
  for (const k of [2, 10, 50]) write(trainingRow(await kMeansTraining(rows, data, k, ROUNDS)));
  write(trainingRow(await linearTraining(rows, data, ROUNDS)));
}

write('\n| an empty batch | processor time, ms | flushes |');
write('|---|---|---|');
for (const checkpoint of ['without', 'with'] as const) {
  const { processorMs, flushes } = await emptyBatchCost(checkpoint);
  write(`| ${checkpoint} a checkpoint | ${processorMs.toFixed(3)} | ${flushes} |`);
}

function trainingRow({ what, rows, ours, theirs, ratio: [lower, median, upper] }: TrainingResult): string {
  const perSecond = (milliseconds: number) => `${((rows / milliseconds) * 1e-3).toFixed(2)} M`;
  return `| ${what} | ${perSecond(ours)} | ${perSecond(theirs)} | ${median.toFixed(2)} | ${lower.toFixed(2)}–${upper.toFixed(2)} |`;
}
