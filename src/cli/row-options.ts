import { InvalidArgumentError } from 'commander';
import type { DataType, Field } from '../pipelines/index.ts';

/** What lines of rows are. */
export const ROW_FORMATS = ['csv', 'json'] as const;

export type RowFormat = (typeof ROW_FORMATS)[number];

/** What people write for types, and Spark's other names of some. */
const TYPES: Readonly<Record<string, DataType>> = {
  double: 'double',
  float: 'float',
  int: 'int',
  integer: 'int',
  bigint: 'bigint',
  long: 'bigint',
  smallint: 'smallint',
  tinyint: 'tinyint',
  boolean: 'boolean',
  string: 'string',
  vector: 'vector',
  'array<string>': 'array<string>',
  'array<double>': 'array<double>',
};

/** `delay double, origin string`, as commander parses it. */
export function fieldsOf(text: string): readonly Field[] {
  return text.split(',').map((field): Field => {
    const [, name, type = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(field) ?? [];
    const known = Object.hasOwn(TYPES, type.toLowerCase()) ? TYPES[type.toLowerCase()] : undefined;
    if (name !== undefined && known !== undefined) return { name, type: known };
    throw new InvalidArgumentError(
      `Expected names with types, such as 'delay double, origin string', got '${field.trim()}'. Types are ${Object.keys(TYPES).join(', ')}.`,
    );
  });
}
