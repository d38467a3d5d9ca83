import type { Examples, Features } from '../batch/examples.ts';
import { assembleFeatures } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { isSparse, type Vector, type WeightedVector } from '../batch/vector.ts';
import { DataError, StateError, UsageError } from '../errors.ts';
import { arbitrarySeed } from '../host/random.ts';
import { splitHeaviestForDying } from '../numeric/dying-cluster.ts';
import { allFinite, sumOf } from '../numeric/linear.ts';
import { clusterSums, nearestCenters } from '../numeric/nearest-center.ts';
import { XorShiftRandom } from '../numeric/xor-shift-random.ts';
import { checkDecay } from './check-option.ts';
import { type CenterChoice, type CenterMethod, checkedChoice, chosenCenters } from './chosen-centers.ts';
import { columnOf, countOf, OnlineLearner } from './online-learner.ts';
import { StreamingKMeansModel } from './streaming-k-means-model.ts';

/** What the decay factor is applied to: once a batch, or once for every point of the batch. */
export type TimeUnit = 'batches' | 'points';

/**
 * What becomes of a cluster's weight: n ← α·n + m, as Spark's code does (`decayed`), or n ← n + m, as Spark's guide and much
 * course material print it (`undecayed`), where α weighs the old centre in the average but the count is never discounted.
 */
export type CountRule = 'decayed' | 'undecayed';

export interface StreamingKMeansOptions {
  /** Number of clusters, k ≥ 1. Default 2. */
  readonly k?: number;
  /** Retention α ≥ 0: 1 keeps all of the past, 0 only the last batch. Default 1. */
  readonly decayFactor?: number;
  /** Default `batches`. */
  readonly timeUnit?: TimeUnit;
  /** Default `decayed`. */
  readonly countRule?: CountRule;
  /** How the first rows choose the centres. Absent: they are set, given or random. */
  readonly initialCenters?: CenterMethod;
  /** Number of features, d ≥ 1; where the first rows choose. */
  readonly numFeatures?: number;
  /** Seed of that choice, a whole number. Default 42. */
  readonly seed?: number;
}

/**
 * Clusters a stream by k-means that forgets. Use it when the number of clusters is known and they drift; to compare how fast
 * it should forget, see `LearnerComparison`.
 *
 * Per batch, with α = decayFactor (α^N for the time unit `points`, N the weight of the whole batch):
 *
 *     x̄_j, m_j = mean and weight of the points nearest to centre c_j
 *     c_j ← (α·n_j·c_j + m_j·x̄_j) / (α·n_j + m_j)        n_j ← α·n_j + m_j
 *
 * Then, if min n < 1e-8 · max n, the lightest cluster takes over half of the heaviest: both weigh (max + min)/2 and stand
 * 1e-14 apart. Ties between centres go to the lowest index. An empty batch decays the weights and moves nothing.
 *
 * With `initialCenters`, the first batch that has rows first chooses the centres: `k-means++` k of the rows, `k-means||` means of many
 * such rows, which suits large k. Its loss is that of the chosen ones.
 *
 * Unlike Spark's: arrays passed in or given out are copies, sparse points work, and a saved model keeps its weights.
 * Throws `UsageError` (`bad-option`) on parameters out of range, (`not-initialised`) without initial centres.
 * Cost: O(n · k · d) a batch. Source: Apache Spark, StreamingKMeans (1.2, 2014); Sculley, Web-Scale K-Means Clustering, 2010.
 */
export class StreamingKMeans extends OnlineLearner<Vector | WeightedVector> {
  readonly kind = 'StreamingKMeans';
  readonly supervised = false;
  #k = 2;
  #decayFactor = 1;
  #timeUnit: TimeUnit = 'batches';
  #countRule: CountRule = 'decayed';
  /** How the first rows choose the centres, where they do. */
  #choice: CenterChoice | undefined;
  /** Whether the centres were set, or chosen. */
  #seeded = false;
  /** Float64Array[k·d], centre after centre; empty before initialisation. */
  #centers: Float64Array = new Float64Array();
  /** Float64Array[k]. */
  #weights: Float64Array = new Float64Array();

