import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { variance } from '../../numeric/trees/impurity.ts';
import type { OptionsOf } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage } from '../stage.ts';
import { grownForest } from './grown-forest.ts';
import { RegressionEnsembleModel, restoredEnsemble } from './tree-ensemble.ts';
import { TreeGrower } from './tree-growing.ts';
import { forestParams, TREE_PARAMS, varianceParam } from './tree-params.ts';
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
    const { labels } = grower.rows;
    const trees = grownForest(this, grower, 'onethird', (options) => grower.grow(labels, variance, options));
    return new RandomForestRegressionModel({ trees, numFeatures }, this.set, this.uid);
  }
}

/** What `RandomForestRegressor` has learned: a row is predicted the mean of what the trees predict. */
export class RandomForestRegressionModel extends RegressionEnsembleModel<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.RandomForestRegressionModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<RandomForestRegressionModel> {
    return new RandomForestRegressionModel(await restoredEnsemble(saved), saved.options(PARAMS), saved.uid);
  }

  /** Shares that add up to 1: how much each feature lowers the variance, every tree counting the same. Float64Array[d]. */
  get featureImportances(): Float64Array {
    return this.importances(true);
  }

  protected predictionOf(sums: Float64Array): Float64Array {
    const { length } = this.learned.trees;
    return sums.map((sum) => sum / length);
  }
}
