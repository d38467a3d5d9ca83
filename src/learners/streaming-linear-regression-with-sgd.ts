import { assembleFeatures, type Examples, type Features, toFeatures } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { isSparse, type LabeledPoint, type Vector } from '../batch/vector.ts';
import { DataError, excerpt, StateError, UsageError } from '../errors.ts';
import { seededRandom } from '../host/random.ts';
import { allFinite, distanceBetween, dot, linearPredictions, sumOf } from '../numeric/linear.ts';
import { columnOf, OnlineLearner } from './online-learner.ts';
import { readSavedLearner } from './saved-learner.ts';

export interface StreamingLinearRegressionOptions {
  /** First step η > 0; step i of a batch is η / √i. Default 0.1. */
  readonly stepSize?: number;
  /** Most steps a batch, ≥ 0. Default 50. */
  readonly numIterations?: number;
  /** Share of the batch's rows that each step looks at, in (0, 1]. Default 1. */
  readonly miniBatchFraction?: number;
  /** L2 penalty λ ≥ 0 on the weights, never on the intercept. Default 0. */
  readonly regParam?: number;
  /** Steps end when the weights move by less than this share of their length, in [0, 1]. Default 0.001. */
  readonly convergenceTol?: number;
  /** Whether an intercept is learned beside the weights. Default false, as in Spark. */
  readonly fitIntercept?: boolean;
}

/** The first seed of the rows that a step draws; step i draws with this plus i, in every batch alike. */
const SAMPLING_SEED = 42;

/**
 * Fits a line to a stream by gradient descent: every batch goes on from the weights that the last one left.
 *
 * Per batch, for i = 1 … numIterations, over the m rows S that the step draws:
 *
 *     g = (1/m) Σ_S (w·x − y) · x        w ← (1 − λ·η/√i) · w − η/√i · g
 *
 * and ends early once two steps differ by less than convergenceTol · max(‖w‖, 1). The loss is the squared error (w·x − y)².
 * An empty batch changes nothing.
 *
 * Unlike Spark's: the L2 penalty works, and an intercept on request is learned and kept from batch to batch.
 * Throws `UsageError` (`bad-option`) on parameters out of range, (`not-initialised`) without initial weights; `DataError`
 * (`not-finite`) when the step is too large for the features. Cost: O(n · d · numIterations) a batch.
 * Source: Apache Spark, StreamingLinearRegressionWithSGD (1.1, 2014).
 */
export class StreamingLinearRegressionWithSGD extends OnlineLearner<LabeledPoint> {
  readonly kind = 'StreamingLinearRegressionWithSGD';
  readonly supervised = true;
  #stepSize = 0.1;
  #numIterations = 50;
  #miniBatchFraction = 1;
  #regParam = 0;
  #convergenceTol = 0.001;
  #fitIntercept = false;
  /** Float64Array[d]; undefined before initialisation. */
  #weights: Float64Array | undefined;
  #intercept = 0;

