import type { Table } from '../../batch/table.ts';
import { rowMajor } from '../../numeric/row-major.ts';
import { type Bound, inWords, type Port, type ValueType, valuesPerRow } from './port.ts';

/** The values of some rows as one tensor: those of a row stand together. */
export interface TensorValues {
  readonly type: ValueType;
  readonly values: Float32Array | Float64Array | Int32Array | BigInt64Array | readonly string[];
  readonly shape: readonly number[];
}

/** Reads the rows from `start` up to, not including, `end`. */
export type ReadInput = (start: number, end: number) => TensorValues;

/** Whole numbers of these types lie between these two. */
const RANGES: Partial<Record<ValueType, readonly [least: number, most: number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  bool: [0, 1],
};

/** A reader of the column for its port. Throws `BadRowsError` for rows that the port can't take: null texts, numbers that are not whole or out of range. */
export function inputReader(table: Table, who: string, bound: Bound): ReadInput {
  return bound.port.type === 'string' ? textReader(table, who, bound) : numberReader(table, who, bound);
}

function textReader(table: Table, who: string, { port, column }: Bound): ReadInput {
  const isList = table.schema.field(column).type === 'array<string>';
  const texts = isList ? table.terms(column) : table.strings(column).map((text) => (text === null ? null : [text]));
  const width = valuesPerRow(port) ?? texts[0]?.length ?? 1;
  if (texts.some((each) => each?.length !== width)) {
    throw table.badRows(who, (i) => {
      const got = texts[i];
      if (got === null || got === undefined) return `column ${column}: expected a text, got null`;
      return got.length === width ? undefined : `column ${column}: expected ${width} texts, got ${got.length}`;
    });
  }
  return (start, end) => {
    const values = texts.slice(start, end).flatMap((each) => each!);
    return { type: 'string', values, shape: shapeOf(port, end - start, width) };
  };
}

function numberReader(table: Table, who: string, bound: Bound): ReadInput {
  const { port, column } = bound;
  const type = port.type!;
  const isVector = table.schema.field(column).type === 'vector';
  const columns = isVector ? table.features(column).columns : [table.numbers(column).values];
  const width = valuesPerRow(port) ?? columns.length;
  if (table.rows > 0 && columns.length !== width) {
    throw table.badRows(
      who,
      () => `column ${column}: expected ${width} numbers for ${inWords(port)}, got ${columns.length}`,
    );
  }
  checkRange(table, who, bound, columns);
  return (start, end) => {
    const places = Int32Array.from({ length: end - start }, (_, i) => start + i);
    return { type, values: packed(type, columns, places), shape: shapeOf(port, end - start, width) };
  };
}

function checkRange(table: Table, who: string, { port, column }: Bound, columns: readonly Float64Array[]): void {
  const range = RANGES[port.type!];
  if (range === undefined) return;
  const fits = (value: number) => Number.isInteger(value) && value >= range[0] && value <= range[1];
  if (columns.every((each) => each.every(fits))) return;
  throw table.badRows(who, (i) => {
    const misfit = columns.find((each) => !fits(each[i]!));
    if (misfit === undefined) return undefined;
    return `column ${column}: expected a whole number from ${range[0]} to ${range[1]}, got ${misfit[i]}`;
  });
}

function packed(type: ValueType, columns: readonly Float64Array[], places: Int32Array): TensorValues['values'] {
  if (type === 'float32') return rowMajor(columns, places, Float32Array);
  if (type === 'float64' || type === 'uint32') return rowMajor(columns, places, Float64Array);
  if (type === 'int64') return BigInt64Array.from(rowMajor(columns, places, Float64Array), BigInt);
  return rowMajor(columns, places, Int32Array);
}

/** The port's shape with its open dimensions said: the rows, and one that follows from the rest. */
function shapeOf({ shape }: Port, rows: number, width: number): number[] {
  if (shape === undefined) return [rows, width];
  const [, ...rest] = shape;
  const known = rest.reduce<number>((product, dimension) => product * (dimension ?? 1), 1);
  const firstOpen = rest.indexOf(undefined);
  return [rows, ...rest.map((dimension, k) => dimension ?? (k === firstOpen ? width / known : 1))];
}
