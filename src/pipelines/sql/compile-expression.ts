import { valueReader } from '../../batch/column-of-values.ts';
import { type DataType, isNumeric, type Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { javaNumberText } from '../java-number-text.ts';
import { FUNCTIONS, type Value } from './functions.ts';
import type { Expression } from './select.ts';

/** An expression over the columns of a schema: its type, and a function that gives its value for each row of a table. */
export interface Compiled {
  readonly type: DataType;
  over(table: Table): (row: number) => Value;
}

/** Types of `CAST`, and the columns they make. */
const CAST_TYPES: Readonly<Record<string, DataType>> = {
  double: 'double',
  float: 'float',
  int: 'int',
  integer: 'int',
  bigint: 'bigint',
  long: 'bigint',
  boolean: 'boolean',
  string: 'string',
};

/** Throws `UsageError` where a column or a function is not there, or a value is of a type that it can't take. Sees no data. */
export function compileExpression(expression: Expression, schema: Schema): Compiled {
  switch (expression.kind) {
    case 'column': {
      const { name } = expression;
      return {
        type: schema.field(name).type,
        over: (table) => valueReader(table.column(name)) as (row: number) => Value,
      };
    }
    case 'literal': {
      const { value, isWhole } = expression;
      return { type: literalType(value, isWhole), over: () => () => value };
    }
    case 'call':
      return compileCall(
        expression.name,
        expression.args.map((arg) => compileExpression(arg, schema)),
      );
    case 'cast':
      return compileCast(compileExpression(expression.of, schema), expression.to);
    case 'case': {
      const branches = expression.branches.map((pair) => pair.map((part) => compileExpression(part, schema)));
      const otherwise = compileExpression(expression.otherwise, schema);
      const type = commonType('CASE', [...branches.map(([, then]) => then!), otherwise]);
      return {
        type,
        over(table) {
          const bound = branches.map(([when, then]) => [when!.over(table), then!.over(table)] as const);
          const rest = otherwise.over(table);
          return (i) => (bound.find(([when]) => when(i) === true)?.[1] ?? rest)(i);
        },
      };
    }
  }
}

function compileCall(name: string, args: readonly Compiled[]): Compiled {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) {
    throw new UsageError(
      'bad-option',
      `SQL: no function ${name}; there are ${Object.keys(FUNCTIONS).filter(isWord).join(', ')}`,
    );
  }
  const [least, most] = known.args;
  if (args.length < least || args.length > most) {
    throw new UsageError(
      'bad-option',
      `SQL: ${name}: expected ${least === most ? least : `${least} or more`} values, got ${args.length}`,
    );
  }
  for (const [i, { type }] of args.entries()) {
    const takes = known.takes(i);
    if (type === 'void' || takes === 'any' || (takes === 'number' ? isNumber(type) : type === takes)) continue;
    throw new UsageError('wrong-type', `SQL: ${name}: expected ${takes}, got ${type}`);
  }
  const type = known.gives === 'common' ? commonType(name, args.slice(known.from ?? 0)) : known.gives;
  if (known.comparesAll) commonType(name, args);
  return {
    type,
    over(table) {
      const bound = args.map((arg) => arg.over(table));
      if (known.sees === 'nulls') return (i) => known.compute(bound.map((read) => read(i)));
      return (i) => {
        const values = bound.map((read) => read(i));
        return values.includes(null) ? null : known.compute(values);
      };
    },
  };
}

function compileCast(of: Compiled, to: string): Compiled {
  const type = Object.hasOwn(CAST_TYPES, to) ? CAST_TYPES[to]! : undefined;
  if (type === undefined) {
    throw new UsageError('bad-option', `SQL: CAST: no type ${to}; there are ${Object.keys(CAST_TYPES).join(', ')}`);
  }
  if (!isNumeric(of.type) && of.type !== 'string' && of.type !== 'void') {
    throw new UsageError('wrong-type', `SQL: CAST: expected a number, a text or a truth value, got ${of.type}`);
  }
  return {
    type,
    over(table) {
      const read = of.over(table);
      return (i) => {
        const value = read(i);
        return value === null ? null : cast(value, of.type, type);
      };
    },
  };
}

/** A value as one of another type; null where it can't be. */
function cast(value: NonNullable<Value>, from: DataType, to: DataType): Value {
  if (to === 'string')
    return typeof value === 'number' && isNumeric(from) ? javaNumberText(value, from) : String(value);
  if (to === 'boolean') {
    if (typeof value !== 'string') return value !== 0 && value !== false;
    return /^(true|t|yes|y|1)$/i.test(value.trim()) ? true : /^(false|f|no|n|0)$/i.test(value.trim()) ? false : null;
  }
  const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
  if (Number.isNaN(number) && typeof value === 'string' && !/^nan$/i.test(value.trim())) return null;
  if (to === 'double') return number;
  if (to === 'float') return Math.fround(number);
  const whole = Number.isNaN(number) ? 0 : Math.trunc(number);
  return to === 'int' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, whole)) : whole;
}

/** The type that values of all these have together. */
function commonType(who: string, all: readonly Compiled[]): DataType {
  const types = [...new Set(all.map(({ type }) => type).filter((type) => type !== 'void'))];
  if (types.length <= 1) return types[0] ?? 'void';
  if (!types.every(isNumber))
    throw new UsageError('wrong-type', `SQL: ${who}: expected one type, got ${types.join(' and ')}; CAST`);
  const widest = ['double', 'float', 'bigint', 'int', 'smallint', 'tinyint'] as const;
  return types.includes('float') && !types.includes('double') ? 'double' : widest.find((type) => types.includes(type))!;
}

function isNumber(type: DataType): boolean {
  return isNumeric(type) && type !== 'boolean';
}

function literalType(value: Value, isWhole: boolean): DataType {
  if (value === null) return 'void';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return 'string';
  return !isWhole ? 'double' : (value as number) < 2 ** 31 ? 'int' : 'bigint';
}

function isWord(name: string): boolean {
  return /^\w+$/.test(name);
}
