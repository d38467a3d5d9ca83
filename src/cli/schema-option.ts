import { InvalidArgumentError } from 'commander';
import { type DataType, type Field, Schema } from '../pipelines/index.ts';

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
export function schemaOf(text: string): Schema {
  const fields = text.split(',').map((field): Field => {
    const [, name, type = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(field) ?? [];
    const known = Object.hasOwn(TYPES, type.toLowerCase()) ? TYPES[type.toLowerCase()] : undefined;
    if (name !== undefined && known !== undefined) return { name, type: known };
    throw new InvalidArgumentError(
      `Expected names with types, such as 'delay double, origin string', got '${field.trim()}'. Types are ${Object.keys(TYPES).join(', ')}.`,
    );
  });
  return new Schema(fields);
}
