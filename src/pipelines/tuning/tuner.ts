import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Transformer } from '../../contracts/transformer.ts';
import type { OptionsOf, Params } from '../params/param.ts';
import { booleanParam, intParam } from '../params/param-kinds.ts';
import type { TransformerOf } from '../pipeline.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { type ParamMap, Stage } from '../stage.ts';
import { requireSettings, type Tuned, tunedParams, tunedSchema, tunedWith } from './tuned.ts';

/** Of an estimator that chooses, and not of its model. */
export const TUNER_PARAMS = {
  /** How many fits Spark makes at once; here they follow on each other. */
  parallelism: intParam({ atLeast: 1, default: 1 }),
  /** Whether the models that were tried are kept. Default false. */
  collectSubModels: booleanParam(false),
};

/** An estimator that chooses settings of another one. */
export abstract class Tuner<P extends Params> extends Stage<P> {
  readonly tuned: Tuned;

  constructor({ estimator, evaluator, estimatorParamMaps }: Tuned, options: OptionsOf<P>, uid?: string) {
    super(options, uid);
    this.tuned = { estimator, evaluator, estimatorParamMaps };
    requireSettings(this.uid, this.tuned);
  }

  transformSchema(schema: Schema): Schema {
    return tunedSchema(this.tuned, schema);
  }

  protected override remade(options: OptionsOf<P>, extra: ParamMap): this {
    const type = this.constructor as new (options: OptionsOf<P> & Tuned, uid: string) => this;
    return new type({ ...options, ...tunedWith(this.tuned, extra) }, this.uid);
  }

  override savedParams(): Readonly<Record<string, string>> {
    return tunedParams(this, this.tuned);
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    return savedTuned(this.tuned);
  }
}

/** What a tuner has chosen: it transforms as the best model does. */
export abstract class TunedModel<L extends { readonly bestModel: TransformerOf }, P extends Params>
  extends Stage<P>
  implements Transformer
{
  readonly learned: L;
  readonly tuned: Tuned;

  constructor(
    learned: L,
    { estimator, evaluator, estimatorParamMaps, ...options }: OptionsOf<P> & Tuned,
    uid?: string,
  ) {
    super(options as unknown as OptionsOf<P>, uid);
    this.learned = learned;
    this.tuned = { estimator, evaluator, estimatorParamMaps };
  }

  get bestModel(): TransformerOf {
    return this.learned.bestModel;
  }

  transformSchema(schema: Schema): Schema {
    return this.bestModel.transformSchema(schema);
  }

  async transform(table: Table): Promise<Table> {
    return this.bestModel.transform(table);
  }

  protected override remade(options: OptionsOf<P>, extra: ParamMap): this {
    const type = this.constructor as new (learned: L, options: OptionsOf<P> & Tuned, uid: string) => this;
    return new type(
      { ...this.learned, bestModel: this.bestModel.copy(extra) },
      { ...options, ...this.tuned },
      this.uid,
    );
  }

  override savedParams(): Readonly<Record<string, string>> {
    return tunedParams(this, this.tuned);
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    const tried = this.triedModels().map(([place, model]) => [`subModels/${place}`, model] as const);
    return [...savedTuned(this.tuned), ['bestModel', this.bestModel], ...tried];
  }

  /** The models that were tried and kept, each with its place among them. */
  protected abstract triedModels(): readonly (readonly [place: string, model: Stage])[];
}

function savedTuned({ estimator, evaluator }: Tuned): (readonly [string, Stage])[] {
  return [
    ['estimator', estimator],
    ['evaluator', evaluator],
  ];
}

/** The model in a folder of a saved one. Throws `StateError` (`damaged`) where what is there is none. */
export async function restoredModel(saved: SavedStage, folder: string): Promise<TransformerOf> {
  const stage = await saved.stage(folder);
  if ('transform' in stage) return stage as TransformerOf;
  throw saved.damaged('a model', stage.stageClass.className);
}
