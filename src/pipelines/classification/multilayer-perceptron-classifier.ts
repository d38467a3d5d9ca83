import type { Schema } from '../../batch/schema.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { toDenseVector } from '../../batch/vector.ts';
import { DataError, UsageError } from '../../errors.ts';
import { seededRandom } from '../../host/random.ts';
import { networkLoss, networkOutputs, networkSize } from '../../numeric/feed-forward.ts';
import { allFinite, dot } from '../../numeric/linear.ts';
import { minimise, type Objective } from '../../numeric/minimise.ts';
import { denseFeatures } from '../feature-matrix.ts';
import { vectorParam } from '../params/linalg-params.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam, intParam, listParam, restricted } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import { maxIter, seed, tol } from '../params/shared-params.ts';
import { int, list, optional, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { chosenClasses, requireThresholds, softmaxOf, withClassColumns } from './class-columns.ts';
import { CLASSIFIER_PARAMS, classColumnsOf, classModelSchema, classRows, fittedClassSchema } from './classifier.ts';

const PARAMS = {
  ...CLASSIFIER_PARAMS,
  ...seed,
  /** How many units: as many as features, each hidden layer, as many as classes. */
  layers: restricted(
    listParam(intParam({ atLeast: 1 })),
    'at least two whole numbers above 0',
    (layers: readonly number[]) => layers.length > 1,
  ),
  ...maxIter(100),
  ...tol(1e-6),
  /** `gd` is gradient descent with steps of `stepSize`. Default `l-bfgs`. */
  solver: choiceParam(['l-bfgs', 'gd'], 'l-bfgs'),
  /** Above 0, default 0.03. */
  stepSize: doubleParam({ above: 0, default: 0.03 }),
  /** How many rows Spark takes at once; here it changes nothing. */
  blockSize: intParam({ atLeast: 1, default: 128 }),
  /** What the weights begin from. Default: random. */
  initialWeights: vectorParam(),
};

export type MultilayerPerceptronClassifierOptions = OptionsOf<typeof PARAMS>;

/**
 * Fits a feed-forward network that tells classes: sigmoid hidden layers, a softmax at the end, the mean of −ln of the right class's
 * probability.
 *
 * Throws `BadRowsError` for rows that are not finite numbers or whose label is no class; `UsageError` (`too-few-records`, `bad-option`).
 * Cost: O(n · weights) a step. Source: Apache Spark, MultilayerPerceptronClassifier (spark.ml).
 */
export class MultilayerPerceptronClassifier extends EstimatorStage<
  MultilayerPerceptronClassificationModel,
  typeof PARAMS
> {
  static readonly className = 'org.apache.spark.ml.classification.MultilayerPerceptronClassifier';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return fittedClassSchema(this, schema);
  }

  fit(table: Table): MultilayerPerceptronClassificationModel {
    this.transformSchema(table.schema);
    const { rows, numClasses } = classRows(this, table);
    const { matrix, labels } = rows;
    const layers = this.get('layers');
    const { columns } = 'starts' in matrix ? toDense(matrix) : matrix;
    this.#requireUnits(columns.length, numClasses);
    const objective: Objective = (weights, gradient) => networkLoss(layers, weights, columns, labels, gradient);
    const limits = { maxIter: this.get('maxIter'), tol: this.get('tol') };
    const weights =
      this.get('solver') === 'gd'
        ? descend(objective, this.#start(), { ...limits, stepSize: this.get('stepSize') })
        : minimise(objective, this.#start(), limits).x;
    if (!allFinite(weights)) {
      throw new DataError(
        'not-finite',
        `${this.uid}: fitting left the finite numbers; bring features to a smaller scale`,
      );
    }
    return new MultilayerPerceptronClassificationModel({ weights }, this.set, this.uid);
  }

  #requireUnits(features: number, classes: number): void {
    const layers = this.get('layers');
    const [first, last] = [layers[0]!, layers.at(-1)!];
    if (first === features && classes <= last) return;
    throw new UsageError(
      'bad-option',
      `${this.uid}: layers: expected ${features} units first and at least ${classes} last, got ${first} and ${last}`,
    );
  }

  #start(): Float64Array {
    const layers = this.get('layers');
    const size = networkSize(layers);
    const given = this.find('initialWeights');
    if (given !== undefined) {
      const weights = toDenseVector(given).slice();
      if (weights.length === size) return weights;
      throw new UsageError(
        'bad-option',
        `${this.uid}: initialWeights: expected ${size} numbers, got ${weights.length}`,
      );
    }
    const random = seededRandom(seedOf(this.get('seed')));
    const weights = new Float64Array(size);
    let at = 0;
    for (let l = 1; l < layers.length; l++) {
      const into = layers[l - 1]!;
      for (let p = 0; p < layers[l]! * (into + 1); p++) weights[at++] = (4.8 * random.next() - 2.4) / into;
    }
    return weights;
  }
}

/** w ← w − stepSize · gradient, until it moves by less than tol of its length. */
function descend(
  objective: Objective,
  start: Float64Array,
  { maxIter, tol, stepSize }: { readonly maxIter: number; readonly tol: number; readonly stepSize: number },
): Float64Array {
  const weights = start.slice();
  const gradient = new Float64Array(start.length);
  for (let step = 0; step < maxIter; step++) {
    objective(weights, gradient);
    for (let p = 0; p < weights.length; p++) weights[p] = weights[p]! - stepSize * gradient[p]!;
    if (stepSize * Math.sqrt(dot(gradient, gradient)) < tol * Math.max(1, Math.sqrt(dot(weights, weights)))) break;
  }
  return weights;
}

const LEARNED = { weights: vector };

export interface MultilayerPerceptronLearned {
  /** Layer after layer: the weight from unit j to unit o at j · out + o, then the biases. */
  readonly weights: Float64Array;
}

/** What `MultilayerPerceptronClassifier` has learned. `rawPrediction`: what comes out before the softmax. */
export class MultilayerPerceptronClassificationModel extends ModelStage<MultilayerPerceptronLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel';
  static readonly params = PARAMS;

  constructor(learned: MultilayerPerceptronLearned, options: MultilayerPerceptronClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), this.get('layers').at(-1)!);
  }

  static override async restore(saved: SavedStage): Promise<MultilayerPerceptronClassificationModel> {
    const { weights, layers: inData } = await saved.row({ ...LEARNED, layers: optional(list(int)) });
    const options = saved.options(PARAMS);
    const layers = options.layers ?? inData; // Spark 2 keeps them in the data
    if (layers === undefined || !PARAMS.layers.accepts(layers)) throw saved.damaged('layers', layers ?? null);
    if (networkSize(layers) !== weights.length) throw saved.damaged(`${networkSize(layers)} weights`, weights.length);
    return new MultilayerPerceptronClassificationModel({ weights }, { ...options, layers }, saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return classModelSchema(this, schema, this.get('layers').at(-1)!);
  }

  protected transformChecked(table: Table): Table {
    const layers = this.get('layers');
    const { columns } = denseFeatures(table, this.get('featuresCol'), layers[0]!, this.uid);
    const raw = networkOutputs(layers, this.learned.weights, columns);
    const probability = softmaxOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    return withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
  }
}
