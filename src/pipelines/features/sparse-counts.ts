import { SparseRowsBuilder } from '../../batch/sparse-rows.ts';

/** Sums by index, of one row after another. */
export class SparseCounts {
  readonly #builder: SparseRowsBuilder;
  readonly #sums = new Map<number, number>();

  constructor(width: number) {
    this.#builder = new SparseRowsBuilder(width);
  }

  add(index: number, value: number): void {
    this.#sums.set(index, (this.#sums.get(index) ?? 0) + value);
  }

  /** `keep`: which sums the row has, and as what; undefined for none. */
  endRow(keep: (sum: number) => number | undefined = (sum) => sum): void {
    for (const index of Int32Array.from(this.#sums.keys()).sort()) {
      const value = keep(this.#sums.get(index)!);
      if (value !== undefined) this.#builder.add(index, value);
    }
    this.#sums.clear();
    this.#builder.endRow();
  }

  build() {
    return this.#builder.build();
  }
}
