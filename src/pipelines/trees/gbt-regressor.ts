import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { BOOSTING_LOSSES, BOOSTING_PARAMS, type Boosted, boosted, weightedLeaves } from './boosting.ts';
import { DecisionTreeRegressionModel } from './decision-tree-regressor.ts';
import { leafSums, withLeafColumn } from './leaf-columns.ts';
import { ensembleData, restoredShape, restoredTrees } from './tree-data.ts';
import { requireTreeColumns, treeSettings, valueTreeSchema } from './tree-settings.ts';

const PARAMS = {
  ...BOOSTING_PARAMS,
  lossType: choiceParam(['squared', 'absolute'], 'squared', { anyCase: true }),
};

export type GBTRegressorOptions = OptionsOf<typeof PARAMS>;

/**
 * Boosts decision trees that predict values: the first predicts the labels, each further one what is left of them.
 *
 * Throws as `DecisionTreeRegressor`. Cost: O(trees · n · d · depth). Source: Apache Spark, GBTRegressor (spark.ml).
 */
export class GBTRegressor extends EstimatorStage<GBTRegressionModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.GBTRegressor';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return valueTreeSchema(this, schema, 'vector');
  }

  fit(table: Table): GBTRegressionModel {
    this.transformSchema(table.schema);
    const loss = BOOSTING_LOSSES[this.get('lossType').toLowerCase() as 'squared' | 'absolute'];
    const learned = boosted(table, this, treeSettings(this), loss, (label) => label);
    return new GBTRegressionModel(learned, this.set, this.uid);
  }
}

/** What `GBTRegressor` has learned: a row is predicted the weighted sum of what the trees predict. */
export class GBTRegressionModel extends ModelStage<Boosted, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.GBTRegressionModel';
  static readonly params = PARAMS;
  readonly #forest: Forest;

  constructor(learned: Boosted, options: GBTRegressorOptions = {}, uid?: string) {
    super(learned, options, uid);
    this.#forest = forestOf(learned.trees.map(({ nodes }) => nodes));
  }

  static override async restore(saved: SavedStage): Promise<GBTRegressionModel> {
    const shape = restoredShape(saved, 0);
    const learned = { trees: await restoredTrees(saved, shape), numFeatures: shape.numFeatures };
    return new GBTRegressionModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    const { trees, numFeatures } = this.learned;
    return ensembleData(
      trees,
      (nodes, index) => new DecisionTreeRegressionModel({ nodes, numFeatures }, {}, `dtr_${index}`),
    );
  }

  override savedExtra() {
    return { numFeatures: this.learned.numFeatures, numTrees: this.learned.trees.length };
  }

  /** Shares that add up to 1: how much each feature lowers the variance. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const { trees, numFeatures } = this.learned;
    const all = trees.map(({ nodes }) => nodes);
    return featureImportances(all, numFeatures, ([count]) => count!, { perTree: false });
  }

  transformSchema(schema: Schema): Schema {
    return valueTreeSchema(this, schema, 'vector');
  }

  protected transformChecked(table: Table): Table {
    const { trees, numFeatures } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const name = this.get('predictionCol');
    const values = leafSums(this.#forest, design, weightedLeaves(trees));
    const out = name ? table.withColumn(name, { type: 'double', values }) : table;
    const leaves = { forest: this.#forest, trees: trees.map(({ nodes }) => nodes), design };
    return withLeafColumn(out, this.get('leafCol'), 'vector', leaves);
  }
}
