/** The kinds of parameter that stages have, as in `spark.ml.param`. */
import { doubleOfJson, type JsonValue, jsonOfDouble } from '../saved/json-text.ts';
import type { Param } from './param.ts';

interface Bounds {
  readonly atLeast?: number;
  readonly above?: number;
  readonly atMost?: number;
  readonly below?: number;
}

export function booleanParam(defaultValue?: boolean): Param<boolean> {
  return {
    default: defaultValue,
    expected: 'true or false',
    accepts: (value) => typeof value === 'boolean',
    toJson: String,
    fromJson: (json) => json,
  };
}

export function intParam(bounds: Bounds & { readonly default?: number } = {}): Param<number> {
  const limits = { ...bounds, atMost: bounds.atMost ?? 2 ** 31 - 1 };
  return {
    default: bounds.default,
    expected: `a whole number${inWords(bounds)}`,
    accepts: (value) => Number.isInteger(value) && within(value as number, limits),
    toJson: String,
    fromJson: (json) => json,
  };
}

/** A whole number of 64 bits, such as a seed; those beyond 2^53 are bigints. */
export function longParam(bounds: Bounds & { readonly default?: number | bigint } = {}): Param<number | bigint> {
  return {
    default: bounds.default,
    expected: `a whole number${inWords(bounds)}`,
    accepts: (value) => (Number.isSafeInteger(value) || isLong(value)) && within(value as number, bounds),
    toJson: String,
    fromJson: (json) => json,
  };
}

export function doubleParam(bounds: Bounds & { readonly default?: number } = {}): Param<number> {
  const bounded = ['atLeast', 'above', 'atMost', 'below'].some((bound) => bound in bounds);
  return {
    default: bounds.default,
    expected: `a number${inWords(bounds)}`,
    accepts: (value) => typeof value === 'number' && (!bounded || within(value, bounds)),
    toJson: jsonOfDouble,
    fromJson: (json) => doubleOfJson(json) ?? json,
  };
}

export function stringParam(defaultValue?: string): Param<string> {
  return {
    default: defaultValue,
    expected: 'a text',
    accepts: (value) => typeof value === 'string',
    toJson: (value) => JSON.stringify(value),
    fromJson: (json) => json,
  };
}

/** One of these words. Spark takes some of them in any case of letters; so does `anyCase`. */
export function choiceParam<const C extends string>(
  choices: readonly C[],
  defaultValue?: C,
  { anyCase = false }: { readonly anyCase?: boolean } = {},
): Param<C> {
  const known = (word: string) =>
    choices.some((choice) => (anyCase ? choice.toLowerCase() === word.toLowerCase() : choice === word));
  const spelled = (json: JsonValue) =>
    choices.find((choice) => choice.toLowerCase() === String(json).toLowerCase()) ?? json;
  return {
    default: defaultValue,
    expected: `one of ${choices.join(', ')}`,
    accepts: (value) => typeof value === 'string' && known(value),
    toJson: (value) => JSON.stringify(value),
    fromJson: (json) => (anyCase ? spelled(json) : json),
  };
}

/** A list of what `item` takes, of at least `minLength`. */
export function listParam<V>(
  item: Param<V>,
  { minLength = 0, default: defaultValue }: { readonly minLength?: number; readonly default?: readonly V[] } = {},
): Param<readonly V[]> {
  return {
    default: defaultValue,
    expected: `a list, each ${item.expected}${minLength > 0 ? `, at least ${minLength} of them` : ''}`,
    accepts: (value) => Array.isArray(value) && value.length >= minLength && value.every((each) => item.accepts(each)),
    toJson: (values) => `[${values.map((value) => item.toJson(value)).join(',')}]`,
    fromJson: (json) => (Array.isArray(json) ? json.map((each) => item.fromJson(each)) : json),
  };
}

export function stringsParam(defaultValue?: readonly string[]): Param<readonly string[]> {
  return listParam(stringParam(), defaultValue === undefined ? {} : { default: defaultValue });
}

/** Texts by name. */
export function mapParam(): Param<Readonly<Record<string, string>>> {
  const isRecord = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    expected: 'an object of texts',
    accepts: (value) => isRecord(value) && Object.values(value).every((each) => typeof each === 'string'),
    toJson: (value) => JSON.stringify(value),
    fromJson: (json) => json,
  };
}

/** `param` under a condition that its kind can't say. */
export function restricted<V>(param: Param<V>, expected: string, holds: (value: V) => boolean): Param<V> {
  return { ...param, expected, accepts: (value) => param.accepts(value) && holds(value as V) };
}

/** `param` with a default that is made from the stage's uid. */
export function withDefaultFor<V>(param: Param<V>, defaultFor: (uid: string) => V): Param<V> {
  return { ...param, defaultFor };
}

function within(value: number, { atLeast, above, atMost, below }: Bounds): boolean {
  return (
    (atLeast === undefined || value >= atLeast) &&
    (above === undefined || value > above) &&
    (atMost === undefined || value <= atMost) &&
    (below === undefined || value < below)
  );
}

function inWords({ atLeast, above, atMost, below }: Bounds): string {
  const low = atLeast !== undefined ? `of at least ${atLeast}` : above !== undefined ? `above ${above}` : '';
  const high = atMost !== undefined ? `at most ${atMost}` : below !== undefined ? `below ${below}` : '';
  return [low, high]
    .filter(Boolean)
    .map((words) => ` ${words}`)
    .join(' and');
}

function isLong(value: unknown): boolean {
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value;
}
