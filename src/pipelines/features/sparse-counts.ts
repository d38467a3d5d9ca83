import { SparseRowsBuilder } from '../../batch/sparse-rows.ts';

/** Sums by index, of one row after another. Memory and time are those of a row's different indices, however wide it is. */
export class SparseCounts {
  readonly #builder: SparseRowsBuilder;
  /** The indices that the row has so far, in the order of their coming, and their sums. */
  #indices = new Int32Array(32);
  #sums = new Float64Array(32);
  #size = 0;
  /** A hash table of twice their number at least: 1 + the place of an index above; 0 where there is none. */
  #slots = new Int32Array(64);

  constructor(width: number) {
    this.#builder = new SparseRowsBuilder(width);
  }

  add(index: number, value: number): void {
    const slot = this.#slotOf(index);
    const place = this.#slots[slot]! - 1;
    if (place >= 0) {
      this.#sums[place] = this.#sums[place]! + value;
      return;
    }
    this.#indices[this.#size] = index;
    this.#sums[this.#size] = value;
    this.#slots[slot] = ++this.#size;
    if (this.#size === this.#indices.length) this.#grow();
  }

  /** `keep`: which sums the row has, and as what; undefined for none. */
  endRow(keep: (sum: number) => number | undefined = (sum) => sum): void {
    for (const index of this.#indices.slice(0, this.#size).sort()) {
      const value = keep(this.#sums[this.#slots[this.#slotOf(index)]! - 1]!);
      if (value !== undefined) this.#builder.add(index, value);
    }
    this.#slots.fill(0);
    this.#size = 0;
    this.#builder.endRow();
  }

  build() {
    return this.#builder.build();
  }

  /** Where an index stands among the slots, or would. */
  #slotOf(index: number): number {
    const last = this.#slots.length - 1;
    let slot = index & last;
    for (;;) {
      const place = this.#slots[slot]! - 1;
      if (place < 0 || this.#indices[place] === index) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const [indices, sums] = [this.#indices, this.#sums];
    this.#indices = new Int32Array(2 * indices.length);
    this.#sums = new Float64Array(2 * sums.length);
    this.#indices.set(indices);
    this.#sums.set(sums);
    this.#slots = new Int32Array(4 * indices.length);
    for (let place = 0; place < this.#size; place++) this.#slots[this.#slotOf(indices[place]!)] = place + 1;
  }
}
