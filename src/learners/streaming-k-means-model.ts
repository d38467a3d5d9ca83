import { toFeatures } from '../batch/examples.ts';
import type { Vector } from '../batch/vector.ts';
import { nearestCenters } from '../numeric/nearest-center.ts';

/** Centres and weights at one moment, Spark's `StreamingKMeansModel`. It never changes. */
export class StreamingKMeansModel {
  /** k centres of d coordinates. */
  readonly clusterCenters: readonly Float64Array[];
  /** Float64Array[k]: how much each counts. */
  readonly clusterWeights: Float64Array;

  constructor(clusterCenters: readonly Float64Array[], clusterWeights: Float64Array) {
    this.clusterCenters = clusterCenters;
    this.clusterWeights = clusterWeights;
  }

  get k(): number {
    return this.clusterCenters.length;
  }

  /** The index of the nearest centre. */
  predict(point: Vector): number {
    return this.#assign([point]).labels[0]!;
  }

  /** Sum over the points of the squared distance to the nearest centre. */
  computeCost(points: readonly Vector[]): number {
    return this.#assign(points).cost;
  }

  #assign(points: readonly Vector[]) {
    const d = this.clusterCenters[0]!.length;
    const centers = new Float64Array(this.k * d);
    for (const [j, center] of this.clusterCenters.entries()) centers.set(center, j * d);
    return nearestCenters(toFeatures(points, d).columns, points.length, centers, this.k);
  }
}
