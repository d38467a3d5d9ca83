import type { DataType } from '../../batch/schema.ts';

/** A value of a column; of the columns that no function computes with, any object. */
export type Value = number | string | boolean | null | object;

/** An operator or a function of SQL. */
interface SqlFunction {
  /** How many values it takes, least and most. */
  readonly args: readonly [least: number, most: number];
  /** What its value at this place has to be. */
  takes(place: number): 'number' | 'string' | 'boolean' | 'any';
  /** The type of its result; `common`: the one that its values have together, from the place `from` on. */
  readonly gives: DataType | 'common';
  readonly from?: number;
  /** Whether its values have to be of one type, whatever the result. */
  readonly comparesAll?: boolean;
  /** Whether it is called with nulls too. If not, a null among the values makes the result null. */
  readonly sees?: 'nulls';
  // biome-ignore lint/suspicious/noExplicitAny: `takes` has said what they are.
  compute(values: any[]): Value;
}

const number = (
  gives: DataType | 'common',
  args: number,
  compute: (x: number, y: number) => number | null,
): SqlFunction => ({
  args: [args, args],
  takes: () => 'number',
  gives,
  compute: ([x, y]) => compute(x, y),
});

const text = (gives: DataType, compute: (text: string) => Value): SqlFunction => ({
  args: [1, 1],
  takes: () => 'string',
  gives,
  compute: ([value]) => compute(value),
});

const comparison = (holds: (order: number) => boolean): SqlFunction => ({
  args: [2, 2],
  takes: () => 'any',
  gives: 'boolean',
  comparesAll: true,
  compute: ([a, b]) => holds(order(a, b)),
});

/** The first or the last in order; null is left out. */
const extreme = (sign: 1 | -1): SqlFunction => ({
  args: [2, Number.POSITIVE_INFINITY],
  takes: () => 'any',
  gives: 'common',
  sees: 'nulls',
  compute: (values) =>
    values.reduce(
      (best, value) => (best === null || (value !== null && sign * order(value, best) < 0) ? value : best),
      null,
    ),
});

const MANY = Number.POSITIVE_INFINITY;

/** By name. Nulls go as in SQL: `AND` and `OR` know three truth values; what is divided by 0 is null. */
export const FUNCTIONS: Readonly<Record<string, SqlFunction>> = {
  '+': number('common', 2, (x, y) => x + y),
  '-': number('common', 2, (x, y) => x - y),
  '*': number('common', 2, (x, y) => x * y),
  '/': number('double', 2, (x, y) => (y === 0 ? null : x / y)),
  '%': number('common', 2, (x, y) => (y === 0 ? null : x % y)),
  NEGATIVE: number('common', 1, (x) => -x),
  ABS: number('common', 1, Math.abs),
  SQRT: number('double', 1, Math.sqrt),
  EXP: number('double', 1, Math.exp),
  LN: number('double', 1, (x) => (x > 0 ? Math.log(x) : null)),
  LOG: number('double', 1, (x) => (x > 0 ? Math.log(x) : null)),
  LOG2: number('double', 1, (x) => (x > 0 ? Math.log2(x) : null)),
  LOG10: number('double', 1, (x) => (x > 0 ? Math.log10(x) : null)),
  LOG1P: number('double', 1, (x) => (x > -1 ? Math.log1p(x) : null)),
  SIN: number('double', 1, Math.sin),
  COS: number('double', 1, Math.cos),
  TAN: number('double', 1, Math.tan),
  TANH: number('double', 1, Math.tanh),
  SIGN: number('double', 1, Math.sign),
  POW: number('double', 2, Math.pow),
  POWER: number('double', 2, Math.pow),
  FLOOR: number('bigint', 1, Math.floor),
  CEIL: number('bigint', 1, Math.ceil),
  ISNAN: { args: [1, 1], takes: () => 'number', gives: 'boolean', compute: ([x]) => Number.isNaN(x) },
  '=': comparison((order) => order === 0),
  '<>': comparison((order) => order !== 0),
  '<': comparison((order) => order < 0),
  '<=': comparison((order) => order <= 0),
  '>': comparison((order) => order > 0),
  '>=': comparison((order) => order >= 0),
  '<=>': {
    ...comparison(() => true),
    sees: 'nulls',
    compute: ([a, b]) => (a === null || b === null ? a === b : order(a, b) === 0),
  },
  IN: {
    args: [2, MANY],
    takes: () => 'any',
    gives: 'boolean',
    comparesAll: true,
    sees: 'nulls',
    compute: ([one, ...among]) => {
      if (one === null) return null;
      return among.some((each) => each !== null && order(one, each) === 0) ? true : among.includes(null) ? null : false;
    },
  },
  LIKE: {
    args: [2, 2],
    takes: () => 'string',
    gives: 'boolean',
    compute: ([value, pattern]) => isLike(value, pattern),
  },
  NOT: { args: [1, 1], takes: () => 'boolean', gives: 'boolean', compute: ([holds]) => !holds },
  AND: {
    args: [2, 2],
    takes: () => 'boolean',
    gives: 'boolean',
    sees: 'nulls',
    compute: ([a, b]) => (a === false || b === false ? false : a === null || b === null ? null : true),
  },
  OR: {
    args: [2, 2],
    takes: () => 'boolean',
    gives: 'boolean',
    sees: 'nulls',
    compute: ([a, b]) => (a === true || b === true ? true : a === null || b === null ? null : false),
  },
  ISNULL: { args: [1, 1], takes: () => 'any', gives: 'boolean', sees: 'nulls', compute: ([value]) => value === null },
  COALESCE: {
    args: [1, MANY],
    takes: () => 'any',
    gives: 'common',
    sees: 'nulls',
    compute: (values) => values.find((value) => value !== null) ?? null,
  },
  IF: {
    args: [3, 3],
    takes: (place) => (place === 0 ? 'boolean' : 'any'),
    gives: 'common',
    from: 1,
    sees: 'nulls',
    compute: ([holds, then, otherwise]) => (holds === true ? then : otherwise),
  },
  LEAST: extreme(1),
  GREATEST: extreme(-1),
  LOWER: text('string', (value) => value.toLowerCase()),
  UPPER: text('string', (value) => value.toUpperCase()),
  TRIM: text('string', (value) => value.replace(/^ +| +$/g, '')),
  LENGTH: text('int', (value) => [...value].length),
  CONCAT: { args: [1, MANY], takes: () => 'string', gives: 'string', compute: (values) => values.join('') },
  '||': { args: [2, 2], takes: () => 'string', gives: 'string', compute: ([a, b]) => a + b },
};

/** Numbers, texts or truth values in order; NaN is equal to itself and above all numbers, as in Spark. */
function order(a: number | string | boolean, b: number | string | boolean): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether a text is as the pattern: `%` for any characters, `_` for one. Cost: O(length · length of the pattern). */
function isLike(value: string, pattern: string): boolean {
  let reach = [true, ...new Array<boolean>(value.length).fill(false)];
  for (const sign of pattern) {
    const next = new Array<boolean>(value.length + 1).fill(false);
    next[0] = sign === '%' && reach[0]!;
    for (let i = 1; i <= value.length; i++) {
      next[i] = sign === '%' ? next[i - 1]! || reach[i]! : reach[i - 1]! && (sign === '_' || sign === value[i - 1]);
    }
    reach = next;
  }
  return reach[value.length]!;
}