  constructor(options: StreamingKMeansOptions = {}) {
    super();
    this.setK(options.k ?? this.#k);
    this.setDecayFactor(options.decayFactor ?? this.#decayFactor);
    this.#timeUnit = checkedTimeUnit(options.timeUnit ?? this.#timeUnit);
    this.#countRule = checkedCountRule(options.countRule ?? this.#countRule);
    if (options.initialCenters !== undefined) this.#awaitCenters(options.initialCenters, options);
  }

  setK(k: number): this {
    if (!(Number.isInteger(k) && k > 0)) throw badOption(`Number of clusters must be positive but got ${k}`);
    this.#k = k;
    return this;
  }

  setDecayFactor(decayFactor: number): this {
    if (!(decayFactor >= 0 && Number.isFinite(decayFactor))) {
      throw badOption(`Decay factor must be nonnegative but got ${decayFactor}`);
    }
    this.#decayFactor = decayFactor;
    return this;
  }

  /** Sets the decay factor so that after `halfLife` batches, or points, what was learned counts half. */
  setHalfLife(halfLife: number, timeUnit: TimeUnit): this {
    if (!(halfLife > 0)) throw badOption(`Half life must be positive but got ${halfLife}`);
    this.#timeUnit = checkedTimeUnit(timeUnit);
    return this.setDecayFactor(Math.exp(Math.log(0.5) / halfLife));
  }

  setCountRule(countRule: CountRule): this {
    this.#countRule = checkedCountRule(countRule);
    return this;
  }

  /** Starts from k given centres, k × d, with their weights. Copies both. */
  setInitialCenters(centers: readonly Vector[], weights: readonly number[]): this {
    if (centers.length !== this.#k) {
      throw badOption(`Number of initial centers must be ${this.#k} but got ${centers.length}`);
    }
    if (weights.length !== centers.length) {
      throw badOption(`Number of initial weights must be ${centers.length} but got ${weights.length}`);
    }
    if (!weights.every((weight) => weight >= 0 && Number.isFinite(weight))) {
      throw badOption(`Initial weights must be nonnegative but got [${weights.join(', ')}]`);
    }
    const first = centers[0]!;
    const d = isSparse(first) ? first.size : first.length;
    if (d === 0) throw badOption('Number of dimensions must be positive but got 0');
    const { columns } = assembleFeatures(centers, d, (position, { message }) => {
      throw badOption(`Initial center ${position}: ${message}`);
    }).features;
    this.#centers = Float64Array.from({ length: this.#k * d }, (_, at) => columns[at % d]![Math.floor(at / d)]!);
    this.#weights = Float64Array.from(weights);
    this.#seeded = true;
    return this;
  }

  /** Starts from k random centres with standard normal coordinates: for a seed, those of Spark 3. */
  setRandomCenters(dimension: number, weight: number, seed: number | bigint = arbitrarySeed()): this {
    if (!(Number.isInteger(dimension) && dimension > 0)) {
      throw badOption(`Number of dimensions must be positive but got ${dimension}`);
    }
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw badOption(`Weight for each center must be nonnegative but got ${weight}`);
    }
    const random = new XorShiftRandom(seed);
    this.#centers = Float64Array.from({ length: this.#k * dimension }, () => random.nextGaussian());
    this.#weights = new Float64Array(this.#k).fill(weight);
    this.#seeded = true;
    return this;
  }

  /** Clusters weigh `factor` times as much from now on; their centres stay. */
  decay(factor: number): void {
    const kept = checkDecay(this.kind, factor);
    this.#initialised();
    this.#weights = this.#weights.map((weight) => weight * kept);
  }

  /** The model of this moment; it does not change when the learner goes on. */
  override latestModel(): StreamingKMeansModel {
    return new StreamingKMeansModel(rowsOf(this.#centers, this.width), this.#weights.slice());
  }

  get width(): number {
    return this.#initialised().length / this.#k;
  }

  protected learn({ features, weights: rowWeights }: Examples): number | undefined {
    const k = this.#k;
    const d = this.width;
    const { rows: n, columns } = features;
    const total = rowWeights === undefined ? n : sumOf(rowWeights);
    const choice = !this.#seeded && total > 0 ? this.#choice : undefined;
    const start = choice === undefined ? this.#centers : chosenCenters(choice, columns, rowWeights, k);
    const { sums, counts, cost } = clusterSums(columns, n, start, k, rowWeights);
    const discount = this.#timeUnit === 'batches' ? this.#decayFactor : this.#decayFactor ** total;
    const centers = start.slice(); // [k·d]
    const weights = this.#weights.slice(); // [k]
    for (let j = 0; j < k; j++) {
      const m = counts[j]!;
      const decayed = weights[j]! * discount;
      weights[j] = (this.#countRule === 'decayed' ? decayed : weights[j]!) + m;
      if (m === 0) continue;
      const share = m / Math.max(decayed + m, 1e-16);
      for (let at = j * d; at < (j + 1) * d; at++) centers[at] = (1 - share) * centers[at]! + (share / m) * sums[at]!;
    }
    splitHeaviestForDying(centers, weights, d);
    const loss = total === 0 ? undefined : cost / total;
    if (!(allFinite(centers) && allFinite(weights) && Number.isFinite(loss ?? 0))) {
      throw new DataError('not-finite', 'StreamingKMeans: centres would leave the finite numbers; scale the features');
    }
    this.#centers = centers;
    this.#weights = weights;
    this.#seeded ||= choice !== undefined;
    return loss;
  }

  /** The index of the nearest centre of each row. */
  protected score({ rows, columns }: Features): Float64Array {
    return new Float64Array(nearestCenters(columns, rows, this.#centers, this.#k).labels);
  }

  /** The centres, centre after centre, k·d values. */
  learnedValues(): Float64Array {
    return this.#initialised().slice();
  }

  params(): SnapshotRecord {
    return {
      k: this.#k,
      decayFactor: this.#decayFactor,
      timeUnit: this.#timeUnit,
      countRule: this.#countRule,
      ...(this.#choice && { initialCenters: this.#choice.method, numFeatures: this.width, seed: this.#choice.seed }),
    };
  }

  protected learned(): SnapshotRecord {
    const centers = this.#initialised().slice();
    const seeded = this.#choice === undefined ? {} : { seeded: Number(this.#seeded) };
    return { centers, weights: this.#weights.slice(), ...seeded };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const weights = columnOf(snapshot, 'weights', this.#k, this.kind);
    const saved = snapshot['centers'];
    const length = this.#centers.length || (saved instanceof Float64Array ? saved.length : 0);
    const centers = columnOf(snapshot, 'centers', length, this.kind);
    if (length === 0 || length % this.#k !== 0) {
      throw new StateError('does-not-fit', `${this.kind}: expected ${this.#k} saved centers, got ${length} values`);
    }
    const seeded = this.#choice === undefined || countOf(snapshot, 'seeded', this.kind) > 0;
    this.#centers = centers;
    this.#weights = weights;
    this.#seeded = seeded;
  }

  /** Until the first rows come, all centres stand at 0 and weigh nothing. */
  #awaitCenters(method: CenterMethod, { numFeatures = 0, seed = 42 }: StreamingKMeansOptions): void {
    this.#choice = checkedChoice(this.kind, { method, seed });
    if (!(Number.isInteger(numFeatures) && numFeatures > 0)) {
      throw badOption(`Number of dimensions must be positive but got ${numFeatures}`);
    }
    this.#centers = new Float64Array(this.#k * numFeatures);
    this.#weights = new Float64Array(this.#k);
  }

  #initialised(): Float64Array {
    if (this.#centers.length === 0) {
      throw new UsageError(
        'not-initialised',
        'StreamingKMeans: Initial cluster centers must be set before starting predictions; ' +
          'call setInitialCenters or setRandomCenters',
      );
    }
    if (this.#weights.length !== this.#k) {
      throw badOption(`k is ${this.#k} but there are ${this.#weights.length} initial centers; set k first`);
    }
    return this.#centers;
  }
}

function rowsOf(values: Float64Array, width: number): Float64Array[] {
  return Array.from({ length: values.length / width }, (_, j) => values.slice(j * width, (j + 1) * width));
}

function checkedTimeUnit(timeUnit: TimeUnit): TimeUnit {
  if (timeUnit === 'batches' || timeUnit === 'points') return timeUnit;
  throw badOption(`Invalid time unit for decay: ${timeUnit}; expected 'batches' or 'points'`);
}

function checkedCountRule(countRule: CountRule): CountRule {
  if (countRule === 'decayed' || countRule === 'undecayed') return countRule;
  throw badOption(`Invalid count rule: ${countRule}; expected 'decayed' or 'undecayed'`);
}

function badOption(message: string): UsageError {
  return new UsageError('bad-option', `StreamingKMeans: ${message}`);
}
