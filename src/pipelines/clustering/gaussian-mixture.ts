import type { Features } from '../../batch/examples.ts';
import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { DataError } from '../../errors.ts';
import { seededRandom } from '../../host/random.ts';
import { fitMixture, type Gaussian, type Mixture, mixtureProbabilities } from '../../numeric/gaussian-mixture.ts';
import { allFinite } from '../../numeric/linear.ts';
import { likeliest } from '../classification/class-columns.ts';
import { denseFeatures } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import {
  aggregationDepth,
  featuresCol,
  maxIter,
  predictionCol,
  probabilityCol,
  seed,
  tol,
  weightCol,
} from '../params/shared-params.ts';
import { requireTrainingColumns, withPredictions } from '../prediction-schema.ts';
import { double, list, mllibMatrix, mllibVector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { trainingRows } from '../training-rows.ts';

const PARAMS = {
  ...featuresCol,
  ...predictionCol,
  ...probabilityCol,
  ...weightCol,
  /** How many distributions, at least 2. Default 2. */
  k: intParam({ atLeast: 2, default: 2 }),
  ...maxIter(100),
  /** How little the log-likelihood has to change. Default 0.01. */
  ...tol(0.01),
  ...seed,
  ...aggregationDepth,
};

export type GaussianMixtureOptions = OptionsOf<typeof PARAMS>;

/** Rows drawn for each distribution, from which it begins. */
const ROWS_DRAWN = 5;

/**
 * Fits a mixture of k normal distributions by expectation and maximisation, from rows drawn at random.
 *
 * Throws `BadRowsError` for rows that are not finite numbers; `UsageError` (`too-few-records`). Cost: O(n · k · d²) a step.
 * Source: Apache Spark, GaussianMixture (spark.ml).
 */
export class GaussianMixture extends EstimatorStage<GaussianMixtureModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.clustering.GaussianMixture';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTrainingColumns(schema, { featuresCol: this.get('featuresCol'), weightCol: this.find('weightCol') });
    return mixtureSchema(schema, this.get('probabilityCol'), this.get('predictionCol'));
  }

  fit(table: Table): GaussianMixtureModel {
    this.transformSchema(table.schema);
    const columns = { featuresCol: this.get('featuresCol'), weightCol: this.find('weightCol') };
    const { matrix, weights } = trainingRows(table, this.uid, columns);
    const features = 'starts' in matrix ? toDense(matrix) : matrix;
    const limits = { maxIter: this.get('maxIter'), tol: this.get('tol') };
    const mixture = fitMixture(features.columns, weights, this.#start(features, weights), limits);
    if (!mixture.gaussians.every(({ mean, covariance }) => allFinite(mean) && allFinite(covariance))) {
      throw new DataError(
        'not-finite',
        `${this.uid}: fitting left the finite numbers; bring features to a smaller scale`,
      );
    }
    return new GaussianMixtureModel(mixture, this.set, this.uid);
  }

  /** Of each distribution: mean and variances of a few rows. */
  #start({ rows, columns }: Features, weights: Float64Array | undefined): Mixture {
    const random = seededRandom(seedOf(this.get('seed')));
    const k = this.get('k');
    const d = columns.length;
    const gaussians = Array.from({ length: k }, (): Gaussian => {
      const drawn = Array.from({ length: ROWS_DRAWN }, () => Math.floor(random.next() * rows));
      const total = drawn.reduce((sum, i) => sum + (weights?.[i] ?? 1), 0);
      // Rows without weight say nothing; they count alike where no other was drawn.
      const shareOf = (i: number) => (total > 0 ? (weights?.[i] ?? 1) / total : 1 / ROWS_DRAWN);
      const mean = Float64Array.from(columns, (column) => drawn.reduce((sum, i) => sum + shareOf(i) * column[i]!, 0));
      const covariance = new Float64Array(d * d);
      columns.forEach((column, j) => {
        covariance[j * d + j] = drawn.reduce((sum, i) => sum + shareOf(i) * (column[i]! - mean[j]!) ** 2, 0);
      });
      return { mean, covariance };
    });
    return { weights: new Float64Array(k).fill(1 / k), gaussians };
  }
}

const LEARNED = { weights: list(double), mus: list(mllibVector), sigmas: list(mllibMatrix) };

/** What `GaussianMixture` has learned. `probability`: how likely a row is of each distribution. */
export class GaussianMixtureModel extends ModelStage<Mixture, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.clustering.GaussianMixtureModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<GaussianMixtureModel> {
    const { weights, mus, sigmas } = await saved.row(LEARNED);
    const d = mus[0]?.length ?? 0;
    if (weights.length === 0 || mus.length !== weights.length || sigmas.length !== weights.length) {
      throw saved.damaged('as many means and covariances as weights', [weights.length, mus.length, sigmas.length]);
    }
    const gaussians = mus.map((mean, c): Gaussian => {
      const { numRows, numCols, values } = sigmas[c]!;
      const whole = mean.length === d && numRows === d && numCols === d && allFinite(mean) && allFinite(values);
      if (!whole)
        throw saved.damaged(`a mean of ${d} finite numbers and its covariance`, [mean.length, numRows, numCols]);
      return { mean, covariance: values };
    });
    const mixture = { weights: Float64Array.from(weights), gaussians };
    return new GaussianMixtureModel(mixture, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    const { weights, gaussians } = this.learned;
    const row = {
      weights: Array.from(weights),
      mus: gaussians.map(({ mean }) => mean),
      sigmas: gaussians.map(({ mean, covariance }) => ({
        numRows: mean.length,
        numCols: mean.length,
        values: covariance,
      })),
    };
    return { data: { columns: LEARNED, rows: [row] } };
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return mixtureSchema(schema, this.get('probabilityCol'), this.get('predictionCol'), this.learned.weights.length);
  }

  protected transformChecked(table: Table): Table {
    const width = this.learned.gaussians[0]!.mean.length;
    const { rows, columns } = denseFeatures(table, this.get('featuresCol'), width, this.uid);
    const probability = mixtureProbabilities(columns, rows, this.learned);
    const [probabilityCol, predictionCol] = [this.get('probabilityCol'), this.get('predictionCol')];
    let out = table;
    if (probabilityCol)
      out = out.withColumn(probabilityCol, { type: 'vector', matrix: { rows, columns: probability } });
    if (predictionCol) out = out.withColumn(predictionCol, { type: 'int', values: likeliest(probability) });
    return out;
  }
}

function mixtureSchema(schema: Schema, probabilityCol: string, predictionCol: string, k?: number): Schema {
  return withPredictions(schema, [
    { name: probabilityCol, type: 'vector', ...(k !== undefined && { width: k }) },
    { name: predictionCol, type: 'int' },
  ]);
}
