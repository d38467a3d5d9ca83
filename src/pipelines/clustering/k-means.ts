import type { Features } from '../../batch/examples.ts';
import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { seededRandom } from '../../host/random.ts';
import { meansOf, parallelCenters, randomCenters } from '../../numeric/k-means-parallel.ts';
import { dot } from '../../numeric/linear.ts';
import { seedOf } from '../params/seed-of.ts';
import { requireTrainingColumns, withPredictions } from '../prediction-schema.ts';
import { EstimatorStage } from '../stage.ts';
import { trainingRows } from '../training-rows.ts';
import { K_MEANS_PARAMS, KMeansModel } from './k-means-model.ts';
import { unitRows } from './row-lengths.ts';

/**
 * Finds k centres, each the mean of the rows nearest to it, from first ones chosen by k-means|| or at random. `distanceMeasure`: `euclidean`,
 * or `cosine`, for which rows and centres are brought to length 1. Ends when no centre moves by more than `tol`, or after `maxIter`. There are
 * fewer than k centres where fewer rows differ.
 *
 * Throws `BadRowsError` for rows that are not finite numbers; `UsageError` (`too-few-records`). Cost: O(n · k · d) a step.
 * Source: Apache Spark, KMeans (spark.ml).
 */
export class KMeans extends EstimatorStage<KMeansModel, typeof K_MEANS_PARAMS> {
  static readonly className = 'org.apache.spark.ml.clustering.KMeans';
  static readonly params = K_MEANS_PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTrainingColumns(schema, { featuresCol: this.get('featuresCol'), weightCol: this.find('weightCol') });
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'int' }]);
  }

  fit(table: Table): KMeansModel {
    this.transformSchema(table.schema);
    const columns = { featuresCol: this.get('featuresCol'), weightCol: this.find('weightCol') };
    const { matrix, weights } = trainingRows(table, this.uid, columns);
    const dense = 'starts' in matrix ? toDense(matrix) : matrix;
    const isCosine = this.get('distanceMeasure') === 'cosine';
    const centers = this.#centers(isCosine ? unitRows(table, this.uid, dense) : dense, weights, isCosine);
    return new KMeansModel({ centers }, this.set, this.uid);
  }

  #centers({ rows, columns }: Features, weights: Float64Array | undefined, isCosine: boolean): Float64Array[] {
    const d = columns.length;
    const random = seededRandom(seedOf(this.get('seed')));
    const nextDouble = () => random.next();
    const k = this.get('k');
    let centers =
      this.get('initMode') === 'random'
        ? randomCenters(columns, rows, weights, k, nextDouble)
        : parallelCenters(columns, rows, weights, { k, steps: this.get('initSteps'), nextDouble });
    const count = centers.length / Math.max(1, d);
    for (let step = 0; step < this.get('maxIter'); step++) {
      const next = meansOf(columns, rows, centers, count, weights);
      if (isCosine) for (let j = 0; j < count; j++) bringToLength1(next.subarray(j * d, (j + 1) * d));
      const still = isStill(centers, next, d, this.get('tol'), isCosine);
      centers = next;
      if (still) break;
    }
    return Array.from({ length: count }, (_, j) => centers.slice(j * d, (j + 1) * d));
  }
}

function isStill(from: Float64Array, to: Float64Array, d: number, tol: number, isCosine: boolean): boolean {
  for (let at = 0; at < to.length; at += d) {
    let square = 0;
    for (let j = 0; j < d; j++) square += (to[at + j]! - from[at + j]!) ** 2;
    // Between vectors of length 1, 1 − cosine is half the squared distance.
    if (isCosine ? square / 2 > tol : square > tol * tol) return false;
  }
  return true;
}

function bringToLength1(vector: Float64Array): void {
  const length = Math.sqrt(dot(vector, vector));
  for (let j = 0; length > 0 && j < vector.length; j++) vector[j] = vector[j]! / length;
}
