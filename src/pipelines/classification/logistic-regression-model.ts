import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { marginsOf } from '../../numeric/design.ts';
import { featureMatrix } from '../feature-matrix.ts';
import { matrixParam, vectorParam } from '../params/linalg-params.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam } from '../params/param-kinds.ts';
import {
  aggregationDepth,
  elasticNetParam,
  fitIntercept,
  maxBlockSizeInMB,
  maxIter,
  regParam,
  standardization,
  tol,
  weightCol,
} from '../params/shared-params.ts';
import { boolean, int, type RowOf, rowMajorMatrix, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage } from '../stage.ts';
import { chosenClasses, requireThresholds, softmaxOf, withClassColumns } from './class-columns.ts';
import { CLASSIFIER_PARAMS, classColumnsOf, classModelSchema } from './classifier.ts';

export const LOGISTIC_REGRESSION_PARAMS = {
  ...CLASSIFIER_PARAMS,
  ...weightCol,
  /** Of two classes: 1 is predicted where its probability is above this. In [0, 1], default 0.5. */
  threshold: doubleParam({ atLeast: 0, atMost: 1, default: 0.5 }),
  /** Default `auto`: binomial for up to two classes. */
  family: choiceParam(['auto', 'binomial', 'multinomial'], 'auto', { anyCase: true }),
  ...regParam,
  ...elasticNetParam,
  ...maxIter(100),
  ...tol(1e-6),
  ...fitIntercept,
  ...standardization,
  ...aggregationDepth,
  ...maxBlockSizeInMB,
  /** Of the coefficients: a row a class, or one where there are two classes, and a column a feature. Default none. Not with an L1 penalty. */
  lowerBoundsOnCoefficients: matrixParam(),
  upperBoundsOnCoefficients: matrixParam(),
  /** Of the intercepts: one a class, or one. Default none. Not with an L1 penalty. */
  lowerBoundsOnIntercepts: vectorParam(),
  upperBoundsOnIntercepts: vectorParam(),
};

export type LogisticRegressionOptions = OptionsOf<typeof LOGISTIC_REGRESSION_PARAMS>;

const LEARNED = {
  numClasses: int,
  numFeatures: int,
  interceptVector: vector,
  coefficientMatrix: rowMajorMatrix,
  isMultinomial: boolean,
};

/** `coefficientMatrix`: a row a class and `interceptVector` one number each where `isMultinomial`; else one row, the margin of class 1. */
export type LogisticRegressionLearned = RowOf<typeof LEARNED>;

/** What `LogisticRegression` has learned. */
export class LogisticRegressionModel extends ModelStage<LogisticRegressionLearned, typeof LOGISTIC_REGRESSION_PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.LogisticRegressionModel';
  static readonly params = LOGISTIC_REGRESSION_PARAMS;

  constructor(learned: LogisticRegressionLearned, options: LogisticRegressionOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), learned.numClasses);
    this.#requireOneThreshold();
  }

  static override async restore(saved: SavedStage): Promise<LogisticRegressionModel> {
    const learned = await saved.row(LEARNED);
    const { numClasses, numFeatures, interceptVector, coefficientMatrix, isMultinomial } = learned;
    const k = isMultinomial ? numClasses : 1;
    const { numRows, numCols } = coefficientMatrix;
    if (numClasses < 1 || (!isMultinomial && numClasses > 2)) throw saved.damaged('a number of classes', numClasses);
    if (numRows !== k || numCols !== numFeatures || interceptVector.length !== k) {
      throw saved.damaged(`${k} × ${numFeatures} coefficients and ${k} intercepts`, [
        numRows,
        numCols,
        interceptVector.length,
      ]);
    }
    return new LogisticRegressionModel(learned, saved.options(LOGISTIC_REGRESSION_PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return classModelSchema(this, schema, this.learned.isMultinomial ? this.learned.numClasses : 2);
  }

  protected transformChecked(table: Table): Table {
    const { numFeatures, isMultinomial } = this.learned;
    const rows = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const margins = marginsOf(rows, this.#weights, isMultinomial ? this.learned.numClasses : 1);
    return withClassColumns(
      table,
      classColumnsOf(this),
      isMultinomial ? this.#ofMany(margins) : this.#ofTwo(margins[0]!),
    );
  }

  /** Output after output, the intercept last. */
  get #weights(): Float64Array {
    const { interceptVector, coefficientMatrix } = this.learned;
    const { numRows: k, numCols: d, values } = coefficientMatrix;
    const weights = new Float64Array(k * (d + 1));
    for (let c = 0; c < k; c++) {
      for (let j = 0; j < d; j++) weights[c * (d + 1) + j] = values[j * k + c]!;
      weights[c * (d + 1) + d] = interceptVector[c]!;
    }
    return weights;
  }

  #ofMany(raw: readonly Float64Array[]) {
    const probability = softmaxOf(raw);
    return { raw, probability, prediction: chosenClasses(probability, this.find('thresholds')) };
  }

  #ofTwo(margins: Float64Array) {
    const threshold = this.#threshold();
    const n = margins.length;
    const [against, zero, one, prediction] = [1, 2, 3, 4].map(() => new Float64Array(n)) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let i = 0; i < n; i++) {
      const margin = margins[i]!;
      const p = 1 / (1 + Math.exp(margin));
      against[i] = -margin;
      zero[i] = p;
      one[i] = 1 - p;
      prediction[i] = 1 - p > threshold ? 1 : 0;
    }
    return { raw: [against, margins], probability: [zero, one], prediction };
  }

  /** Two thresholds t say the same as one: 1 / (1 + t₀/t₁). */
  #threshold(): number {
    const both = this.find('thresholds');
    return both === undefined ? this.get('threshold') : 1 / (1 + both[0]! / both[1]!);
  }

  #requireOneThreshold(): void {
    if (this.set.threshold === undefined || this.set.thresholds === undefined || this.learned.isMultinomial) return;
    if (Math.abs(this.#threshold() - this.set.threshold) < 1e-5) return;
    throw new UsageError(
      'bad-option',
      `${this.uid}: threshold ${this.set.threshold} and thresholds ${this.set.thresholds.join(', ')} say different things; give one`,
    );
  }
}
