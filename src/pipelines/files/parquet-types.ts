import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import type { DataType } from '../../batch/schema.ts';

/** Which columns Spark says are vectors. */
export function vectorNames({ key_value_metadata: pairs = [] }: FileMetaData): ReadonlySet<string> {
  const text = pairs.find(({ key }) => key === 'org.apache.spark.sql.parquet.row.metadata')?.value;
  const fields =
    text === undefined ? [] : (JSON.parse(text) as { fields: { name: string; type: { class?: string } }[] }).fields;
  return new Set(fields.filter(({ type }) => type?.class?.endsWith('.linalg.VectorUDT')).map(({ name }) => name));
}

/** The type of a column. */
export function typeOf({ element, children }: SchemaTree, vectors: ReadonlySet<string>): DataType {
  if (vectors.has(element.name)) return 'vector';
  if (element.converted_type === 'LIST') {
    const leaf = children[0]?.children[0]?.element ?? children[0]?.element;
    if (leaf?.type === 'DOUBLE' || leaf?.type === 'FLOAT') return 'array<double>';
    return leaf?.type === 'BYTE_ARRAY' ? 'array<string>' : 'any';
  }
  if (children.length > 0 || element.repetition_type === 'REPEATED') return 'any';
  switch (element.type) {
    case 'DOUBLE':
      return 'double';
    case 'FLOAT':
      return 'float';
    case 'BOOLEAN':
      return 'boolean';
    case 'INT32':
      return isWhole(element) ? (INT32_TYPES[element.converted_type ?? 'INT_32'] ?? 'any') : 'any';
    case 'INT64':
      return isWhole(element) && (element.converted_type ?? 'INT_64') === 'INT_64' ? 'bigint' : 'any';
    case 'BYTE_ARRAY':
      return element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING' ? 'string' : 'any';
    default:
      return 'any';
  }
}

/** Not a time, a date or a decimal, which newer writers say by the logical type alone. */
function isWhole({ logical_type: logical }: SchemaElement): boolean {
  return logical === undefined || logical.type === 'INTEGER';
}

const INT32_TYPES: Readonly<Record<string, DataType>> = { INT_8: 'tinyint', INT_16: 'smallint', INT_32: 'int' };
