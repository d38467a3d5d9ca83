/**
 * Measures every learner at d = 2, 10, 30 and 100, on one core and on two: `node .bench/learners.js [quick] [rates|aims|threads …] [d …]
 * [learner …]`, all of each where none is named. `peers/compare.py` and `peers/trees.py` put them beside other programs.
 */
import { cpus } from 'node:os';
import { measuredAims } from './learner-aims.ts';
import { LEARNERS } from './learner-list.ts';
import { learnerRate, type Rate } from './learner-rates.ts';
import { twoThreads } from './two-threads.ts';

const isQuick = process.argv.includes('quick');
const ROUNDS = isQuick ? 3 : 9;

const asked = process.argv.slice(2).filter((each) => each !== 'quick');
/** Those of a kind that were named; all where none was. */
const named = (all: readonly string[]) => {
  const chosen = all.filter((each) => asked.includes(each));
  return chosen.length > 0 ? chosen : all;
};
const TABLES = named(['aims', 'rates', 'threads']);
const WIDTHS = named(['2', '10', '30', '100']).map(Number);
const NAMES = named(Object.keys(LEARNERS));

const write = (text: string) => void process.stdout.write(`${text}\n`);

const { model } = cpus()[0]!;
write(
  `${model}, ${cpus().length} cores, Node ${process.version}; medians of ${ROUNDS} interleaved rounds; processor time, where there are two threads that of the busier one.`,
);

if (TABLES.includes('aims')) {
  write('\n| on one core | aim, rows/s | measured |\n|---|---|---|');
  for await (const { what, aim, rowsPerSecond } of measuredAims(ROUNDS)) {
    write(`| ${what} | ${shown(aim)} | ${shown(rowsPerSecond)} |`);
  }
}

if (TABLES.includes('rates')) {
  write('\nRows/s on one core, and in brackets how many times as fast as a plain loop.\n');
  write('| learner | d | trains, matrix | trains, records | predicts, matrix | predicts, records |');
  write('|---|---|---|---|---|---|');
  for (const name of NAMES) {
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

if (TABLES.includes('threads')) {
  write('\nRows/s from a matrix, on one thread and on two, each with half of the rows.\n');
  write('| learner | d | trains on one | on two | times | predicts on one | on two | times |');
  write('|---|---|---|---|---|---|---|---|');
  for (const name of NAMES) {
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
