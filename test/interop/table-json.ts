/** Tables as JSON that both sides read: NaN and infinities are texts, a vector is its values, a sparse one has indices too. */

import type { Table } from '../../src/batch/table.ts';
import { isSparse, type Vector } from '../../src/batch/vector.ts';

export type Cell =
  | null
  | boolean
  | number
  | string
  | Cell[]
  | { readonly size?: number; readonly indices?: number[]; readonly values: Cell[] };

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  readonly error?: string;
}

export function tableToJson(table: Table) {
  const { fields } = table.schema;
  return {
    fields: fields.map(({ name, type }) => [name, type]),
    rows: table.toRows().map((row) => fields.map(({ name }) => cell(row[name]))),
  };
}

export function answerOf(table: Table): Answer {
  return { columns: table.schema.names, rows: tableToJson(table).rows };
}

function cell(value: unknown): Cell {
  if (typeof value === 'number') return Number.isFinite(value) ? value : special(value);
  if (typeof value !== 'object' || value === null) return value as Cell;
  if (Array.isArray(value) && typeof value[0] === 'string') return value as Cell[];
  if (Array.isArray(value) && value.length === 0) return [];
  return vectorCell(value as Vector);
}

/** The numbers of a vector, dense, however it was written; other cells as they are. */
export function comparable(value: Cell): Cell {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (value.indices === undefined) return value.values;
  const dense: Cell[] = new Array(value.size).fill(0);
  value.indices.forEach((index, p) => {
    dense[index] = value.values[p]!;
  });
  return dense;
}

function vectorCell(vector: Vector): Cell {
  if (!isSparse(vector)) return { values: Array.from(vector, cell) };
  return { size: vector.size, indices: Array.from(vector.indices), values: Array.from(vector.values, cell) };
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf';
}
