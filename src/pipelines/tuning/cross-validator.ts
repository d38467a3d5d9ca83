import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Estimator } from '../../contracts/estimator.ts';
import { UsageError } from '../../errors.ts';
import { seededRandom } from '../../host/random.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam, stringParam } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import { seed } from '../params/shared-params.ts';
import type { TransformerOf } from '../pipeline.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { bestModel, restoredMetrics, restoredTuned, type Tuned, trial } from './tuned.ts';
import { restoredModel, TUNER_PARAMS, TunedModel, Tuner } from './tuner.ts';

/** What the model has too. */
const MODEL_PARAMS = {
  ...seed,
  /** Into how many folds the rows are dealt, at least 2. Default 3. */
  numFolds: intParam({ atLeast: 2, default: 3 }),
  /** The column that says which fold each row is in, from 0; empty, the default: they are dealt at random. */
  foldCol: stringParam(''),
};

const PARAMS = { ...MODEL_PARAMS, ...TUNER_PARAMS };

export type CrossValidatorOptions = OptionsOf<typeof PARAMS> & Tuned;

/**
 * Chooses settings of an estimator: for each, the mean over the folds of the metric of a model that was fitted on the other folds. The best
 * are fitted on all rows.
 *
 * Throws `UsageError` (`bad-option`, `too-few-records`), and as the estimator and the evaluator. Cost: folds · settings + 1 fits.
 * Source: Apache Spark, CrossValidator (spark.ml).
 */
export class CrossValidator extends Tuner<typeof PARAMS> implements Estimator<CrossValidatorModel> {
  static readonly className = 'org.apache.spark.ml.tuning.CrossValidator';
  static readonly params = PARAMS;

  constructor({ estimator, evaluator, estimatorParamMaps, ...options }: CrossValidatorOptions, uid?: string) {
    super({ estimator, evaluator, estimatorParamMaps }, options, uid);
  }

  static override async restore(saved: SavedStage): Promise<CrossValidator> {
    const options = saved.options(PARAMS, ['estimatorParamMaps']);
    return new CrossValidator({ ...options, ...(await restoredTuned(saved)) }, saved.uid);
  }

  override transformSchema(schema: Schema): Schema {
    const foldCol = this.get('foldCol');
    if (foldCol) schema.requireNumeric(foldCol);
    return super.transformSchema(schema);
  }

  async fit(table: Table): Promise<CrossValidatorModel> {
    this.transformSchema(table.schema);
    const { estimatorParamMaps } = this.tuned;
    const k = this.get('numFolds');
    const folds = this.#folds(table);
    const sums = new Float64Array(estimatorParamMaps.length);
    const subModels: TransformerOf[][] = [];
    for (let fold = 0; fold < k; fold++) {
      const [training, heldBack] = [table.filter((i) => folds[i] !== fold), table.filter((i) => folds[i] === fold)];
      if (training.rows === 0 || heldBack.rows === 0) {
        throw new UsageError(
          'too-few-records',
          `${this.uid}: fold ${fold}: expected rows in it and beside it, got none`,
        );
      }
      const ofFold: TransformerOf[] = [];
      for (const [at, map] of estimatorParamMaps.entries()) {
        const { metric, model } = await trial(this.tuned, map, training, heldBack);
        sums[at] = sums[at]! + metric;
        ofFold.push(model);
      }
      subModels.push(ofFold);
    }
    const avgMetrics = Array.from(sums, (sum) => sum / k);
    const best = await bestModel(this.uid, this.tuned, table, avgMetrics);
    const { parallelism: _, collectSubModels = false, ...options } = this.set;
    const kept = collectSubModels ? { subModels } : {};
    return new CrossValidatorModel({ bestModel: best, avgMetrics, ...kept }, { ...options, ...this.tuned }, this.uid);
  }

  #folds(table: Table): ArrayLike<number> {
    const [k, foldCol] = [this.get('numFolds'), this.get('foldCol')];
    if (!foldCol) {
      const random = seededRandom(seedOf(this.get('seed')));
      return Int32Array.from({ length: table.rows }, () => Math.floor(k * random.next()));
    }
    const { values } = table.numbers(foldCol);
    const isFold = (fold: number) => Number.isInteger(fold) && fold >= 0 && fold < k;
    if (values.every(isFold)) return values;
    throw table.badRows(this.uid, (i) =>
      isFold(values[i]!) ? undefined : `column ${foldCol}: expected a fold from 0 to ${k - 1}, got ${values[i]}`,
    );
  }
}

export interface CrossValidatorLearned {
  readonly bestModel: TransformerOf;
  /** By settings: the mean of their metric over the folds. */
  readonly avgMetrics: readonly number[];
  /** By fold, by settings; absent where they were not to be kept. */
  readonly subModels?: readonly (readonly TransformerOf[])[];
}

/** What `CrossValidator` has chosen. */
export class CrossValidatorModel extends TunedModel<CrossValidatorLearned, typeof MODEL_PARAMS> {
  static readonly className = 'org.apache.spark.ml.tuning.CrossValidatorModel';
  static readonly params = MODEL_PARAMS;

  static override async restore(saved: SavedStage): Promise<CrossValidatorModel> {
    const tuned = await restoredTuned(saved);
    const options = saved.options(MODEL_PARAMS, ['estimatorParamMaps']);
    const best = await restoredModel(saved, 'bestModel');
    const subModels: TransformerOf[][] = [];
    const folds =
      saved.metadata['persistSubModels'] === true ? (options.numFolds ?? MODEL_PARAMS.numFolds.default!) : 0;
    for (let fold = 0; fold < folds; fold++) {
      const ofFold: TransformerOf[] = [];
      for (const at of tuned.estimatorParamMaps.keys()) {
        ofFold.push(await restoredModel(saved, `subModels/fold${fold}/${at}`));
      }
      subModels.push(ofFold);
    }
    const avgMetrics = restoredMetrics(saved, 'avgMetrics');
    const learned = { bestModel: best, avgMetrics, ...(folds > 0 && { subModels }) };
    return new CrossValidatorModel(learned, { ...options, ...tuned }, saved.uid);
  }

  get avgMetrics(): readonly number[] {
    return this.learned.avgMetrics;
  }

  override savedExtra() {
    return { avgMetrics: [...this.avgMetrics], persistSubModels: this.learned.subModels !== undefined };
  }

  protected triedModels() {
    return (this.learned.subModels ?? []).flatMap((ofFold, fold) =>
      ofFold.map((model, at) => [`fold${fold}/${at}`, model] as const),
    );
  }
}
