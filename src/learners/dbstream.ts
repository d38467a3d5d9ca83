import type { Examples, Features } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Vector, WeightedVector } from '../batch/vector.ts';
import { DataError, StateError } from '../errors.ts';
import { allFinite } from '../numeric/linear.ts';
import { checkOption } from './check-option.ts';
import { type MicroClusterColumns, MicroClusters } from './micro-clusters.ts';
import { columnOf, countOf, OnlineLearner } from './online-learner.ts';
import { RowAtHand } from './row-at-hand.ts';

export interface DBSTREAMOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** How near a row must be to belong to a micro-cluster, r > 0, in units of the features. */
  readonly radius: number;
  /** Fading λ > 0: after 1/λ rows half of a weight is left. Default 0.001. */
  readonly fadingFactor?: number;
  /** Rows after which weak micro-clusters are forgotten, ≥ 1. Default 1000. */
  readonly cleanupInterval?: number;
  /** Weight from which a micro-cluster is no noise, ≥ 0. Default 3. */
  readonly minWeight?: number;
  /** Share α of their weight in (0, 1] that two micro-clusters of one cluster have in common. Default 0.1. */
  readonly intersectionFactor?: number;
}

/** A point that stands for the rows around it. */
export interface MicroCluster {
  /** Float64Array[d]. */
  readonly center: Float64Array;
  readonly weight: number;
  /** Which cluster it belongs to, from 0; −1 for noise. */
  readonly cluster: number;
}

/**
 * Finds clusters of any shape, and how many there are, in a stream that it forgets. For round ones whose number is known, see
 * `StreamingKMeans`.
 *
 * The t-th row x, with N the micro-clusters whose centre is nearer than r: none, and x becomes one of weight 1. Else, for all in N,
 *
 *     w_i ← w_i · 2^(−λ·(t − t_i)) + 1        c_i ← c_i + e^(−‖x − c_i‖² / 2(r/3)²) · (x − c_i)        t_i ← t
 *
 * and what each pair of them shares, s_ij, grows as w does; a pair that would come nearer than r stays where it was. Every
 * `cleanupInterval` rows, what weighs less than 2^(−λ·cleanupInterval) is forgotten. Micro-clusters i, j of at least `minWeight` are
 * of one cluster when s_ij ≥ α·(w_i + w_j)/2, and so are those that a chain of such pairs joins.
 *
 * Predicts the cluster of the nearest micro-cluster that is no noise, numbered from 0 by age; 0 while all are. A weight takes the
 * place of the 1. The loss is the squared distance to the nearest micro-cluster, each row's before it is learned, 0 of the very
 * first; how the stream is cut into batches makes no difference. Memory is bounded by what the rows of a few 1/λ leave.
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) where a square overflows.
 * Cost: O(m · d) a row, for m micro-clusters. Source: Hahsler and Bolaños, Clustering Data Streams Based on Shared Density between
 * Micro-Clusters, 2016.
 */
export class DBSTREAM extends OnlineLearner<Vector | WeightedVector> {
  readonly kind = 'DBSTREAM';
  readonly supervised = false;
  readonly width: number;
  readonly #options: Required<DBSTREAMOptions>;
  /** One for all batches: where none is left, what was compiled for it goes. */
  readonly #row: RowAtHand;
  #clusters: MicroClusters;
  /** Rows of positive weight so far. */
  #time = 0;

