/**
 * Measures scoring and fitting pipelines: `node .bench/pipelines.js [quick] [logistic|forest|text|fit …]`, all of them where none is named. With `PYTHON`,
 * one that has scikit-learn and pyarrow, beside that in the same run.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { quantile } from 'simple-statistics';
import type { Took } from './busiest-thread.ts';
import { FIT_WORKS, type FitWork, fitsOf } from './pipeline-fits.ts';
import { type ScoringSide, scoringSides } from './pipeline-scoring.ts';
import { forestWork, logisticWork, type PipelineWork, textWork } from './pipeline-work.ts';

const isQuick = process.argv.includes('quick');
const ROUNDS = isQuick ? 5 : 15;
const WARM_UP_ROUNDS = 2;
const FIT_ROUNDS = isQuick ? 3 : 7;
const WORKS: Readonly<Record<string, () => Promise<PipelineWork>>> = {
  logistic: () => logisticWork(500_000),
  forest: () => forestWork(50_000),
  text: () => textWork(50_000),
};

const python = process.env['PYTHON'];
const named = process.argv.slice(2).filter((each) => each !== 'quick');
const isAsked = (name: string) => named.length === 0 || named.includes(name);
const write = (text: string) => void process.stdout.write(`${text}\n`);

const { model } = os.cpus()[0]!;
write(
  `${model}, ${os.cpus().length} cores, Node ${process.version}; medians of ${ROUNDS} interleaved rounds; rows a second.`,
);
if (python === undefined) write('scikit-learn is left out: give PYTHON, one that has it.');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'millrace-bench-'));
try {
  for (const [name, work] of Object.entries(WORKS)) if (isAsked(name)) await scoring(await work());
  if (isAsked('fit')) for (const work of FIT_WORKS) fitting(work);
} finally {
  fs.rmSync(directory, { recursive: true, force: true });
}

async function scoring(work: PipelineWork): Promise<void> {
  write(`\n| ${work.what} | by the wall clock | by its busiest thread’s processor time |`);
  write('|---|---|---|');
  const sides: ScoringSide[] = [];
  for await (const side of scoringSides(work, directory, python)) sides.push(side);
  const times = new Map<ScoringSide, Took[]>(sides.map((side) => [side, []]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const side of sides) {
      const time = await side.score();
      if (round >= 0) times.get(side)!.push(time);
    }
  }
  for (const [{ what, rows }, all] of times) {
    const rate = (ms: (each: Took) => number) => `${((rows / median(all.map(ms))) * 1e-3).toFixed(3)} M`;
    write(`| ${what} | ${rate(({ wallMs }) => wallMs)} | ${rate(({ busiestMs }) => busiestMs)} |`);
  }
  for (const side of sides) await side.close();
}

function fitting(work: FitWork): void {
  const { what, rows, features } = work;
  const { ours, theirs, apart } = fitsOf(work, FIT_ROUNDS, directory, python);
  write(`\n| fitting ${what}, ${rows} × ${features} | seconds of processor time | ours ÷ theirs | by the wall clock |`);
  write('|---|---|---|---|');
  write(`| Millrace | ${median(ours).toFixed(2)} | | |`);
  if (python === undefined) return;
  for (const [threads, fits] of theirs) {
    const ratio = median(ours.map((each, i) => each / fits[i]!.seconds));
    const seconds = median(fits.map((fit) => fit.seconds));
    const wall = median(fits.map(({ wallSeconds }) => wallSeconds));
    write(`| scikit-learn, threads: ${threads} | ${seconds.toFixed(2)} | ${ratio.toFixed(2)} | ${wall.toFixed(2)} |`);
  }
  if (apart > 0) write(`\nCoefficients at most ${apart.toExponential(1)} apart.`);
}

function median(values: readonly number[]): number {
  return quantile([...values], 0.5);
}
