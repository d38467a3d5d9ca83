import { LabeledPoint, type StreamingContext, StreamingKMeans, StreamingLinearRegressionWithSGD } from 'millrace';
import { TestDriver } from 'millrace/testing';
import { interleaved, type Measured } from './interleaved.ts';
import { plainKMeans } from './plain-k-means.ts';
import { plainLinear } from './plain-linear.ts';
import { inBatches } from './rows.ts';

const ROWS_PER_BATCH = 10_000;

/** Few features and centres make little work; the rows are then passed so often that a round is long enough to time. */
const DIFFERENCES_A_ROW = 100;

const DECAY_FACTOR = 0.9;
const STEP_SIZE = 0.01;
const ITERATIONS = 50;

/** Training k-means from parsed records, on a stream, against a plain loop. */
export async function kMeansTraining(rows: number[][], data: string, k: number, rounds: number): Promise<Measured> {
  const d = rows[0]!.length;
  const passes = Math.ceil(DIFFERENCES_A_ROW / (d * k));
  const batches = Array.from({ length: passes }, () => inBatches(rows, ROWS_PER_BATCH)).flat();
  const initial = Array.from({ length: k }, (_, j) => rows[j * 97]!);
  let learned: Float64Array = new Float64Array();
  let learnedPlainly: Float64Array = new Float64Array();
  const ours = async () => {
    const learner = new StreamingKMeans({ k, decayFactor: DECAY_FACTOR });
    learner.setInitialCenters(initial, new Array<number>(k).fill(1));
    const elapsed = await timeStream(batches.length, (context) => learner.trainOn(context.queueStream(batches)));
    learned = learner.learnedValues();
    return elapsed;
  };
  const theirs = async () => {
    const start = performance.now();
    learnedPlainly = plainKMeans(batches, initial, DECAY_FACTOR);
    return performance.now() - start;
  };
  const comparison = await interleaved(ours, theirs, rounds);
  checkSame(learned, learnedPlainly);
  return { ...comparison, what: `k-means, d = ${d}, k = ${k}, ${data}`, rows: passes * rows.length };
}

/** Training linear regression from labeled points, on a stream, against a plain loop. Both make all 50 steps a batch. */
export async function linearTraining(rows: number[][], data: string, rounds: number): Promise<Measured> {
  const d = rows[0]!.length;
  const points = rows.map((features) => LabeledPoint(features[0]! - features.at(-1)! / 2, features));
  const batches = inBatches(points, ROWS_PER_BATCH) as { label: number; features: number[] }[][];
  let learned: Float64Array = new Float64Array();
  let learnedPlainly: Float64Array = new Float64Array();
  const ours = async () => {
    const options = { stepSize: STEP_SIZE, numIterations: ITERATIONS, convergenceTol: 0 };
    const learner = new StreamingLinearRegressionWithSGD(options).setInitialWeights(new Float64Array(d));
    const elapsed = await timeStream(batches.length, (context) => learner.trainOn(context.queueStream(batches)));
    learned = learner.latestModel().weights;
    return elapsed;
  };
  const theirs = async () => {
    const start = performance.now();
    learnedPlainly = plainLinear(batches, d, STEP_SIZE, ITERATIONS);
    return performance.now() - start;
  };
  const comparison = await interleaved(ours, theirs, rounds);
  checkSame(learned, learnedPlainly);
  return { ...comparison, what: `linear, d = ${d}, ${ITERATIONS} steps, ${data}`, rows: rows.length };
}

async function timeStream(batches: number, build: (context: StreamingContext) => void): Promise<number> {
  const driver = new TestDriver();
  build(driver.context);
  const start = performance.now();
  await driver.runBatches(batches);
  const elapsed = performance.now() - start;
  await driver.stop();
  return elapsed;
}

/** A comparison means something only where both sides learned the same. */
function checkSame(ours: Float64Array, theirs: Float64Array): void {
  const apart = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!) / Math.max(1, Math.abs(value))));
  if (!(apart < 1e-6)) throw new Error(`the two sides learned different numbers, ${apart} apart`);
}
