/** A normal distribution's standard deviation in units of its median absolute deviation, and of its mean absolute deviation. */
const NORMAL_BY_MEDIAN = 1.4826022185056018;
const NORMAL_BY_MEAN = 1.2533141373155001;
/** Least deviation, in units of the median or of 1, whichever is more: values that are all the same are no needle. */
const LEAST = 1e-9;

const [MEDIAN, DEVIATION] = [0, 1] as const;

/**
 * One feature of a window of weighted rows, in order of its values. `values` and `weights`, Float64Array[capacity] by slot, and `total`, Float64Array[1]
 * with the weight of the window, belong to the caller, who writes a slot before `insert` and leaves it as it is until `remove`. Nothing is allocated
 * for a row.
 */
export class SortedWindow {
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  readonly #total: Float64Array;
  /** The slots in use, by rising value. */
  readonly #order: Int32Array;
  #length = 0;
  /** The median and the deviation. */
  readonly #scale = new Float64Array(2);

  constructor(values: Float64Array, weights: Float64Array, total: Float64Array) {
    this.#values = values;
    this.#weights = weights;
    this.#total = total;
    this.#order = new Int32Array(values.length);
  }

  /** The middle of the window when it was last measured. */
  get median(): number {
    return this.#scale[MEDIAN]!;
  }

  /** How far its values were from that, as a standard deviation. */
  get deviation(): number {
    return this.#scale[DEVIATION]!;
  }

  /** Cost: O(capacity), as a move of memory. */
  insert(slot: number): void {
    const at = this.#firstFrom(this.#values, slot);
    this.#order.copyWithin(at + 1, at, this.#length);
    this.#order[at] = slot;
    this.#length++;
  }

  remove(slot: number): void {
    let at = this.#firstFrom(this.#values, slot);
    while (this.#order[at] !== slot) at++;
    this.#order.copyWithin(at, at + 1, this.#length);
    this.#length--;
  }

  /**
   * Finds the weighted median m, and the deviation: 1.4826 · median |x − m|, or where more than half of the values are the same, 1.2533 · mean |x − m|.
   * The window must not be empty. Cost: O(n). Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993.
   */
  measure(): void {
    const scale = this.#scale;
    this.#findMedian();
    this.#findMedianDistance();
    if (scale[DEVIATION]! > 0) scale[DEVIATION] = scale[DEVIATION]! * NORMAL_BY_MEDIAN;
    else this.#findMeanDistance();
    scale[DEVIATION] = Math.max(scale[DEVIATION]!, LEAST * Math.max(1, Math.abs(scale[MEDIAN]!)));
  }

  #findMedian(): void {
    const total = this.#total[0]!;
    let below = 0;
    for (let i = 0; ; i++) {
      below += this.#weightAt(i);
      this.#scale[MEDIAN] = this.#valueAt(i);
      if (2 * below > total || i === this.#length - 1) return;
      if (2 * below !== total) continue;
      this.#scale[MEDIAN] = (this.#valueAt(i) + this.#valueAt(i + 1)) / 2;
      return;
    }
  }

  /** Goes outwards from the median, always to the nearer of the next two values. */
  #findMedianDistance(): void {
    const scale = this.#scale;
    const median = scale[MEDIAN]!;
    const total = this.#total[0]!;
    let right = this.#firstFrom(scale, MEDIAN);
    let left = right - 1;
    let within = 0;
    let reached = false;
    scale[DEVIATION] = 0;
    while (left >= 0 || right < this.#length) {
      const toLeft = left >= 0 ? median - this.#valueAt(left) : Number.POSITIVE_INFINITY;
      const toRight = right < this.#length ? this.#valueAt(right) - median : Number.POSITIVE_INFINITY;
      const next = Math.min(toLeft, toRight);
      if (reached) {
        scale[DEVIATION] = (scale[DEVIATION]! + next) / 2;
        return;
      }
      within += toLeft <= toRight ? this.#weightAt(left--) : this.#weightAt(right++);
      scale[DEVIATION] = next;
      if (2 * within > total) return;
      reached = 2 * within === total;
    }
  }

  #findMeanDistance(): void {
    const median = this.#scale[MEDIAN]!;
    let sum = 0;
    for (let i = 0; i < this.#length; i++) sum += this.#weightAt(i) * Math.abs(this.#valueAt(i) - median);
    this.#scale[DEVIATION] = NORMAL_BY_MEAN * (sum / this.#total[0]!);
  }

  /** The place of the first value that is not below `values[at]`. */
  #firstFrom(values: Float64Array, at: number): number {
    const value = values[at]!;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#valueAt(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #valueAt(place: number): number {
    return this.#values[this.#order[place]!]!;
  }

  #weightAt(place: number): number {
    return this.#weights[this.#order[place]!]!;
  }
}
