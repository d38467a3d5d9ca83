import { assembleFeatures, type Examples, type Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { isSparse, type LabeledPoint, type Vector } from '../batch/vector.ts';
import { DataError, excerpt, StateError, UsageError } from '../errors.ts';
import { DescentRows } from '../numeric/descent-rows.ts';
import { allFinite, type Link, linearPredictions, sumOf } from '../numeric/linear.ts';
import { type RowLossName, sumOfRowLosses } from '../numeric/row-loss.ts';
import { rowsThatWeigh } from '../numeric/rows-where.ts';
import { checkOption } from './check-option.ts';
import { type DescentOptions, gradientDescent, type LinearWeights } from './gradient-descent.ts';
import { columnOf, countOf, OnlineLearner } from './online-learner.ts';

/** Whether the steps begin anew with each batch, as in Spark, or go on and become ever smaller over the whole stream. */
export type StepSchedule = 'perBatch' | 'continuing';

export interface StreamingLinearOptions {
  /** First step η > 0; step i is η / √i. Default 0.1. */
  readonly stepSize?: number;
  /** Most steps a batch, ≥ 0. Default 50. */
  readonly numIterations?: number;
  /** Share of the batch's rows that each step looks at, in (0, 1]. Default 1. */
  readonly miniBatchFraction?: number;
  /** Penalty λ ≥ 0 on the weights, never on the intercept. Default 0. */
  readonly regParam?: number;
  /** Share of the penalty that is L1, in [0, 1]; the rest is L2. Default 0. */
  readonly elasticNetParam?: number;
  /** Steps end when the weights move by less than this share of their length, in [0, 1]. Default 0.001. */
  readonly convergenceTol?: number;
  /** Whether an intercept is learned beside the weights. Default false, as in Spark. */
  readonly fitIntercept?: boolean;
  /** Default `perBatch`, as in Spark; `continuing` settles on a stream that does not drift. */
  readonly schedule?: StepSchedule;
  /** Retention α ≥ 0 of the weights from before a batch: 1 averages over all of the past. Default 0, as in Spark. */
  readonly decayFactor?: number;
}

const LOSSES: Readonly<Record<Link, RowLossName>> = { identity: 'squared', logistic: 'logistic' };

/**
 * What Spark's streaming linear methods share: parameters, weights, and one gradient descent a batch that goes on from the
 * weights that the last one left. With α = decayFactor and m the weight of the batch, whose descent ends at v:
 *
 *     w ← (α·n·w + m·v) / (α·n + m)        n ← α·n + m
 */
export abstract class StreamingLinearAlgorithm extends OnlineLearner<LabeledPoint> {
  readonly supervised = true;
  #stepSize = 0.1;
  #numIterations = 50;
  #miniBatchFraction = 1;
  #regParam = 0;
  #elasticNetParam = 0;
  #convergenceTol = 0.001;
  #fitIntercept = false;
  #schedule: StepSchedule = 'perBatch';
  #decayFactor = 0;
  /** Float64Array[d]; undefined before initialisation. */
  #weights: Float64Array | undefined;
  #intercept = 0;
  /** Steps taken, for the schedule `continuing`. */
  #steps = 0;
  /** Weight n of the rows behind the weights, decayed. */
  #rowsBehind = 0;

  /** Whether the loss is that of a line or of a border between two classes. */
  protected abstract readonly link: Link;

  /** Called by constructors, which can't call a setter before the class has its name. */
  protected setOptions(options: StreamingLinearOptions): void {
    this.setStepSize(options.stepSize ?? this.#stepSize);
    this.setNumIterations(options.numIterations ?? this.#numIterations);
    this.setMiniBatchFraction(options.miniBatchFraction ?? this.#miniBatchFraction);
    this.setRegParam(options.regParam ?? this.#regParam);
    this.setElasticNetParam(options.elasticNetParam ?? this.#elasticNetParam);
    this.setConvergenceTol(options.convergenceTol ?? this.#convergenceTol);
    this.setFitIntercept(options.fitIntercept ?? this.#fitIntercept);
    this.setSchedule(options.schedule ?? this.#schedule);
    this.setDecayFactor(options.decayFactor ?? this.#decayFactor);
  }

  setStepSize(stepSize: number): this {
    this.#stepSize = this.checked(stepSize > 0, stepSize, 'Initial step size must be positive');
    return this;
  }

  setNumIterations(numIterations: number): this {
    const valid = Number.isInteger(numIterations) && numIterations >= 0;
    this.#numIterations = this.checked(valid, numIterations, 'Number of iterations must be nonnegative');
    return this;
  }

  setMiniBatchFraction(fraction: number): this {
    const valid = fraction > 0 && fraction <= 1;
    this.#miniBatchFraction = this.checked(valid, fraction, 'Fraction for mini-batch SGD must be in range (0, 1]');
    return this;
  }

  setRegParam(regParam: number): this {
    this.#regParam = this.checked(regParam >= 0, regParam, 'Regularization parameter must be nonnegative');
    return this;
  }

  setElasticNetParam(share: number): this {
    this.#elasticNetParam = this.checked(share >= 0 && share <= 1, share, 'L1 share must be in range [0, 1]');
    return this;
  }

  setConvergenceTol(tolerance: number): this {
    const valid = tolerance >= 0 && tolerance <= 1;
    this.#convergenceTol = this.checked(valid, tolerance, 'Convergence tolerance must be in range [0, 1]');
    return this;
  }

  setFitIntercept(fitIntercept: boolean): this {
    this.#fitIntercept = fitIntercept;
    return this;
  }

  setSchedule(schedule: StepSchedule): this {
    const valid = schedule === 'perBatch' || schedule === 'continuing';
    this.#schedule = this.checked(valid, schedule, "Schedule must be 'perBatch' or 'continuing'");
    return this;
  }

  setDecayFactor(decayFactor: number): this {
    const valid = decayFactor >= 0 && Number.isFinite(decayFactor);
    this.#decayFactor = this.checked(valid, decayFactor, 'Decay factor must be nonnegative');
    return this;
  }

  /** Starts from d given weights, and an intercept where one is learned. Copies the weights. */
  setInitialWeights(weights: Vector, intercept = 0): this {
    const d = isSparse(weights) ? weights.size : weights.length;
    this.checked(d > 0, d, 'Number of initial weights must be positive');
    this.checked(Number.isFinite(intercept), intercept, 'Initial intercept must be finite');
    const { columns } = assembleFeatures([weights], d, (_, { message }) => {
      throw new UsageError('bad-option', `${this.kind}: Initial weights: ${message}`);
    }).features;
    this.#weights = Float64Array.from(columns, (column) => column[0]!);
    this.#intercept = intercept;
    return this;
  }

  get width(): number {
    return this.#initialised().length;
  }

  protected learn({ features, labels, weights }: Examples): number | undefined {
    const { rows: n, columns } = features;
    const total = weights === undefined ? n : sumOf(weights);
    if (total === 0) return undefined;
    const start = this.latestWeights();
    const rows = new DescentRows(rowsThatWeigh({ columns, labels: labels!, weights }));
    const margins = rows.margins(start.weights, start.intercept);
    const { end, steps } = gradientDescent(rows, start, this.#descent());
    const loss = sumOfRowLosses(LOSSES[this.link], margins, rows.labels, rows.weights) / total;
    const past = this.#decayFactor * this.#rowsBehind;
    const mixed = mixture(start, end, total / (past + total));
    if (!(allFinite(mixed.weights) && Number.isFinite(mixed.intercept) && Number.isFinite(loss))) {
      throw new DataError(
        'not-finite',
        `${this.kind}: weights would leave the finite numbers with step size ${this.#stepSize}; ` +
          'use a smaller one, or scale the features',
      );
    }
    this.#weights = mixed.weights;
    this.#intercept = mixed.intercept;
    this.#steps = this.#schedule === 'continuing' ? steps : 0;
    this.#rowsBehind = past + total;
    return loss;
  }

  /** w·x + b of each row, Float64Array[n]. */
  protected margins({ rows, columns }: Features): Float64Array {
    const margins = new Float64Array(rows);
    linearPredictions(columns, this.#initialised(), this.#intercept, margins);
    return margins;
  }

  /** A copy of the weights, and the intercept. */
  protected latestWeights(): LinearWeights {
    return { weights: this.#initialised().slice(), intercept: this.#intercept };
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
      elasticNetParam: this.#elasticNetParam,
      convergenceTol: this.#convergenceTol,
      fitIntercept: this.#fitIntercept,
      schedule: this.#schedule,
      decayFactor: this.#decayFactor,
    };
  }

  protected learned(): SnapshotRecord {
    return { ...this.latestWeights(), steps: this.#steps, rowsBehind: this.#rowsBehind };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
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
    const steps = countOf(snapshot, 'steps', this.kind);
    this.#rowsBehind = countOf(snapshot, 'rowsBehind', this.kind);
    this.#steps = steps;
    this.#weights = weights;
    this.#intercept = intercept;
  }

  /** The value, if it is valid. Throws `UsageError` (`bad-option`) with the rule that it breaks. */
  protected checked<V>(valid: boolean, value: V, rule: string): V {
    return checkOption(this.kind, valid, value, rule);
  }

  #descent(): DescentOptions {
    return {
      stepSize: this.#stepSize,
      numIterations: this.#numIterations,
      stepsBefore: this.#steps,
      miniBatchFraction: this.#miniBatchFraction,
      l1: this.#regParam * this.#elasticNetParam,
      l2: this.#regParam * (1 - this.#elasticNetParam),
      convergenceTol: this.#convergenceTol,
      fitIntercept: this.#fitIntercept,
      link: this.link,
    };
  }

  #initialised(): Float64Array {
    if (this.#weights !== undefined) return this.#weights;
    throw new UsageError(
      'not-initialised',
      `${this.kind}: Model must be initialized before starting training; call setInitialWeights`,
    );
  }
}

/** before + share · (after − before), exactly `after` for a share of 1. */
function mixture(before: LinearWeights, after: LinearWeights, share: number): LinearWeights {
  if (share === 1) return after;
  return {
    weights: after.weights.map((w, f) => (1 - share) * before.weights[f]! + share * w),
    intercept: (1 - share) * before.intercept + share * after.intercept,
  };
}
