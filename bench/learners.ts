/**
 * Measures every learner at d = 2, 10, 30 and 100, on one core and on two: `node .bench/learners.js [quick] [rates|aims|threads …]`, all of them
 * where none is named. `peers/compare.py` and `peers/trees.py` put them beside other programs.
 */
import { cpus } from 'node:os';
import { measuredAims } from './learner-aims.ts';
import { LEARNERS } from './learner-list.ts';
import { learnerRate, type Rate } from './learner-rates.ts';
import { twoThreads } from './two-threads.ts';

const isQuick = process.argv.includes('quick');
const ROUNDS = isQuick ? 3 : 9;
const WIDTHS = [2, 10, 30, 100];

const named = process.argv.slice(2).filter((each) => each !== 'quick');
const isAsked = (name: string) => named.length === 0 || named.includes(name);
const write = (text: string) => void process.stdout.write(`${text}\n`);

const { model } = cpus()[0]!;
write(
  `${model}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS} interleaved rounds; processor time of the busiest thread.`,
);

if (isAsked('aims')) {
  write('\n| on one core | aim, rows/s | measured |\n|---|---|---|');
  for await (const { what, aim, rowsPerSecond } of measuredAims(ROUNDS)) {
    write(`| ${what} | ${shown(aim)} | ${shown(rowsPerSecond)} |`);
  }
}

if (isAsked('rates')) {
  write('\nRows/s on one core, and in brackets how many times as fast as a plain loop.\n');
  write('| learner | d | trains, matrix | trains, records | predicts, matrix | predicts, records |');
  write('|---|---|---|---|---|---|');
  for (const name of Object.keys(LEARNERS)) {
    for (const d of WIDTHS) {
      const cells: string[] = [];
      for (const task of ['train', 'predict'] as const) {
        for (const from of ['matrix', 'records'] as const)
          cells.push(cell(await learnerRate(name, d, task, from, ROUNDS)));
      }
      write(`| ${name} | ${d} | ${cells.join(' | ')} |`);
    }
  }
}

if (isAsked('threads')) {
  write('\nRows/s from a matrix, on one thread and on two, each with half of the rows.\n');
  write('| learner | d | trains on one | on two | times | predicts on one | on two | times |');
  write('|---|---|---|---|---|---|---|---|');
  for (const name of Object.keys(LEARNERS)) {
    for (const d of WIDTHS) {
      const cells: string[] = [];
      for (const task of ['train', 'predict'] as const) {
        const { one, two } = await twoThreads(name, d, task, ROUNDS);
        cells.push(shown(one), shown(two), (two / one).toFixed(2));
      }
      write(`| ${name} | ${d} | ${cells.join(' | ')} |`);
    }
  }
}

function cell({ rowsPerSecond, timesPlain }: Rate): string {
  return timesPlain === undefined ? shown(rowsPerSecond) : `${shown(rowsPerSecond)} (${timesPlain.toFixed(1)})`;
}

function shown(rowsPerSecond: number): string {
  return rowsPerSecond >= 1e5 ? `${(rowsPerSecond * 1e-6).toFixed(2)} M` : `${(rowsPerSecond * 1e-3).toFixed(1)} k`;
}
