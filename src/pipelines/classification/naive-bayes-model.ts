import type { Matrix } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { marginsOf } from '../../numeric/design.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam } from '../params/param-kinds.ts';
import { weightCol } from '../params/shared-params.ts';
import { matrix, optional, type RowOf, rowMajorMatrix, vector } from '../saved/data-types.ts';
import type { DenseMatrix } from '../saved/dense-matrix.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage } from '../stage.ts';
import { chosenClasses, requireThresholds, softmaxOf, withClassColumns } from './class-columns.ts';
import { CLASSIFIER_PARAMS, classColumnsOf, classModelSchema } from './classifier.ts';

export const NAIVE_BAYES_PARAMS = {
  ...CLASSIFIER_PARAMS,
  ...weightCol,
  /** Added to every count, at least 0. Default 1. */
  smoothing: doubleParam({ atLeast: 0, default: 1 }),
  /** What the features are: counts, counts, 0 or 1, any numbers. Default `multinomial`. */
  modelType: choiceParam(['multinomial', 'complement', 'bernoulli', 'gaussian'], 'multinomial'),
};

export type NaiveBayesOptions = OptionsOf<typeof NAIVE_BAYES_PARAMS>;

type ModelType = 'multinomial' | 'complement' | 'bernoulli' | 'gaussian';

const LEARNED = { pi: vector, theta: rowMajorMatrix, sigma: matrix };

/** `pi`: Float64Array[k], logarithms; `theta`, a row a class: logarithms, gaussian means; `sigma`: gaussian variances, else empty. */
export type NaiveBayesLearned = RowOf<typeof LEARNED>;

/** What `NaiveBayes` has learned. */
export class NaiveBayesModel extends ModelStage<NaiveBayesLearned, typeof NAIVE_BAYES_PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.NaiveBayesModel';
  static readonly params = NAIVE_BAYES_PARAMS;

  constructor(learned: NaiveBayesLearned, options: NaiveBayesOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), learned.pi.length);
  }

  static override async restore(saved: SavedStage): Promise<NaiveBayesModel> {
    const { sigma = { numRows: 0, numCols: 0, values: new Float64Array() }, ...rest } = await saved.row({
      ...LEARNED,
      sigma: optional(matrix),
    });
    const options = saved.options(NAIVE_BAYES_PARAMS);
    const { pi, theta } = rest;
    if (pi.length === 0 || theta.numRows !== pi.length)
      throw saved.damaged(`${pi.length} rows of theta`, theta.numRows);
    const isGaussian = options.modelType === 'gaussian';
    if (isGaussian && (sigma.numRows !== theta.numRows || sigma.numCols !== theta.numCols)) {
      throw saved.damaged('as many variances as means', [sigma.numRows, sigma.numCols]);
    }
    return new NaiveBayesModel({ ...rest, sigma }, options, saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return classModelSchema(this, schema, this.learned.pi.length);
  }

  protected transformChecked(table: Table): Table {
    const modelType = this.get('modelType');
    const name = this.get('featuresCol');
    const rows = featureMatrix(table, name, this.learned.theta.numCols, this.uid);
    requireBayesFeatures(table, this.uid, name, rows, modelType);
    const raw = rawOf(rows, this.learned, modelType);
    const probability = softmaxOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    return withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
  }
}

/** Throws `BadRowsError` naming the rows whose features the type of model can't take. */
export function requireBayesFeatures(
  table: Table,
  who: string,
  name: string,
  rows: Matrix,
  modelType: ModelType,
): void {
  if (modelType === 'gaussian') return;
  const isBad =
    modelType === 'bernoulli' ? (value: number) => value !== 0 && value !== 1 : (value: number) => !(value >= 0);
  const bad = new Set<number>();
  if ('starts' in rows) {
    for (let i = 0; i < rows.rows; i++) {
      for (let p = rows.starts[i]!; p < rows.starts[i + 1]!; p++) if (isBad(rows.values[p]!)) bad.add(i);
    }
  } else {
    for (const column of rows.columns) for (let i = 0; i < column.length; i++) if (isBad(column[i]!)) bad.add(i);
  }
  if (bad.size === 0) return;
  const expected = modelType === 'bernoulli' ? '0 or 1 feature values' : 'nonnegative feature values';
  throw table.badRows(who, (i) => (bad.has(i) ? `column ${name}: naive Bayes requires ${expected}` : undefined));
}

function rawOf(rows: Matrix, { pi, theta, sigma }: NaiveBayesLearned, modelType: ModelType): Float64Array[] {
  if (modelType === 'gaussian') return gaussianRaw(rows, pi, theta, sigma);
  const { numRows: k, numCols: d, values } = theta;
  const weights = new Float64Array(k * (d + 1));
  for (let c = 0; c < k; c++) {
    const own = weights.subarray(c * (d + 1), (c + 1) * (d + 1));
    own[d] = modelType === 'complement' ? 0 : pi[c]!;
    for (let j = 0; j < d; j++) {
      const present = values[j * k + c]!;
      const absent = modelType === 'bernoulli' ? Math.log1p(-Math.exp(present)) : 0;
      own[j] = present - absent;
      own[d] = own[d]! + absent;
    }
  }
  const raw = marginsOf(rows, weights, k);
  return modelType === 'complement' ? lessLogSum(raw) : raw;
}

/** pi − (Σ (x − theta)² / sigma + Σ ln sigma) / 2. */
function gaussianRaw(rows: Matrix, pi: Float64Array, theta: DenseMatrix, sigma: DenseMatrix): Float64Array[] {
  const { columns } = 'starts' in rows ? toDense(rows) : rows;
  const k = pi.length;
  return Array.from(pi, (prior, c) => {
    const sums = new Float64Array(rows.rows);
    let logarithms = 0;
    columns.forEach((column, j) => {
      const [mean, variance] = [theta.values[j * k + c]!, sigma.values[j * k + c]!];
      logarithms += Math.log(variance);
      for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + (column[i]! - mean) ** 2 / variance;
    });
    return sums.map((sum) => prior - (sum + logarithms) / 2);
  });
}

/** Each less ln Σ e^score of its row. */
function lessLogSum(scores: readonly Float64Array[]): Float64Array[] {
  const probability = softmaxOf(scores);
  const first = scores[0]!;
  const logSums = first.map((_, i) => {
    const most = scores.reduce((best, column, c) => (column[i]! > scores[best]![i]! ? c : best), 0);
    return scores[most]![i]! - Math.log(probability[most]![i]!);
  });
  return scores.map((column) => column.map((score, i) => score - logSums[i]!));
}
