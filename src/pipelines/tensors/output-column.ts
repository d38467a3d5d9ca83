import type { Column } from '../../batch/column.ts';
import { DataError } from '../../errors.ts';
import { type Bound, inWords, valuesPerRow } from './port.ts';

/** What a model gave for some rows. */
export interface GivenValues {
  readonly values: ArrayLike<number | bigint | string | boolean>;
  readonly shape: readonly number[];
}

/** Gathers an output of a model, batch by batch, as a column of n rows. */
export class OutputColumn {
  readonly #who: string;
  readonly #bound: Bound;
  readonly #rows: number;
  readonly #width: number | undefined;
  #numbers: Float64Array[] = [];
  #texts: string[][] = [];
  #filled = 0;

  constructor(who: string, bound: Bound, rows: number) {
    this.#who = who;
    this.#bound = bound;
    this.#rows = rows;
    this.#width = valuesPerRow(bound.port);
    this.#numbers = Array.from({ length: this.#width ?? 0 }, () => new Float64Array(rows));
  }

  /** Throws `DataError` (`wrong-width`) where these are not so many rows, or not as wide as the ones before. */
  add({ values, shape }: GivenValues, rows: number): void {
    const width = values.length / Math.max(rows, 1);
    const expected = this.#filled > 0 ? this.#widthSoFar : this.#width;
    if (shape[0] !== rows || !Number.isInteger(width) || (expected !== undefined && width !== expected)) {
      throw new DataError(
        'wrong-width',
        `${this.#who}: output ${this.#bound.port.name} is ${inWords(this.#bound.port)}: expected ${rows} rows` +
          `${expected === undefined ? '' : ` of ${expected}`}, got the shape [${shape.join(', ')}]`,
      );
    }
    if (this.#bound.port.type === 'string') this.#addTexts(values, rows, width);
    else this.#addNumbers(values, rows, width);
    this.#filled += rows;
  }

  get column(): Column {
    const isSingle = this.#width === 1;
    if (this.#bound.port.type === 'string') {
      return isSingle
        ? { type: 'string', values: this.#texts.map(([text]) => text!) }
        : { type: 'array<string>', values: this.#texts };
    }
    return isSingle
      ? { type: 'double', values: this.#numbers[0]! }
      : { type: 'vector', matrix: { rows: this.#rows, columns: this.#numbers } };
  }

  get #widthSoFar(): number {
    return this.#bound.port.type === 'string' ? this.#texts[0]!.length : this.#numbers.length;
  }

  #addTexts(values: GivenValues['values'], rows: number, width: number): void {
    for (let i = 0; i < rows; i++) {
      this.#texts.push(Array.from({ length: width }, (_, j) => String(values[i * width + j])));
    }
  }

  #addNumbers(values: GivenValues['values'], rows: number, width: number): void {
    if (this.#numbers.length === 0) {
      this.#numbers = Array.from({ length: width }, () => new Float64Array(this.#rows));
    }
    for (let j = 0; j < width; j++) {
      const column = this.#numbers[j]!;
      for (let i = 0, at = j; i < rows; i++, at += width) column[this.#filled + i] = Number(values[at]);
    }
  }
}
