import type { Features } from './examples.ts';

/**
 * A sparse matrix of n rows and `width` columns, row after row. Row i has the values from `starts[i]` up to, not including,
 * `starts[i + 1]`, each in the column that `indices` says; those increase within a row.
 */
export interface SparseRows {
  readonly rows: number;
  readonly width: number;
  /** Int32Array[n + 1]. */
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
}

/** The same numbers as dense columns. Cost: O(rows · width) memory. */
export function toDense({ rows, width, starts, indices, values }: SparseRows): Features {
  const columns = Array.from({ length: width }, () => new Float64Array(rows));
  for (let i = 0; i < rows; i++) {
    for (let p = starts[i]!; p < starts[i + 1]!; p++) columns[indices[p]!]![i] = values[p]!;
  }
  return { rows, columns };
}

/** The same numbers without the zeros. Cost: O(rows · width). */
export function toSparse({ rows, columns }: Features): SparseRows {
  const builder = new SparseRowsBuilder(columns.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns.length; j++) {
      const value = columns[j]![i]!;
      if (value !== 0) builder.add(j, value);
    }
    builder.endRow();
  }
  return builder.build();
}

/** Builds a sparse matrix row by row: `add` the values of a row in the order of their columns, then `endRow`. */
export class SparseRowsBuilder {
  readonly #width: number;
  #starts = new Int32Array(64);
  #indices = new Int32Array(256);
  #values = new Float64Array(256);
  #rows = 0;
  #size = 0;

  constructor(width: number) {
    this.#width = width;
  }

  add(index: number, value: number): void {
    if (this.#size === this.#indices.length) {
      this.#indices = grown(this.#indices, new Int32Array(2 * this.#size));
      this.#values = grown(this.#values, new Float64Array(2 * this.#size));
    }
    this.#indices[this.#size] = index;
    this.#values[this.#size++] = value;
  }

  endRow(): void {
    if (this.#rows + 2 > this.#starts.length) {
      this.#starts = grown(this.#starts, new Int32Array(2 * this.#starts.length));
    }
    this.#starts[++this.#rows] = this.#size;
  }

  /** Views on what was built; the builder is not to be used any more. */
  build(): SparseRows {
    return {
      rows: this.#rows,
      width: this.#width,
      starts: this.#starts.subarray(0, this.#rows + 1),
      indices: this.#indices.subarray(0, this.#size),
      values: this.#values.subarray(0, this.#size),
    };
  }
}

function grown<A extends Int32Array | Float64Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
