import { UsageError } from '../errors.ts';
import { type BadRow, BadRowsError } from './bad-rows.ts';
import {
  type Column,
  isNumberColumn,
  isSparseRows,
  isVectorColumn,
  type Matrix,
  type NumberColumn,
  rowsOf,
  widthOf,
} from './column.ts';
import { columnOfValues, FillingNumbers, inferType, lengthOf, type Misfit, valueReader } from './column-of-values.ts';
import type { Features } from './examples.ts';
import { keptRows, rangeOfRows } from './kept-rows.ts';
import { makeRows, readRows } from './row-functions.ts';
import { type Field, isNumeric, type NumericType, Schema } from './schema.ts';
import { toDense } from './sparse-rows.ts';

/** A record of a stream or a table: values by the names of their columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Columns by name, or in order each with its name. */
export type NamedColumns = Readonly<Record<string, Column>> | readonly (readonly [name: string, column: Column])[];

/**
 * Rows as columns: what the stages of a pipeline are given and give. It never changes, and neither must the arrays in it; a stage
 * adds columns and shares the others. What was a column of a micro-batch's features is one here without a copy, and back.
 */
export class Table {
  readonly rows: number;
  readonly schema: Schema;
  readonly #columns: ReadonlyMap<string, Column>;
  /** Int32Array[n]: for each row, where it stood in the first table. Absent where no row was left out. */
  readonly #positions: Int32Array | undefined;

  private constructor(rows: number, columns: ReadonlyMap<string, Column>, positions?: Int32Array) {
    this.rows = rows;
    this.#columns = columns;
    this.#positions = positions;
    this.schema = new Schema(Array.from(columns, ([name, column]) => fieldOf(name, column)));
  }

  /** A table of these columns, which are kept, not copied. Throws `UsageError` (`wrong-type`) unless all are of one length. */
  static of(columns: NamedColumns): Table {
    const named = new Map<string, Column>(isEntries(columns) ? columns : Object.entries(columns));
    const [first] = named.values();
    const rows = first === undefined ? 0 : rowsOf(first);
    for (const [name, column] of named) {
      if (rowsOf(column) === rows) continue;
      throw new UsageError('wrong-type', `table: expected ${rows} rows, got ${rowsOf(column)} in column ${name}`);
    }
    return new Table(rows, named);
  }

  /**
   * A table of rows. Columns and types are those of `schema`; without one, all that occur, each of the type of its first value:
   * numbers, texts, true and false; arrays of numbers are vectors, arrays of texts lists of terms. What a row lacks is null.
   * Throws `BadRowsError` naming every row with a value of another type. Cost: O(values).
   */
  static fromRows(rows: readonly Row[], schema?: Schema): Table {
    const fields: readonly Pick<Field, 'name' | 'type'>[] = schema?.fields ?? inferFields(rows);
    const bad: BadRow[] = [];
    const misfitOf = (name: string) => (position: number, why: string) =>
      void bad.push({ position, why: `${name}: ${why}` });
    const numbers = numberColumns(rows, fields, misfitOf);
    const columns = fields.map(({ name, type }): [string, Column] => {
      const known = numbers.get(name);
      if (known !== undefined) return [name, known];
      return [
        name,
        columnOfValues(
          rows.map((row) => ownValue(row, name)),
          type,
          misfitOf(name),
        ),
      ];
    });
    if (bad.length > 0) throw new BadRowsError('table', bad);
    return new Table(rows.length, new Map(columns));
  }

  /** Throws `UsageError` (`not-found`) naming the columns that there are. */
  column(name: string): Column {
    this.schema.field(name);
    return this.#columns.get(name)!;
  }

  /** A column of numbers. Throws `UsageError` (`not-found`, `wrong-type`). */
  numbers(name: string): NumberColumn {
    this.schema.requireNumeric(name);
    const column = this.column(name);
    if (isNumberColumn(column)) return column;
    return {
      type: 'double',
      values: new Float64Array(this.rows).fill(Number.NaN),
      nulls: new Uint8Array(this.rows).fill(1),
    };
  }

  /** The values of a column of texts. Throws `UsageError` (`not-found`, `wrong-type`). */
  strings(name: string): readonly (string | null)[] {
    return this.#values(name, 'string') as readonly (string | null)[];
  }

  /** The values of a column of lists of terms. Throws as above. */
  terms(name: string): readonly (readonly string[] | null)[] {
    return this.#values(name, 'array<string>') as readonly (readonly string[] | null)[];
  }

  /**
   * A column of vectors as one matrix, not copied. Throws `UsageError` (`not-found`, `wrong-type`), and `BadRowsError` naming the
   * rows that are null or of another length than the first; `VectorSizeHint` can leave them out.
   */
  matrix(name: string): Matrix {
    this.schema.require(name, ['vector']);
    const column = this.column(name);
    if (isVectorColumn(column)) return column.matrix;
    const vectors = 'ragged' in column ? column.ragged : new Array<null>(this.rows).fill(null);
    const first = vectors.find((vector) => vector !== null);
    const width = first === undefined ? 0 : lengthOf(first!);
    throw this.badRows(`column ${name}`, (i) => {
      const vector = vectors[i];
      if (vector === null || vector === undefined) return 'expected a vector, got null';
      return lengthOf(vector) === width ? undefined : `expected ${width} numbers, got ${lengthOf(vector)}`;
    });
  }

