import { matrixWidth } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { DataError, UsageError } from '../../errors.ts';
import { designMoments } from '../../numeric/design-moments.ts';
import { allFinite } from '../../numeric/linear.ts';
import { logisticLoss, softmaxLoss } from '../../numeric/margin-losses.ts';
import { standardisedFit } from '../../numeric/standardised-fit.ts';
import { EstimatorStage } from '../stage.ts';
import type { TrainingRows } from '../training-rows.ts';
import { requireThresholds } from './class-columns.ts';
import { classRows, fittedClassSchema } from './classifier.ts';
import { coefficientBounds } from './coefficient-bounds.ts';
import {
  LOGISTIC_REGRESSION_PARAMS,
  type LogisticRegressionLearned,
  LogisticRegressionModel,
} from './logistic-regression-model.ts';

/**
 * Fits a logistic regression of two classes (`binomial`) or of any number (`multinomial`), with an elastic net:
 *
 *     mean(weight · −ln P(label)) + regParam · (elasticNetParam · |b|₁ + (1 − elasticNetParam)/2 · |b|₂²)
 *
 * where the penalty is on the coefficients of standardised features, unless `standardization` is false. `family`: `auto` is binomial for up to
 * two classes. Coefficients and intercepts may have bounds. Of the many multinomial fits of the same value, without a penalty, the one whose coefficients have mean 0 over the classes.
 *
 * Throws `BadRowsError` for rows that are not finite numbers or whose label is no class; `UsageError` (`too-few-records`, `bad-option`).
 * Cost: O(values · classes) a step. Source: Apache Spark, LogisticRegression (spark.ml).
 */
export class LogisticRegression extends EstimatorStage<LogisticRegressionModel, typeof LOGISTIC_REGRESSION_PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.LogisticRegression';
  static readonly params = LOGISTIC_REGRESSION_PARAMS;

  transformSchema(schema: Schema): Schema {
    return fittedClassSchema(this, schema, this.find('weightCol'));
  }

  fit(table: Table): LogisticRegressionModel {
    this.transformSchema(table.schema);
    const { rows, numClasses } = classRows(this, table, this.find('weightCol'));
    requireThresholds(this.uid, this.find('thresholds'), numClasses);
    const learned = this.#learned(rows, numClasses);
    return new LogisticRegressionModel(learned, this.set, this.uid);
  }

  #learned(rows: TrainingRows, numClasses: number): LogisticRegressionLearned {
    const { matrix, labels, weights } = rows;
    const d = matrixWidth(matrix);
    const fitIntercept = this.get('fitIntercept');
    const isMultinomial = this.#isMultinomial(numClasses);
    const k = isMultinomial ? numClasses : 1;
    const shares = classShares(labels, weights, numClasses);
    const only = shares.indexOf(1);
    const shape = { numClasses, numFeatures: d, isMultinomial };
    if (only !== -1 && fitIntercept) {
      // There is but one class: no fit is finite.
      const infinite = isMultinomial || only === 1 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      const interceptVector = new Float64Array(k);
      interceptVector[isMultinomial ? only : 0] = infinite;
      return {
        ...shape,
        interceptVector,
        coefficientMatrix: { numRows: k, numCols: d, values: new Float64Array(k * d) },
      };
    }
    const [regParam, elasticNetParam] = [this.get('regParam'), this.get('elasticNetParam')];
    const bounds = coefficientBounds(this, k, d);
    const { weights: fitted } = standardisedFit({
      design: matrix,
      moments: designMoments(matrix, weights),
      loss: isMultinomial ? softmaxLoss(labels, weights, k) : logisticLoss(labels, weights),
      outputs: k,
      fitIntercept,
      standardization: this.get('standardization'),
      l1: regParam * elasticNetParam,
      l2: regParam * (1 - elasticNetParam),
      maxIter: this.get('maxIter'),
      tol: this.get('tol'),
      bounds,
      ...(fitIntercept && { intercepts: startOf(shares, isMultinomial) }),
    });
    if (!allFinite(fitted)) {
      throw new DataError(
        'not-finite',
        `${this.uid}: fitting left the finite numbers; bring features to a smaller scale`,
      );
    }
    const values = new Float64Array(k * d);
    const interceptVector = new Float64Array(k);
    for (let c = 0; c < k; c++) {
      interceptVector[c] = fitted[c * (d + 1) + d]!;
      for (let j = 0; j < d; j++) values[j * k + c] = fitted[c * (d + 1) + j]!;
    }
    if (isMultinomial && regParam === 0 && !bounds)
      for (let j = 0; j < d; j++) center(values.subarray(j * k, (j + 1) * k));
    if (isMultinomial && !bounds) center(interceptVector);
    return { ...shape, interceptVector, coefficientMatrix: { numRows: k, numCols: d, values } };
  }

  #isMultinomial(numClasses: number): boolean {
    const family = this.get('family').toLowerCase();
    if (family !== 'binomial' || numClasses <= 2) return family === 'multinomial' || numClasses > 2;
    throw new UsageError('bad-option', `${this.uid}: family binomial: expected 1 or 2 classes, got ${numClasses}`);
  }
}

/** By class: its share of all weight. */
function classShares(labels: Float64Array, weights: Float64Array | undefined, numClasses: number): Float64Array {
  const sums = new Float64Array(numClasses);
  labels.forEach((label, i) => {
    sums[label] = sums[label]! + (weights?.[i] ?? 1);
  });
  const total = sums.reduce((sum, each) => sum + each, 0);
  return sums.map((each) => each / total);
}

/** Intercepts that give each class its share, when there is nothing else. */
function startOf(shares: Float64Array, isMultinomial: boolean): Float64Array {
  if (!isMultinomial) return Float64Array.of(Math.log(shares[1]! / shares[0]!));
  const logarithms = shares.map((share) => Math.log(share));
  const least = Math.min(...logarithms.filter(Number.isFinite));
  // A class that the table lacks begins as if it had a little.
  return center(logarithms.map((each) => (Number.isFinite(each) ? each : least - 1)));
}

function center(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  for (let i = 0; i < values.length; i++) values[i] = values[i]! - mean;
  return values;
}
