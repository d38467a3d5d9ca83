import { DataError } from '../errors.ts';
import {
  type Column,
  isNumberColumn,
  isSparseRows,
  isVectorColumn,
  type Matrix,
  matrixWidth,
  type NumberColumn,
  rowsOf,
} from './column.ts';
import { columnOfValues, valueReader, vectorColumn } from './column-of-values.ts';
import type { Features } from './examples.ts';
import { type DataType, isNumeric } from './schema.ts';
import { type SparseRows, toSparse } from './sparse-rows.ts';
import { Table } from './table.ts';
import type { Vector } from './vector.ts';

/**
 * The rows of tables one after another, at least one table: the columns of the first, which the others must have too. Numbers of several
 * types are doubles; a column of nothing but nulls fits any other. Throws `DataError` where the columns differ. Cost: O(values).
 */
export function joinedTables(tables: readonly Table[]): Table {
  const [first] = tables as readonly [Table];
  if (tables.length === 1) return first;
  const { names } = first.schema;
  for (const { schema } of tables) {
    const odd = names.find((name) => !schema.has(name)) ?? schema.names.find((name) => !first.schema.has(name));
    if (odd !== undefined) throw new DataError('bad-record', `tables: column ${odd} is not in all of them`);
  }
  return Table.of(
    names.map(
      (name) =>
        [
          name,
          joinedColumns(
            name,
            tables.map((table) => table.column(name)),
          ),
        ] as const,
    ),
  );
}

/** The values of columns one after another. Throws `DataError` where their types do not fit. */
export function joinedColumns(name: string, columns: readonly Column[]): Column {
  if (columns.length === 1) return columns[0]!;
  const type = commonType(name, columns);
  if (type === 'void') return { type, rows: columns.reduce((sum, column) => sum + rowsOf(column), 0) };
  const known = columns.map((column) => (column.type === 'void' ? nulls(column.rows, type) : column));
  if (known.every(isNumberColumn)) return joinedNumbers(type as NumberColumn['type'], known);
  if (!known.every(isVectorColumn)) return columnOfValues(known.flatMap(valuesOf), type, misfit(name));
  const { categories } = known[0]!;
  const matrices = known.map(({ matrix }) => matrix).filter(({ rows }) => rows > 0);
  const widths = new Set(matrices.map(matrixWidth));
  if (matrices.length === 0) return known[0]!;
  if (widths.size > 1) return vectorColumn(known.flatMap(valuesOf) as Vector[]);
  return { type: 'vector', matrix: joinedMatrices(matrices), categories };
}

function commonType(name: string, columns: readonly Column[]): DataType {
  const types = [...new Set(columns.map(({ type }) => type))].filter((type) => type !== 'void');
  if (types.length <= 1) return types[0] ?? 'void';
  if (types.every(isNumeric)) return 'double';
  throw new DataError(
    'bad-record',
    `tables: column ${name} is of type ${types.join(' in one, ')} in another; say its type`,
  );
}

function nulls(rows: number, type: DataType): Column {
  return columnOfValues(new Array(rows).fill(null), type, misfit(''));
}

function valuesOf(column: Column): unknown[] {
  const read = valueReader(column);
  return Array.from({ length: rowsOf(column) }, (_, i) => read(i));
}

function misfit(name: string) {
  return (row: number, why: string) => {
    throw new DataError('bad-record', `tables: column ${name}: row ${row}: ${why}`);
  };
}

function joinedNumbers(type: NumberColumn['type'], columns: readonly NumberColumn[]): NumberColumn {
  const values = joined(
    Float64Array,
    columns.map((column) => column.values),
  );
  const hasNulls = columns.some((column) => column.nulls !== undefined);
  const nulls = columns.map((column) => column.nulls ?? new Uint8Array(column.values.length));
  return { type, values, nulls: hasNulls ? joined(Uint8Array, nulls) : undefined, categories: columns[0]!.categories };
}

/** Of one width. Sparse where one of them is. */
function joinedMatrices(matrices: readonly Matrix[]): Matrix {
  const rows = matrices.reduce((sum, each) => sum + each.rows, 0);
  const dense = matrices.filter((matrix): matrix is Features => !isSparseRows(matrix));
  if (dense.length === matrices.length) {
    const width = dense[0]!.columns.length;
    return {
      rows,
      columns: Array.from({ length: width }, (_, j) =>
        joined(
          Float64Array,
          dense.map((each) => each.columns[j]!),
        ),
      ),
    };
  }
  return joinedSparse(
    rows,
    matrices.map((matrix) => (isSparseRows(matrix) ? matrix : toSparse(matrix))),
  );
}

function joinedSparse(rows: number, matrices: readonly SparseRows[]): SparseRows {
  const starts = new Int32Array(rows + 1);
  let row = 0;
  let size = 0;
  for (const each of matrices) {
    for (let i = 1; i <= each.rows; i++) starts[row + i] = size + each.starts[i]!;
    row += each.rows;
    size += each.values.length;
  }
  const indices = joined(
    Int32Array,
    matrices.map((each) => each.indices),
  );
  return {
    rows,
    width: matrices[0]!.width,
    starts,
    indices,
    values: joined(
      Float64Array,
      matrices.map((each) => each.values),
    ),
  };
}

function joined<A extends Float64Array | Int32Array | Uint8Array>(
  kind: new (length: number) => A,
  parts: readonly A[],
): A {
  const all = new kind(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
