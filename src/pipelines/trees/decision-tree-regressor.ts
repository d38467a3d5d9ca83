import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { variance } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import { stringParam } from '../params/param-kinds.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { leafSums, withLeafColumn } from './leaf-columns.ts';
import { restoredShape, restoredTree, treeData } from './tree-data.ts';
import { TreeGrower } from './tree-growing.ts';
import { TREE_PARAMS, varianceParam } from './tree-params.ts';
import { requireTreeColumns, treeSettings, valueTreeSchema } from './tree-settings.ts';

const PARAMS = {
  ...TREE_PARAMS,
  ...varianceParam,
  /** The column that says how much the labels of a row's leaf vary. Default: none. */
  varianceCol: stringParam(),
};

export type DecisionTreeRegressorOptions = OptionsOf<typeof PARAMS>;

/**
 * Grows a decision tree that predicts values: each split is the one that leaves the least variance. Features are split as by
 * `DecisionTreeClassifier`.
 *
 * Throws `BadRowsError` for rows that are not finite numbers or whose category is none; `UsageError` (`too-few-records`, `bad-option`).
 * Cost: O(n · d · depth). Source: Apache Spark, DecisionTreeRegressor (spark.ml).
 */
export class DecisionTreeRegressor extends EstimatorStage<DecisionTreeRegressionModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.DecisionTreeRegressor';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return valueTreeSchema(this, schema, 'double', this.find('varianceCol'));
  }

  fit(table: Table): DecisionTreeRegressionModel {
    this.transformSchema(table.schema);
    const grower = new TreeGrower(table, this.uid, treeSettings(this));
    const nodes = grower.grow(grower.rows.labels, variance);
    return new DecisionTreeRegressionModel({ nodes, numFeatures: grower.features.columns.length }, this.set, this.uid);
  }
}

export interface DecisionTreeRegressionLearned {
  /** In pre-order. */
  readonly nodes: readonly TreeNode[];
  readonly numFeatures: number;
}

/** What `DecisionTreeRegressor` has learned: a row is predicted the mean label of its leaf. */
export class DecisionTreeRegressionModel extends ModelStage<DecisionTreeRegressionLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.DecisionTreeRegressionModel';
  static readonly params = PARAMS;
  readonly #forest: Forest;

  constructor(learned: DecisionTreeRegressionLearned, options: DecisionTreeRegressorOptions = {}, uid?: string) {
    super(learned, options, uid);
    this.#forest = forestOf([learned.nodes]);
  }

  static override async restore(saved: SavedStage): Promise<DecisionTreeRegressionModel> {
    const shape = restoredShape(saved, 0);
    const learned = { nodes: await restoredTree(saved, shape), numFeatures: shape.numFeatures };
    return new DecisionTreeRegressionModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return treeData(this.learned.nodes);
  }

  override savedExtra() {
    return { numFeatures: this.learned.numFeatures };
  }

  /** Shares that add up to 1: how much each feature lowers the variance. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const { nodes, numFeatures } = this.learned;
    return featureImportances([nodes], numFeatures, ([count]) => count!, { perTree: true });
  }

  transformSchema(schema: Schema): Schema {
    return valueTreeSchema(this, schema, 'double', this.find('varianceCol'));
  }

  protected transformChecked(table: Table): Table {
    const { nodes, numFeatures } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const [predictionCol, varianceCol] = [this.get('predictionCol'), this.find('varianceCol')];
    const byLeaf = (of: (node: TreeNode) => number) => leafSums(this.#forest, design, Float64Array.from(nodes, of));
    let out = table;
    if (predictionCol)
      out = out.withColumn(predictionCol, { type: 'double', values: byLeaf((node) => node.prediction) });
    if (varianceCol) {
      const values = byLeaf(({ impurityStats }) => variance.measure(Float64Array.from(impurityStats), 0));
      out = out.withColumn(varianceCol, { type: 'double', values });
    }
    return withLeafColumn(out, this.get('leafCol'), 'double', { forest: this.#forest, trees: [nodes], design });
  }
}
