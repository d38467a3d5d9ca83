import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage } from '../stage.ts';
import { BOOSTING_LOSSES, BOOSTING_PARAMS, boosted } from './boosting.ts';
import { RegressionEnsembleModel, restoredEnsemble } from './tree-ensemble.ts';
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
export class GBTRegressionModel extends RegressionEnsembleModel<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.regression.GBTRegressionModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<GBTRegressionModel> {
    return new GBTRegressionModel(await restoredEnsemble(saved), saved.options(PARAMS), saved.uid);
  }

  /** Shares that add up to 1: how much each feature lowers the variance. Float64Array[d]. */
  get featureImportances(): Float64Array {
    return this.importances(false);
  }

  protected predictionOf(sums: Float64Array): Float64Array {
    return sums;
  }
}
