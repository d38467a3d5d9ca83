import type { Schema } from '../batch/schema.ts';
import type { Table } from '../batch/table.ts';
import type { Estimator } from '../contracts/estimator.ts';
import type { Transformer } from '../contracts/transformer.ts';
import { excerpt, UsageError } from '../errors.ts';
import { arbitraryHex } from '../host/random.ts';
import type { OptionsOf, Params, ValueOf } from './params/param.ts';
import { type SaveOptions, saveStage } from './save-stage.ts';
import type { SavedData } from './saved/data-types.ts';
import type { JsonValue } from './saved/json-text.ts';
import type { SavedStage } from './saved/saved-stage.ts';

/** A parameter's value for the stage that has this uid: what a grid of settings is made of. */
export interface ParamPair {
  readonly parent: string;
  readonly name: string;
  readonly value: unknown;
}

export type ParamMap = readonly ParamPair[];

/** A class of stages. */
export interface StageClass<S extends Stage = Stage> {
  readonly name: string;
  readonly prototype: S;
  /** The name under which it is saved: that of Spark's class, where Spark has one. */
  readonly className: string;
  readonly params: Params;
  /** The stage that was saved. Throws `StateError` where what is there is not a whole one. */
  restore(saved: SavedStage): Stage | Promise<Stage>;
}

/** A class of stages that are made from their parameters alone. */
interface RestorableClass {
  readonly params: Params;
  new (options: never, uid: string): Stage;
}

/**
 * What estimators, transformers and models share: a uid, and parameters, which are set once, when it is made. A concrete class has
 * `static className` and `static params`.
 */
export abstract class Stage<P extends Params = Params> {
  readonly uid: string;
  /** What was set; for saving. */
  readonly set: OptionsOf<P>;

  /** Throws `UsageError` (`bad-option`) naming the parameter that is unknown or has a value that it can't take. */
  constructor(options: OptionsOf<P> = {}, uid?: string) {
    this.uid = uid ?? `${new.target.name}_${arbitraryHex(12)}`;
    this.set = checkedOptions(this.stageClass.params, options, this.uid);
  }

  /** The stage that was saved; of a class with more to it than parameters, its own. */
  static restore(this: RestorableClass, saved: SavedStage): Stage | Promise<Stage> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked, not this one.
    return new this(saved.options(this.params) as never, saved.uid);
  }

  get stageClass(): StageClass<this> {
    return this.constructor as unknown as StageClass<this>;
  }

  /** A parameter's value: as set, or its default. Throws `UsageError` (`bad-option`) where there is neither. */
  get<K extends keyof P & string>(name: K): ValueOf<P[K]> {
    const value = this.find(name);
    if (value !== undefined) return value;
    throw new UsageError('bad-option', `${this.uid}: parameter ${name} is not set and has no default; give it`);
  }

  /** As `get`, and undefined where there is neither. */
  find<K extends keyof P & string>(name: K): ValueOf<P[K]> | undefined {
    return this.set[name] ?? this.defaultOf(name);
  }

  defaultOf<K extends keyof P & string>(name: K): ValueOf<P[K]> | undefined {
    const param = this.stageClass.params[name]!;
    return (param.default ?? param.defaultFor?.(this.uid)) as ValueOf<P[K]> | undefined;
  }

  /** The same stage with other values of some parameters; its uid stays. Pairs for other stages are no harm. */
  copy(extra: ParamMap): this {
    const own = extra.filter(({ parent }) => parent === this.uid).map(({ name, value }) => [name, value]);
    return this.remade({ ...this.set, ...Object.fromEntries(own) }, extra);
  }

  /** A stage like this one, of the same uid, with these options. `extra` is for stages in it. */
  protected remade(options: OptionsOf<P>, _extra: ParamMap): this {
    const type = this.constructor as new (options: OptionsOf<P>, uid: string) => this;
    return new type(options, this.uid);
  }

  abstract transformSchema(schema: Schema): Schema;

  /** What a model has learned, as tables to be saved, by the folder that each goes to: `data`, as a rule. */
  savedData(): Readonly<Record<string, SavedData>> {
    return {};
  }

  /** What was set, as JSON texts. */
  savedParams(): Readonly<Record<string, string>> {
    const { params } = this.stageClass;
    return Object.fromEntries(Object.entries(this.set).map(([name, value]) => [name, params[name]!.toJson(value)]));
  }

  /** What is saved beside the parameters, in the metadata. */
  savedExtra(): Readonly<Record<string, JsonValue>> {
    return {};
  }

  /** What is saved in a format of its own, by the path that each file goes to. */
  savedFiles(): Readonly<Record<string, Uint8Array>> {
    return {};
  }

  /** The stages that are saved with this one, each with the folder that it goes to. */
  savedStages(): readonly (readonly [folder: string, stage: Stage])[] {
    return [];
  }

  /** Saves it to a directory, whole or not at all, in Spark's layout. Throws as `saveStage`. */
  save(directory: string, options: SaveOptions = {}): Promise<void> {
    return saveStage(this, directory, options);
  }
}

/** The options that are set. Throws `UsageError` (`bad-option`) for those that the class has no parameter for, or that it can't take. */
function checkedOptions<P extends Params>(params: Params, options: OptionsOf<P>, uid: string): OptionsOf<P> {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of set) {
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param === undefined) {
      const known = Object.keys(params).join(', ');
      throw new UsageError('bad-option', `${uid}: no parameter ${name}; there are ${known || 'none'}`);
    }
    if (param.accepts(value)) continue;
    throw new UsageError(
      'bad-option',
      `${uid} parameter ${name} given invalid value ${excerpt(value)}; expected ${param.expected}`,
    );
  }
  return Object.freeze(Object.fromEntries(set)) as OptionsOf<P>;
}

/** What `transform` gives: a table at once, or one that has to be waited for. */
type Given = Table | Promise<Table>;

/** A stage that transforms tables and learns nothing; models have more to them. */
export abstract class TransformerStage<P extends Params = Params, G extends Given = Table>
  extends Stage<P>
  implements Transformer
{
  /** As `Transformer` says. The schema is checked before the data. */
  transform(table: Table): G {
    this.transformSchema(table.schema);
    return this.transformChecked(table);
  }

  /** `transform`, on a table whose schema fits. */
  protected abstract transformChecked(table: Table): G;
}

/** A stage that learns from tables. */
export abstract class EstimatorStage<M extends Stage & Transformer, P extends Params = Params>
  extends Stage<P>
  implements Estimator<M>
{
  abstract fit(table: Table): M | Promise<M>;
}

/** What an estimator has learned, as a transformer. `learned` is never changed. */
export abstract class ModelStage<L, P extends Params = Params, G extends Given = Table> extends TransformerStage<P, G> {
  readonly learned: L;

  constructor(learned: L, options: OptionsOf<P> = {}, uid?: string) {
    super(options, uid);
    this.learned = learned;
  }

  protected override remade(options: OptionsOf<P>): this {
    const type = this.constructor as new (learned: L, options: OptionsOf<P>, uid: string) => this;
    return new type(this.learned, options, this.uid);
  }
}
