import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LogisticRegression, RandomForestClassifier, Table } from 'millrace/pipelines';
import { noisyClasses } from './pipeline-work.ts';

export interface FitWork {
  readonly what: string;
  /** As `bench/peers/scikit-learn-fits.py` calls it. */
  readonly peer: 'logistic' | 'forest';
  readonly rows: number;
  readonly features: number;
  /** How many threads scikit-learn gets, one run each; ours has one. */
  readonly threads: readonly number[];
  /** Fits, and gives the coefficients where it has some. */
  fit(table: Table): Float64Array;
}

/** Seconds of processor time, round by round. */
export interface Fits {
  readonly ours: readonly number[];
  /** By how many threads scikit-learn had. */
  readonly theirs: ReadonlyMap<number, readonly PeerFit[]>;
  /** How far the coefficients are apart at most. */
  readonly apart: number;
}

interface PeerFit {
  readonly seconds: number;
  readonly wallSeconds: number;
  readonly coefficients: readonly number[];
}

/** Each to the same place as scikit-learn, by their own defaults but for the penalty. */
export const FIT_WORKS: readonly FitWork[] = [
  {
    what: 'logistic regression',
    peer: 'logistic',
    rows: 1_000_000,
    features: 20,
    threads: [1, 2],
    fit(table) {
      const estimator = new LogisticRegression({ regParam: 1 / table.rows, standardization: false });
      return estimator.fit(table).learned.coefficientMatrix.values;
    },
  },
  {
    what: 'a forest of 100 trees of depth 8',
    peer: 'forest',
    rows: 20_000,
    features: 10,
    threads: [1],
    fit(table) {
      new RandomForestClassifier({ numTrees: 100, maxDepth: 8 }).fit(table);
      return new Float64Array();
    },
  },
];

/** In turns with scikit-learn, on the same rows. */
export function fitsOf(work: FitWork, rounds: number, directory: string, python: string | undefined): Fits {
  const { columns, labels } = noisyClasses(work.rows, work.features);
  const matrix = { rows: work.rows, columns };
  const table = Table.of({ features: { type: 'vector', matrix }, label: { type: 'double', values: labels } });
  const file = path.join(directory, `${work.peer}.f64`);
  if (python !== undefined) writeRows(file, columns, labels);
  const ours: number[] = [];
  const theirs = new Map<number, PeerFit[]>(work.threads.map((threads) => [threads, []]));
  let apart = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const coefficients = work.fit(table);
    const { user, system } = process.cpuUsage(before);
    ours.push((user + system) / 1e6);
    for (const [threads, fits] of python === undefined ? [] : theirs) {
      const fit = peerFit(python!, work, file, threads);
      fits.push(fit);
      apart = Math.max(apart, ...fit.coefficients.map((each, j) => Math.abs(each - coefficients[j]!)));
    }
  }
  return { ours, theirs, apart };
}

function peerFit(python: string, { peer, features }: FitWork, file: string, threads: number): PeerFit {
  const script = fileURLToPath(new URL('../bench/peers/scikit-learn-fits.py', import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const { stdout, stderr, status } = spawnSync(python, [script, peer, file, String(features)], {
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`${python} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Row after row, the label last. */
function writeRows(file: string, columns: readonly Float64Array[], labels: Float64Array): void {
  const width = columns.length + 1;
  const rows = new Float64Array(labels.length * width);
  for (let i = 0; i < labels.length; i++) {
    columns.forEach((column, j) => {
      rows[i * width + j] = column[i]!;
    });
    rows[i * width + columns.length] = labels[i]!;
  }
  fs.writeFileSync(file, new Uint8Array(rows.buffer));
}
