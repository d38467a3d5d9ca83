import { excerpt, StateError } from '../../errors.ts';
import type { JsonValue } from '../saved/json-text.ts';

/** One parameter of a stage: what values it takes, its default, and how it is written to a saved model's JSON. */
export interface Param<V> {
  /** Absent where there is none and the user has to set it, or may leave it unset. */
  readonly default?: V | undefined;
  /** Of a default that has the stage's uid in it. */
  readonly defaultFor?: (uid: string) => V;
  /** What a value has to be, for messages: `a number in [0, 1]`. */
  readonly expected: string;
  accepts(value: unknown): boolean;
  /** The JSON text of a value, as Spark reads it. */
  toJson(value: V): string;
  /** The value of a parsed JSON; what it gives is still to be checked by `accepts`. */
  fromJson(json: JsonValue): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: parameters of every type stand side by side; `Param<unknown>` would not take them.
export type Params = Readonly<Record<string, Param<any>>>;

export type ValueOf<P> = P extends Param<infer V> ? V : never;

/** Values by the names of their parameters: what a stage is made from. All may be left out; those without a default are asked for when used. */
export type OptionsOf<P extends Params> = { readonly [K in keyof P]?: ValueOf<P[K]> | undefined };

/** What a saved model says of a parameter, checked. Throws `StateError` (`damaged`). */
export function paramFromJson<V>(param: Param<V>, name: string, json: JsonValue, who: string): V {
  const value = param.fromJson(json);
  if (param.accepts(value)) return value as V;
  throw new StateError('damaged', `${who}: parameter ${name}: expected ${param.expected}, got ${excerpt(json)}`);
}
