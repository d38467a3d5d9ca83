/** How a file's columns are described to Parquet and to Spark. */
import type { KeyValue, SchemaElement } from 'hyparquet';
import type { SparkType } from './data-types.ts';
import { WRITTEN_SPARK_VERSION } from './metadata.ts';

/** The schema of a file whose columns are the fields of this type. */
export function elementsOf(type: SparkType): SchemaElement[] {
  const fields = typeof type === 'string' || type.type !== 'struct' ? [] : type.fields;
  return [{ name: 'spark_schema', num_children: fields.length }, ...fieldElements(type)];
}

/** What Spark notes in a file of its own: without it vectors are mere groups of columns. */
export function sparkMetadata(type: SparkType): KeyValue[] {
  return [
    { key: 'org.apache.spark.version', value: WRITTEN_SPARK_VERSION },
    { key: 'org.apache.spark.sql.parquet.row.metadata', value: JSON.stringify(type) },
  ];
}

function fieldElements(type: SparkType): SchemaElement[] {
  if (typeof type === 'string' || type.type !== 'struct') return [];
  return type.fields.flatMap(({ name, type: fieldType, nullable }) => elements(name, fieldType, nullable));
}

/** A field as Parquet has it: itself, then its parts. */
function elements(name: string, type: SparkType, nullable: boolean): SchemaElement[] {
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  if (typeof type === 'string') return [{ name, repetition_type, ...PRIMITIVES[type] }];
  switch (type.type) {
    case 'udt':
      return elements(name, type.sqlType, nullable);
    case 'struct':
      return [{ name, repetition_type, num_children: type.fields.length }, ...fieldElements(type)];
    case 'array':
      return [
        { name, repetition_type, num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        ...elements('element', type.elementType, type.containsNull),
      ];
  }
}

const PRIMITIVES: Readonly<Record<Extract<SparkType, string>, Partial<SchemaElement>>> = {
  byte: { type: 'INT32', converted_type: 'INT_8' },
  short: { type: 'INT32', converted_type: 'INT_16' },
  integer: { type: 'INT32' },
  long: { type: 'INT64' },
  float: { type: 'FLOAT' },
  double: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  boolean: { type: 'BOOLEAN' },
};

/** How a file's metadata is read: looking for columns of GeoParquet, which no table here has, does not end on a schema that was tampered with. */
export const METADATA_READING = { geoparquet: false } as const;
