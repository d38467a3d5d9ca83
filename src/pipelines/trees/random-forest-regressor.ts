import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { variance } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { DecisionTreeRegressionModel } from './decision-tree-regressor.ts';
import { leafSums, withLeafColumn } from './leaf-columns.ts';
import { ensembleData, restoredShape, restoredTrees } from './tree-data.ts';
import { TreeGrower } from './tree-growing.ts';
import { featuresPerNode, forestParams, TREE_PARAMS, varianceParam } from './tree-params.ts';
import { requireTreeColumns, treeSettings, valueTreeSchema } from './tree-settings.ts';

const PARAMS = { ...TREE_PARAMS, ...varianceParam, ...forestParams };

export type RandomForestRegressorOptions = OptionsOf<typeof PARAMS>;

/**
 * Grows decision trees that predict values, each on rows drawn with replacement, each split chosen from some of the features, and takes
 * their mean. `featureSubsetStrategy`: `auto` is all for one tree, and a third of them for more.
 *
 * Throws as `DecisionTreeRegressor`. Cost: O(trees · n · d · depth). Source: Breiman, Random Forests, 2001; Apache Spark,
 * RandomForestRegressor (spark.ml).
 */
export class RandomForestRegressor extends EstimatorStage<RandomForestRegressionModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.RandomForestRegressor';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return valueTreeSchema(this, schema, 'vector');
  }

  fit(table: Table): RandomForestRegressionModel {
    this.transformSchema(table.schema);
    const grower = new TreeGrower(table, this.uid, treeSettings(this));
    const numFeatures = grower.features.columns.length;
    const numTrees = this.get('numTrees');
    const perNode = featuresPerNode(
      this.get('featureSubsetStrategy'),
      numFeatures,
      numTrees === 1 ? 'all' : 'onethird',
    );
    const trees = Array.from({ length: numTrees }, () => {
      const counts = grower.drawn(this.get('subsamplingRate'), this.get('bootstrap'));
      return grower.grow(grower.rows.labels, variance, { counts, perNode });
    });
    return new RandomForestRegressionModel({ trees, numFeatures }, this.set, this.uid);
  }
}

export interface RandomForestRegressionLearned {
  /** Each its nodes in pre-order. */
  readonly trees: readonly (readonly TreeNode[])[];
  readonly numFeatures: number;
}

/** What `RandomForestRegressor` has learned: a row is predicted the mean of what the trees predict. */
export class RandomForestRegressionModel extends ModelStage<RandomForestRegressionLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.RandomForestRegressionModel';
  static readonly params = PARAMS;
  readonly #forest: Forest;

  constructor(learned: RandomForestRegressionLearned, options: RandomForestRegressorOptions = {}, uid?: string) {
    super(learned, options, uid);
    this.#forest = forestOf(learned.trees);
  }

  static override async restore(saved: SavedStage): Promise<RandomForestRegressionModel> {
    const shape = restoredShape(saved, 0);
    const trees = (await restoredTrees(saved, shape)).map(({ nodes }) => nodes);
    const learned = { trees, numFeatures: shape.numFeatures };
    return new RandomForestRegressionModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    const { trees, numFeatures } = this.learned;
    return ensembleData(
      trees.map((nodes) => ({ nodes, weight: 1 })),
      (nodes, index) => new DecisionTreeRegressionModel({ nodes, numFeatures }, {}, `dtr_${index}`),
    );
  }

  override savedExtra() {
    return { numFeatures: this.learned.numFeatures, numTrees: this.learned.trees.length };
  }

  /** Shares that add up to 1: how much each feature lowers the variance, every tree counting the same. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const { trees, numFeatures } = this.learned;
    return featureImportances(trees, numFeatures, ([count]) => count!, { perTree: true });
  }

  transformSchema(schema: Schema): Schema {
    return valueTreeSchema(this, schema, 'vector');
  }

  protected transformChecked(table: Table): Table {
    const { trees, numFeatures } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const name = this.get('predictionCol');
    const predictions = Float64Array.from(trees.flatMap((nodes) => nodes.map(({ prediction }) => prediction)));
    const sums = leafSums(this.#forest, design, predictions);
    const out = name
      ? table.withColumn(name, { type: 'double', values: sums.map((sum) => sum / trees.length) })
      : table;
    return withLeafColumn(out, this.get('leafCol'), 'vector', { forest: this.#forest, trees, design });
  }
}
