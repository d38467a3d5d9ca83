import type { Table } from '../../batch/table.ts';
import type { Estimator } from '../../contracts/estimator.ts';
import { UsageError } from '../../errors.ts';
import { seededRandom } from '../../host/random.ts';
import type { OptionsOf } from '../params/param.ts';
import { doubleParam } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import { seed } from '../params/shared-params.ts';
import type { TransformerOf } from '../pipeline.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { bestModel, restoredMetrics, restoredTuned, type Tuned, trial } from './tuned.ts';
import { restoredModel, TUNER_PARAMS, TunedModel, Tuner } from './tuner.ts';

/** What the model has too. */
const MODEL_PARAMS = {
  ...seed,
  /** Share of the rows that models are fitted on, in (0, 1); the others judge them. Default 0.75. */
  trainRatio: doubleParam({ above: 0, below: 1, default: 0.75 }),
};

const PARAMS = { ...MODEL_PARAMS, ...TUNER_PARAMS };

export type TrainValidationSplitOptions = OptionsOf<typeof PARAMS> & Tuned;

/**
 * Chooses settings of an estimator as `CrossValidator` does, by one split of the rows, so that it takes fewer fits.
 *
 * Throws `UsageError` (`bad-option`, `too-few-records`), and as the estimator and the evaluator. Cost: settings + 1 fits.
 * Source: Apache Spark, TrainValidationSplit (spark.ml).
 */
export class TrainValidationSplit extends Tuner<typeof PARAMS> implements Estimator<TrainValidationSplitModel> {
  static readonly className = 'org.apache.spark.ml.tuning.TrainValidationSplit';
  static readonly params = PARAMS;

  constructor({ estimator, evaluator, estimatorParamMaps, ...options }: TrainValidationSplitOptions, uid?: string) {
    super({ estimator, evaluator, estimatorParamMaps }, options, uid);
  }

  static override async restore(saved: SavedStage): Promise<TrainValidationSplit> {
    const options = saved.options(PARAMS, ['estimatorParamMaps']);
    return new TrainValidationSplit({ ...options, ...(await restoredTuned(saved)) }, saved.uid);
  }

  async fit(table: Table): Promise<TrainValidationSplitModel> {
    this.transformSchema(table.schema);
    const random = seededRandom(seedOf(this.get('seed')));
    const trains = Uint8Array.from({ length: table.rows }, () => (random.next() < this.get('trainRatio') ? 1 : 0));
    const [training, heldBack] = [table.filter((i) => trains[i] === 1), table.filter((i) => trains[i] === 0)];
    if (training.rows === 0 || heldBack.rows === 0) {
      throw new UsageError(
        'too-few-records',
        `${this.uid}: expected rows to learn from and to judge by, got ${table.rows}`,
      );
    }
    const trials = [];
    for (const map of this.tuned.estimatorParamMaps) trials.push(await trial(this.tuned, map, training, heldBack));
    const validationMetrics = trials.map(({ metric }) => metric);
    const best = await bestModel(this.uid, this.tuned, table, validationMetrics);
    const { parallelism: _, collectSubModels = false, ...options } = this.set;
    const kept = collectSubModels ? { subModels: trials.map(({ model }) => model) } : {};
    const learned = { bestModel: best, validationMetrics, ...kept };
    return new TrainValidationSplitModel(learned, { ...options, ...this.tuned }, this.uid);
  }
}

export interface TrainValidationSplitLearned {
  readonly bestModel: TransformerOf;
  /** By settings. */
  readonly validationMetrics: readonly number[];
  /** By settings; absent where they were not to be kept. */
  readonly subModels?: readonly TransformerOf[];
}

/** What `TrainValidationSplit` has chosen. */
export class TrainValidationSplitModel extends TunedModel<TrainValidationSplitLearned, typeof MODEL_PARAMS> {
  static readonly className = 'org.apache.spark.ml.tuning.TrainValidationSplitModel';
  static readonly params = MODEL_PARAMS;

  static override async restore(saved: SavedStage): Promise<TrainValidationSplitModel> {
    const tuned = await restoredTuned(saved);
    const options = saved.options(MODEL_PARAMS, ['estimatorParamMaps']);
    const best = await restoredModel(saved, 'bestModel');
    const hasSubModels = saved.metadata['persistSubModels'] === true;
    const subModels: TransformerOf[] = [];
    for (const at of hasSubModels ? tuned.estimatorParamMaps.keys() : []) {
      subModels.push(await restoredModel(saved, `subModels/${at}`));
    }
    const validationMetrics = restoredMetrics(saved, 'validationMetrics');
    const learned = { bestModel: best, validationMetrics, ...(hasSubModels && { subModels }) };
    return new TrainValidationSplitModel(learned, { ...options, ...tuned }, saved.uid);
  }

  get validationMetrics(): readonly number[] {
    return this.learned.validationMetrics;
  }

  override savedExtra() {
    return { validationMetrics: [...this.validationMetrics], persistSubModels: this.learned.subModels !== undefined };
  }

  protected triedModels() {
    return (this.learned.subModels ?? []).map((model, at) => [String(at), model] as const);
  }
}
