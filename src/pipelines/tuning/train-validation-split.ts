import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Estimator } from '../../contracts/estimator.ts';
import type { Transformer } from '../../contracts/transformer.ts';
import { UsageError } from '../../errors.ts';
import { seededRandom } from '../../host/random.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, doubleParam, intParam } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import { seed } from '../params/shared-params.ts';
import type { TransformerOf } from '../pipeline.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { type ParamMap, Stage } from '../stage.ts';
import {
  bestModel,
  requireSettings,
  restoredMetrics,
  restoredTuned,
  type Tuned,
  trial,
  tunedParams,
  tunedSchema,
  tunedWith,
} from './tuned.ts';

/** What the model has too. */
const MODEL_PARAMS = {
  ...seed,
  /** Share of the rows that models are fitted on, in (0, 1); the others judge them. Default 0.75. */
  trainRatio: doubleParam({ above: 0, below: 1, default: 0.75 }),
};

const PARAMS = {
  ...MODEL_PARAMS,
  /** How many fits Spark makes at once; here they follow on each other. */
  parallelism: intParam({ atLeast: 1, default: 1 }),
  /** Whether the models of all settings are kept. Default false. */
  collectSubModels: booleanParam(false),
};

export type TrainValidationSplitOptions = OptionsOf<typeof PARAMS> & Tuned;

/**
 * Chooses settings of an estimator as `CrossValidator` does, by one split of the rows, so that it takes fewer fits.
 *
 * Throws `UsageError` (`bad-option`, `too-few-records`), and as the estimator and the evaluator. Cost: settings + 1 fits.
 * Source: Apache Spark, TrainValidationSplit (spark.ml).
 */
export class TrainValidationSplit extends Stage<typeof PARAMS> implements Estimator<TrainValidationSplitModel> {
  static readonly className = 'org.apache.spark.ml.tuning.TrainValidationSplit';
  static readonly params = PARAMS;
  readonly tuned: Tuned;

  constructor({ estimator, evaluator, estimatorParamMaps, ...options }: TrainValidationSplitOptions, uid?: string) {
    super(options, uid);
    this.tuned = { estimator, evaluator, estimatorParamMaps };
    requireSettings(this.uid, this.tuned);
  }

  static override async restore(saved: SavedStage): Promise<TrainValidationSplit> {
    return new TrainValidationSplit(
      { ...saved.options(PARAMS, ['estimatorParamMaps']), ...(await restoredTuned(saved)) },
      saved.uid,
    );
  }

  transformSchema(schema: Schema): Schema {
    return tunedSchema(this.tuned, schema);
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

  protected override remade(options: OptionsOf<typeof PARAMS>, extra: ParamMap): this {
    return new TrainValidationSplit({ ...options, ...tunedWith(this.tuned, extra) }, this.uid) as this;
  }

  override savedParams(): Readonly<Record<string, string>> {
    return tunedParams(this, this.tuned);
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    return [
      ['estimator', this.tuned.estimator],
      ['evaluator', this.tuned.evaluator],
    ];
  }
}

export interface TrainValidationSplitLearned {
  readonly bestModel: TransformerOf;
  /** By settings. */
  readonly validationMetrics: readonly number[];
  /** By settings; absent where they were not to be kept. */
  readonly subModels?: readonly TransformerOf[];
}

/** What `TrainValidationSplit` has chosen: it transforms as the best model does. */
export class TrainValidationSplitModel extends Stage<typeof MODEL_PARAMS> implements Transformer {
  static readonly className = 'org.apache.spark.ml.tuning.TrainValidationSplitModel';
  static readonly params = MODEL_PARAMS;
  readonly learned: TrainValidationSplitLearned;
  readonly tuned: Tuned;

  constructor(
    learned: TrainValidationSplitLearned,
    { estimator, evaluator, estimatorParamMaps, ...options }: OptionsOf<typeof MODEL_PARAMS> & Tuned,
    uid?: string,
  ) {
    super(options, uid);
    this.learned = learned;
    this.tuned = { estimator, evaluator, estimatorParamMaps };
  }

  static override async restore(saved: SavedStage): Promise<TrainValidationSplitModel> {
    const tuned = await restoredTuned(saved);
    const best = await saved.stage('bestModel');
    if (!('transform' in best)) throw saved.damaged('a model', best.stageClass.className);
    const hasSubModels = saved.metadata['persistSubModels'] === true;
    const subModels: TransformerOf[] = [];
    for (const at of hasSubModels ? tuned.estimatorParamMaps.keys() : []) {
      subModels.push((await saved.stage(`subModels/${at}`)) as TransformerOf);
    }
    const learned = {
      bestModel: best as TransformerOf,
      validationMetrics: restoredMetrics(saved, 'validationMetrics'),
      ...(hasSubModels && { subModels }),
    };
    return new TrainValidationSplitModel(
      learned,
      { ...saved.options(MODEL_PARAMS, ['estimatorParamMaps']), ...tuned },
      saved.uid,
    );
  }

  get bestModel(): TransformerOf {
    return this.learned.bestModel;
  }

  get validationMetrics(): readonly number[] {
    return this.learned.validationMetrics;
  }

  transformSchema(schema: Schema): Schema {
    return this.bestModel.transformSchema(schema);
  }

  async transform(table: Table): Promise<Table> {
    return this.bestModel.transform(table);
  }

  protected override remade(options: OptionsOf<typeof MODEL_PARAMS>, extra: ParamMap): this {
    const learned = { ...this.learned, bestModel: this.bestModel.copy(extra) };
    return new TrainValidationSplitModel(learned, { ...options, ...this.tuned }, this.uid) as this;
  }

  override savedParams(): Readonly<Record<string, string>> {
    return tunedParams(this, this.tuned);
  }

  override savedExtra() {
    return { validationMetrics: [...this.validationMetrics], persistSubModels: this.learned.subModels !== undefined };
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    const subModels = (this.learned.subModels ?? []).map((model, at) => [`subModels/${at}`, model] as const);
    const { estimator, evaluator } = this.tuned;
    return [['estimator', estimator], ['evaluator', evaluator], ['bestModel', this.bestModel], ...subModels];
  }
}
