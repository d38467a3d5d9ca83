import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LogisticRegression, Table } from 'millrace/pipelines';
import { noisyClasses } from './pipeline-work.ts';

const ROWS = 1_000_000;
const FEATURES = 20;

/** Seconds of processor time, round by round. */
export interface Fits {
  readonly rows: number;
  readonly features: number;
  readonly ours: readonly number[];
  /** By how many threads scikit-learn had. */
  readonly theirs: ReadonlyMap<number, readonly PeerFit[]>;
  /** How far the coefficients are apart at most. */
  readonly apart: number;
}

export interface PeerFit {
  readonly seconds: number;
  readonly wallSeconds: number;
  readonly coefficients: readonly number[];
}

/** In turns with scikit-learn, on the same rows, each to the same place; both by their own defaults but for the penalty. Ours is on one thread. */
export function logisticFits(rounds: number, directory: string, python: string | undefined): Fits {
  const { columns, labels } = noisyClasses(ROWS, FEATURES);
  const matrix = { rows: ROWS, columns };
  const table = Table.of({ features: { type: 'vector', matrix }, label: { type: 'double', values: labels } });
  const estimator = new LogisticRegression({ regParam: 1 / ROWS, standardization: false });
  const file = path.join(directory, 'rows.f64');
  if (python !== undefined) writeRows(file, columns, labels);
  const ours: number[] = [];
  const theirs = new Map<number, PeerFit[]>([1, 2].map((threads) => [threads, []]));
  let apart = 0;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const { learned } = estimator.fit(table);
    const { user, system } = process.cpuUsage(before);
    ours.push((user + system) / 1e6);
    for (const [threads, fits] of python === undefined ? [] : theirs) {
      const fit = peerFit(python!, file, threads);
      fits.push(fit);
      const far = fit.coefficients.map((each, j) => Math.abs(each - learned.coefficientMatrix.values[j]!));
      apart = Math.max(apart, ...far);
    }
  }
  return { rows: ROWS, features: FEATURES, ours, theirs, apart };
}

function peerFit(python: string, file: string, threads: number): PeerFit {
  const script = fileURLToPath(new URL('../bench/peers/scikit-learn-logistic.py', import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) };
  const { stdout, stderr, status } = spawnSync(python, [script, file, String(FEATURES)], { encoding: 'utf8', env });
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