  /** As `matrix`, as dense columns: not copied, unless the vectors are sparse. Throws as `matrix`. */
  features(name: string): Features {
    const matrix = this.matrix(name);
    return isSparseRows(matrix) ? toDense(matrix) : matrix;
  }

  /** With one more column, or another in the place of the one of that name. */
  withColumn(name: string, column: Column): Table {
    if (rowsOf(column) !== this.rows) {
      throw new UsageError('wrong-type', `column ${name}: expected ${this.rows} rows, got ${rowsOf(column)}`);
    }
    return new Table(this.rows, new Map(this.#columns).set(name, column), this.#positions);
  }

  /** The same rows with other columns. */
  withColumns(columns: readonly (readonly [name: string, column: Column])[]): Table {
    return new Table(this.rows, Table.of(columns).#columns, this.#positions);
  }

  /** These columns only, in this order. */
  select(names: readonly string[]): Table {
    return new Table(this.rows, new Map(names.map((name) => [name, this.column(name)])), this.#positions);
  }

  /** Without these columns; a name that no column has is no harm. */
  drop(names: readonly string[]): Table {
    return this.select(this.schema.names.filter((name) => !names.includes(name)));
  }

  /** The rows for which `keep` is true, or this table where that is all of them. */
  filter(keep: (row: number) => boolean): Table {
    const kept: number[] = [];
    for (let i = 0; i < this.rows; i++) if (keep(i)) kept.push(i);
    return kept.length === this.rows ? this : this.take(Int32Array.from(kept));
  }

  /** The rows at these places, in this order. Cost: O(values taken). */
  take(places: Int32Array): Table {
    const columns = Array.from(this.#columns, ([name, column]): [string, Column] => [name, keptRows(column, places)]);
    const positions = this.#positions;
    return new Table(
      places.length,
      new Map(columns),
      positions === undefined ? places : places.map((at) => positions[at]!),
    );
  }

  /** The rows from `from` to before `to`, as a table of its own: positions count from its first row. Numbers are views, not copied. */
  range(from: number, to: number): Table {
    return new Table(
      to - from,
      new Map(Array.from(this.#columns, ([name, column]) => [name, rangeOfRows(column, from, to)])),
    );
  }

  /** Where a row stood in the table from which this one was filtered. */
  positionOf(row: number): number {
    return this.#positions?.[row] ?? row;
  }

  /** An error for the rows that `why` finds something wrong with, each by its position in the first table. */
  badRows(who: string, why: (row: number) => string | undefined): BadRowsError {
    const bad: BadRow[] = [];
    for (let i = 0; i < this.rows; i++) {
      const reason = why(i);
      if (reason !== undefined) bad.push({ position: this.positionOf(i), why: reason });
    }
    return new BadRowsError(who, bad);
  }

  /** The rows as objects. Vectors are typed arrays, small ones views on an array that they share, or sparse; what is null is null. */
  toRows(): Record<string, unknown>[] {
    return makeRows(this.rows, [...this.#columns.keys()], Array.from(this.#columns.values(), valueReader));
  }

  #values(name: string, type: 'string' | 'array<string>'): readonly unknown[] {
    this.schema.require(name, [type]);
    const column = this.column(name);
    return 'values' in column ? (column.values as readonly unknown[]) : new Array(this.rows).fill(null);
  }
}

function isEntries(columns: NamedColumns): columns is readonly (readonly [name: string, column: Column])[] {
  return Array.isArray(columns);
}

/** Numbers are most of what rows hold: each row is looked at once for all of them, while it is near. */
function numberColumns(
  rows: readonly Row[],
  fields: readonly Pick<Field, 'name' | 'type'>[],
  misfitOf: (name: string) => Misfit,
): Map<string, NumberColumn> {
  const known = fields.filter(({ name, type }) => isNumeric(type) && !isInherited(name));
  const names = known.map(({ name }) => name);
  const columns = known.map(({ name, type }) => new FillingNumbers(type as NumericType, rows.length, misfitOf(name)));
  readRows(rows, names, columns);
  return new Map(names.map((name, j) => [name, columns[j]!.column()]));
}

/** Whether every object has something by this name, such as `constructor`: it is no value of a row. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

function fieldOf(name: string, column: Column): Field {
  const categories = 'categories' in column ? column.categories : undefined;
  return { name, type: column.type, width: widthOf(column), categories };
}

function inferFields(rows: readonly Row[]): Field[] {
  return Array.from(namesOf(rows), (name) => ({ name, type: inferType(valuesOf(rows, name)) }));
}

/** All names that occur, in the order in which they first do. */
function namesOf(rows: readonly Row[]): ReadonlySet<string> {
  const names = new Set<string>();
  let inOrder: readonly string[] = [];
  for (const row of rows) {
    let j = 0;
    for (const name in row) if (name !== inOrder[j++]) names.add(name);
    if (names.size > inOrder.length) inOrder = [...names];
  }
  return names;
}

function* valuesOf(rows: readonly Row[], name: string): Iterable<unknown> {
  for (const row of rows) yield ownValue(row, name);
}

function ownValue(row: Row, name: string): unknown {
  return !isInherited(name) || Object.hasOwn(row, name) ? row[name] : null;
}
