/**
 * Measures fitting and scoring pipelines, in processor time, so that what else the machine does counts little: `node .bench/pipelines.js`; with `PYTHON`, one that has scikit-learn, against that too.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from 'millrace';
import {
  LogisticRegression,
  Pipeline,
  type PipelineStage,
  RandomForestClassifier,
  StandardScaler,
  Table,
  VectorAssembler,
} from 'millrace/pipelines';

const ROUNDS = process.argv.includes('quick') ? 3 : 9;
const BATCH_ROWS = 100_000;
const SCORED_FEATURES = 10;
const FIT_ROWS = 1_000_000;
const FIT_FEATURES = 20;

/** Processor time of this process, all its threads, milliseconds. */
const processorMs = () => Object.values(process.cpuUsage()).reduce((sum, each) => sum + each, 0) / 1000;

const write = (text: string) => void process.stdout.write(`${text}\n`);

write('| scoring | rows a second of processor time |');
write('|---|---|');
await scoring('assembler, scaler, logistic regression', new LogisticRegression());
await scoring(
  'assembler, scaler, forest of 100 trees of depth 8',
  new RandomForestClassifier({ numTrees: 100, maxDepth: 8 }),
);

write(`\n| fitting logistic regression, ${FIT_ROWS} × ${FIT_FEATURES} | seconds of processor time |`);
write('|---|---|');
await fitting();

async function scoring(what: string, last: PipelineStage): Promise<void> {
  const names = Array.from({ length: SCORED_FEATURES }, (_, j) => `x${j}`);
  const pipeline = new Pipeline({
    stages: [
      new VectorAssembler({ inputCols: names, outputCol: 'assembled' }),
      new StandardScaler({ inputCol: 'assembled', outputCol: 'features', withMean: true }),
      last,
    ],
  });
  const { columns, labels } = noisyClasses(BATCH_ROWS, SCORED_FEATURES);
  const named = names.map((name, j) => [name, { type: 'double', values: columns[j]! }] as const);
  const table = Table.of(named);
  const model = await pipeline.fit(table.withColumn('label', { type: 'double', values: labels }));
  const times: number[] = [];
  for (let round = -3; round < ROUNDS; round++) {
    const start = processorMs();
    await model.transform(table);
    if (round >= 0) times.push(processorMs() - start);
  }
  write(`| ${what}, ${SCORED_FEATURES} features | ${((BATCH_ROWS / median(times)) * 1e-3).toFixed(2)} M |`);
}

/** In turns with scikit-learn, on the same rows, each to the same place; both by their own defaults but for the penalty. */
async function fitting(): Promise<void> {
  const { columns, labels } = noisyClasses(FIT_ROWS, FIT_FEATURES);
  const matrix = { rows: FIT_ROWS, columns };
  const table = Table.of({ features: { type: 'vector', matrix }, label: { type: 'double', values: labels } });
  const estimator = new LogisticRegression({ regParam: 1 / FIT_ROWS, standardization: false });
  const python = process.env['PYTHON'];
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'millrace-bench-'));
  try {
    if (python !== undefined) writeRows(path.join(directory, 'rows.f64'), columns, labels);
    const ours: number[] = [];
    const theirs: number[] = [];
    let apart = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const start = processorMs();
      const { learned } = estimator.fit(table);
      ours.push((processorMs() - start) / 1000);
      if (python === undefined) continue;
      const peer = peerFit(python, path.join(directory, 'rows.f64'));
      theirs.push(peer.seconds);
      apart = Math.max(...peer.coefficients.map((each, j) => Math.abs(each - learned.coefficientMatrix.values[j]!)));
    }
    write(`| Millrace | ${median(ours).toFixed(2)} |`);
    if (python === undefined) return write('| scikit-learn, lbfgs | not measured: give PYTHON, one that has it |');
    write(`| scikit-learn, lbfgs | ${median(theirs).toFixed(2)} |`);
    write(
      `\nTime ÷ scikit-learn's: ${(median(ours.map((each, i) => each / theirs[i]!))).toFixed(2)}; coefficients at most ${apart.toExponential(1)} apart.`,
    );
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function peerFit(python: string, file: string): { seconds: number; coefficients: number[] } {
  const script = fileURLToPath(new URL('../bench/peers/scikit-learn-logistic.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(python, [script, file, String(FIT_FEATURES)], { encoding: 'utf8' });
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

/** Uniform features, and classes that they tell but for noise. */
function noisyClasses(n: number, d: number): { columns: Float64Array[]; labels: Float64Array } {
  const random = seededRandom(3);
  const columns = Array.from({ length: d }, () => Float64Array.from({ length: n }, () => 4 * random.next() - 2));
  const labels = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let margin = 6 * random.next() - 3;
    columns.forEach((column, j) => {
      margin += (column[i]! * (j - d / 3)) / d;
    });
    labels[i] = margin > 0 ? 1 : 0;
  }
  return { columns, labels };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