  constructor(options: DBSTREAMOptions) {
    super();
    const { numFeatures, radius } = options;
    const { fadingFactor = 0.001, cleanupInterval = 1000, minWeight = 3, intersectionFactor = 0.1 } = options;
    const check = <V>(valid: boolean, value: V, rule: string) => checkOption('DBSTREAM', valid, value, rule);
    const whole = (value: number) => Number.isInteger(value) && value > 0;
    const positive = (value: number) => value > 0 && Number.isFinite(value);
    this.#options = {
      numFeatures: check(whole(numFeatures), numFeatures, 'Number of features must be positive'),
      radius: check(positive(radius), radius, 'Radius must be positive'),
      fadingFactor: check(positive(fadingFactor), fadingFactor, 'Fading factor must be positive'),
      cleanupInterval: check(
        whole(cleanupInterval),
        cleanupInterval,
        'Cleanup interval must be a positive whole number',
      ),
      minWeight: check(minWeight >= 0, minWeight, 'Least weight must be nonnegative'),
      intersectionFactor: check(
        intersectionFactor > 0 && intersectionFactor <= 1,
        intersectionFactor,
        'Intersection factor must be in range (0, 1]',
      ),
    };
    this.width = numFeatures;
    this.#row = new RowAtHand(numFeatures);
    this.#clusters = new MicroClusters(this.#options);
  }

  /** The micro-clusters of this moment, the oldest first; they do not change when the learner goes on. */
  microClusters(): readonly MicroCluster[] {
    const { centers } = this.#clusters.columns();
    const numbers = this.#clusterNumbers();
    return Array.from(this.#clusters.weightsAt(this.#time), (weight, i) => ({
      center: centers.slice(i * this.width, (i + 1) * this.width),
      weight,
      cluster: numbers[i]!,
    }));
  }

  /** The centres of the micro-clusters, the oldest first: there are more and fewer of them in the course of time. */
  learnedValues(): Float64Array {
    return this.#clusters.columns().centers;
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  protected learn({ features, weights }: Examples): number | undefined {
    const { cleanupInterval, intersectionFactor } = this.#options;
    const clusters = new MicroClusters(this.#options, this.#clusters.columns());
    const row = this.#row;
    let [time, loss, total] = [this.#time, 0, 0];
    for (let i = 0; i < features.rows; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      row.take(features, i);
      row.weight = weight;
      clusters.lookAt(row);
      loss += weight * row.prediction;
      total += weight;
      clusters.learn(row, ++time);
      if (time % cleanupInterval === 0) clusters.forgetWeak(cleanupInterval, intersectionFactor, time);
    }
    if (total === 0) return undefined;
    const { centers, weights: learned } = clusters.columns();
    if (!(Number.isFinite(loss) && allFinite(centers) && allFinite(learned))) {
      throw new DataError('not-finite', 'DBSTREAM: distances would leave the finite numbers; scale the features');
    }
    this.#clusters = clusters;
    this.#time = time;
    return loss / total;
  }

  protected score(features: Features): Float64Array {
    const numbers = this.#clusterNumbers();
    const { centers, weights, times } = this.#clusters.columns();
    const known = [...numbers.keys()].filter((i) => numbers[i]! >= 0);
    const d = this.width;
    const strong = new MicroClusters(this.#options, {
      centers: Float64Array.from(known.flatMap((i) => [...centers.subarray(i * d, (i + 1) * d)])),
      weights: Float64Array.from(known, (i) => weights[i]!),
      times: Float64Array.from(known, (i) => times[i]!),
      shared: new Float64Array(),
    });
    const row = this.#row;
    const out = new Float64Array(features.rows);
    for (let i = 0; i < out.length; i++) {
      strong.lookAt(row.take(features, i));
      out[i] = strong.nearest < 0 ? 0 : numbers[known[strong.nearest]!]!;
    }
    return out;
  }

  protected learned(): SnapshotRecord {
    return { ...this.#clusters.columns(), time: this.#time, width: this.width };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const { weights: saved, width } = snapshot;
    if (width !== this.width) {
      throw new StateError('does-not-fit', `${this.kind}: expected saved micro-clusters of ${this.width} features`);
    }
    const m = saved instanceof Float64Array ? saved.length : 0;
    const shared = snapshot['shared'];
    const columns: MicroClusterColumns = {
      centers: columnOf(snapshot, 'centers', m * this.width, this.kind),
      weights: columnOf(snapshot, 'weights', m, this.kind),
      times: columnOf(snapshot, 'times', m, this.kind),
      shared: columnOf(snapshot, 'shared', shared instanceof Float64Array ? shared.length : 0, this.kind),
    };
    if (!arePairs(columns.shared, m)) {
      throw new StateError('does-not-fit', `${this.kind}: expected saved pairs of ${m} micro-clusters, got others`);
    }
    const time = countOf(snapshot, 'time', this.kind);
    this.#clusters = new MicroClusters(this.#options, columns);
    this.#time = time;
  }

  #clusterNumbers(): Int32Array {
    const { minWeight, intersectionFactor } = this.#options;
    return this.#clusters.clusterNumbers(minWeight, intersectionFactor, this.#time);
  }
}

/** Whether these are fours that begin with the indices of an older and a younger one of m. */
function arePairs(shared: Float64Array, m: number): boolean {
  if (shared.length % 4 !== 0) return false;
  for (let at = 0; at < shared.length; at += 4) {
    const [older, younger] = [shared[at]!, shared[at + 1]!];
    const inOrder =
      Number.isInteger(older) && Number.isInteger(younger) && older >= 0 && older < younger && younger < m;
    if (!inOrder) return false;
  }
  return true;
}