  constructor(options: StreamingLinearRegressionOptions = {}) {
    super();
    this.setStepSize(options.stepSize ?? this.#stepSize);
    this.setNumIterations(options.numIterations ?? this.#numIterations);
    this.setMiniBatchFraction(options.miniBatchFraction ?? this.#miniBatchFraction);
    this.setRegParam(options.regParam ?? this.#regParam);
    this.setConvergenceTol(options.convergenceTol ?? this.#convergenceTol);
    this.#fitIntercept = options.fitIntercept ?? this.#fitIntercept;
  }

  /** Reads what `save` wrote; the learner goes on as if it had never stopped. */
  static async load(file: string): Promise<StreamingLinearRegressionWithSGD> {
    return StreamingLinearRegressionWithSGD.fromSaved(await readSavedLearner(file, 'StreamingLinearRegressionWithSGD'));
  }

  static fromSaved({ params, state }: { readonly params: SnapshotRecord; readonly state: SnapshotRecord }) {
    const learner = new StreamingLinearRegressionWithSGD(params as StreamingLinearRegressionOptions);
    learner.restore(state);
    return learner;
  }

  setStepSize(stepSize: number): this {
    this.#stepSize = checked(stepSize > 0, stepSize, 'Initial step size must be positive');
    return this;
  }

  setNumIterations(numIterations: number): this {
    const valid = Number.isInteger(numIterations) && numIterations >= 0;
    this.#numIterations = checked(valid, numIterations, 'Number of iterations must be nonnegative');
    return this;
  }

  setMiniBatchFraction(fraction: number): this {
    const valid = fraction > 0 && fraction <= 1;
    this.#miniBatchFraction = checked(valid, fraction, 'Fraction for mini-batch SGD must be in range (0, 1]');
    return this;
  }

  setRegParam(regParam: number): this {
    this.#regParam = checked(regParam >= 0, regParam, 'Regularization parameter must be nonnegative');
    return this;
  }

  setConvergenceTol(tolerance: number): this {
    const valid = tolerance >= 0 && tolerance <= 1;
    this.#convergenceTol = checked(valid, tolerance, 'Convergence tolerance must be in range [0, 1]');
    return this;
  }

  setFitIntercept(fitIntercept: boolean): this {
    this.#fitIntercept = fitIntercept;
    return this;
  }

  /** Starts from d given weights, and an intercept where one is learned. Copies the weights. */
  setInitialWeights(weights: Vector, intercept = 0): this {
    const d = isSparse(weights) ? weights.size : weights.length;
    if (d === 0) throw badOption('Number of initial weights must be positive but got 0');
    if (!Number.isFinite(intercept)) throw badOption(`Initial intercept must be finite but got ${intercept}`);
    const { columns } = assembleFeatures([weights], d, (_, { message }) => {
      throw badOption(`Initial weights: ${message}`);
    }).features;
    this.#weights = Float64Array.from(columns, (column) => column[0]!);
    this.#intercept = intercept;
    return this;
  }

  /** The model of this moment; it does not change when the learner goes on. */
  latestModel(): StreamingLinearRegressionModel {
    return new StreamingLinearRegressionModel(this.#initialised().slice(), this.#intercept);
  }

  get width(): number {
    return this.#initialised().length;
  }

  protected learn({ features, labels }: Examples): number | undefined {
    const { rows: n, columns } = features;
    if (n === 0) return undefined;
    const start = { weights: this.#initialised(), intercept: this.#intercept };
    const errors = new Float64Array(n); // prediction − label, for the iterate at hand
    residuals(columns, start, labels!, errors);
    const loss = dot(errors, errors) / n;
    const end = this.#descend(columns, labels!, start, errors);
    if (!(allFinite(end.weights) && Number.isFinite(end.intercept) && Number.isFinite(loss))) {
      throw new DataError(
        'not-finite',
        `StreamingLinearRegressionWithSGD: weights would leave the finite numbers with step size ${this.#stepSize}; ` +
          'use a smaller one, or scale the features',
      );
    }
    this.#weights = end.weights;
    this.#intercept = end.intercept;
    return loss;
  }

  protected score({ rows, columns }: Features): Float64Array {
    const predictions = new Float64Array(rows);
    linearPredictions(columns, this.#initialised(), this.#intercept, predictions);
    return predictions;
  }

  /** The weights, and then the intercept. */
  learnedValues(): Float64Array {
    return Float64Array.of(...this.#initialised(), this.#intercept);
  }

  params(): SnapshotRecord {
    return {
      stepSize: this.#stepSize,
      numIterations: this.#numIterations,
      miniBatchFraction: this.#miniBatchFraction,
      regParam: this.#regParam,
      convergenceTol: this.#convergenceTol,
      fitIntercept: this.#fitIntercept,
    };
  }

  snapshot(): SnapshotRecord {
    return { weights: this.#initialised().slice(), intercept: this.#intercept };
  }

  restore(snapshot: SnapshotRecord): void {
    const saved = snapshot['weights'];
    const d = this.#weights?.length ?? (saved instanceof Float64Array ? saved.length : 0);
    const weights = columnOf(snapshot, 'weights', d, this.kind);
    const intercept = snapshot['intercept'];
    if (d === 0 || typeof intercept !== 'number') {
      throw new StateError(
        'does-not-fit',
        `${this.kind}: expected saved weights and an intercept, got ${d} weights and the intercept ${excerpt(intercept)}`,
      );
    }
    this.#weights = weights;
    this.#intercept = intercept;
  }

  /** The batch's steps from `start`; `errors` comes in as the residuals of `start`, and is overwritten. */
  #descend(columns: readonly Float64Array[], labels: Float64Array, start: Line, errors: Float64Array): Line {
    let line = start;
    for (let i = 1; i <= this.#numIterations; i++) {
      if (i > 1) residuals(columns, line, labels, errors);
      const m =
        this.#miniBatchFraction < 1 ? keepSample(errors, this.#miniBatchFraction, SAMPLING_SEED + i) : errors.length;
      if (m === 0) continue;
      const before = line;
      line = this.#step(columns, errors, m, this.#stepSize / Math.sqrt(i), before);
      if (before !== start && this.#hasConverged(before, line)) break;
    }
    return line;
  }

  #step(
    columns: readonly Float64Array[],
    errors: Float64Array,
    m: number,
    step: number,
    { weights, intercept }: Line,
  ): Line {
    const shrink = 1 - step * this.#regParam;
    return {
      weights: weights.map((w, f) => shrink * w - step * (dot(errors, columns[f]!) / m)),
      intercept: this.#fitIntercept ? intercept - step * (sumOf(errors) / m) : intercept,
    };
  }

  #hasConverged(before: Line, after: Line): boolean {
    const moved = Math.hypot(distanceBetween(before.weights, after.weights), before.intercept - after.intercept);
    const length = Math.hypot(Math.sqrt(dot(after.weights, after.weights)), this.#fitIntercept ? after.intercept : 0);
    return moved < this.#convergenceTol * Math.max(length, 1);
  }

  #initialised(): Float64Array {
    if (this.#weights !== undefined) return this.#weights;
    throw new UsageError(
      'not-initialised',
      'StreamingLinearRegressionWithSGD: Model must be initialized before starting training; call setInitialWeights',
    );
  }
}

/** Weights and intercept at one moment. It never changes. */
export class StreamingLinearRegressionModel {
  /** Float64Array[d]. */
  readonly weights: Float64Array;
  readonly intercept: number;

  constructor(weights: Float64Array, intercept: number) {
    this.weights = weights;
    this.intercept = intercept;
  }

  /** w·x + intercept. */
  predict(point: Vector): number {
    const prediction = new Float64Array(1);
    linearPredictions(toFeatures([point], this.weights.length).columns, this.weights, this.intercept, prediction);
    return prediction[0]!;
  }
}

interface Line {
  readonly weights: Float64Array;
  readonly intercept: number;
}

function residuals(columns: readonly Float64Array[], line: Line, labels: Float64Array, out: Float64Array): void {
  linearPredictions(columns, line.weights, line.intercept, out);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! - labels[i]!;
}

/** Zeroes the errors of the rows that are not drawn, each with probability 1 − fraction, and counts those that are. */
function keepSample(errors: Float64Array, fraction: number, seed: number): number {
  const random = seededRandom(seed);
  let kept = 0;
  for (let i = 0; i < errors.length; i++) {
    if (random.next() < fraction) kept++;
    else errors[i] = 0;
  }
  return kept;
}

function checked(valid: boolean, value: number, rule: string): number {
  if (valid) return value;
  throw badOption(`${rule} but got ${value}`);
}

function badOption(message: string): UsageError {
  return new UsageError('bad-option', `StreamingLinearRegressionWithSGD: ${message}`);
}
