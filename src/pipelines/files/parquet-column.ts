import type { DecodedArray } from 'hyparquet';
import type { Column } from '../../batch/column.ts';
import { columnOfValues, vectorColumn } from '../../batch/column-of-values.ts';
import { type DataType, isNumeric, type NumericType } from '../../batch/schema.ts';
import { DataError } from '../../errors.ts';
import { vectorOfStruct } from '../saved/linalg-structs.ts';

/** A column of a table that is being read, piece by piece. */
export class ParquetColumn {
  readonly #name: string;
  readonly #type: DataType;
  readonly #numbers: Float64Array | undefined;
  readonly #values: unknown[] | undefined;
  #nulls: Uint8Array | undefined;

  constructor(name: string, type: DataType, rows: number) {
    this.#name = name;
    this.#type = type;
    if (isNumeric(type)) this.#numbers = new Float64Array(rows);
    else this.#values = new Array(rows).fill(null);
  }

  /** Values from row `start` on; with `present`, only the rows where that is 1 have one, in their order. */
  take(piece: DecodedArray, start: number, present?: Uint8Array): void {
    if (present !== undefined) {
      let next = 0;
      for (let i = 0; i < present.length; i++) this.#set(start + i, present[i] === 1 ? piece[next++] : null);
    } else if (
      this.#numbers !== undefined &&
      (piece instanceof Float64Array || piece instanceof Int32Array || piece instanceof Float32Array)
    ) {
      this.#numbers.set(piece, start);
    } else for (let i = 0; i < piece.length; i++) this.#set(start + i, piece[i]);
  }

  build(): Column {
    if (this.#numbers !== undefined) {
      return { type: this.#type as NumericType, values: this.#numbers, nulls: this.#nulls };
    }
    const values = this.#values!;
    if (this.#type === 'vector') {
      return vectorColumn(
        values.map((value, i) => (value === null ? null : vectorOfStruct(value, `${this.#name}: row ${i}`))),
      );
    }
    return columnOfValues(values, this.#type, (row, why) => {
      throw new DataError('bad-record', `Parquet: column ${this.#name}: row ${row}: ${why}`);
    });
  }

  #set(at: number, value: unknown): void {
    if (this.#numbers === undefined) this.#values![at] = value ?? null;
    else if (typeof value === 'number') this.#numbers[at] = value;
    else this.#setNumber(at, value);
  }

  #setNumber(at: number, value: unknown): void {
    const number = typeof value === 'boolean' ? Number(value) : wholeNumber(value);
    if (number === undefined) {
      throw new DataError('bad-record', `Parquet: column ${this.#name}: row ${at}: ${value} is beyond 2^53`);
    }
    this.#numbers![at] = number ?? Number.NaN;
    if (number !== null) return;
    this.#nulls ??= new Uint8Array(this.#numbers!.length);
    this.#nulls[at] = 1;
  }
}

/** null for none; undefined where it can't be held exactly. */
function wholeNumber(value: unknown): number | null | undefined {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : undefined;
}
