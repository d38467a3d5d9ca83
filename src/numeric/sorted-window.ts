/** A normal distribution's standard deviation in units of its median absolute deviation, and of its mean absolute deviation. */
const NORMAL_BY_MEDIAN = 1.4826022185056018;
const NORMAL_BY_MEAN = 1.2533141373155001;
/** Least deviation, in units of the median or of 1, whichever is more: values that are all the same are no needle. */
const LEAST = 1e-9;

/** The middle of a window, and how far its values are from it, as a standard deviation. */
export interface RobustScale {
  readonly median: number;
  readonly deviation: number;
}

/**
 * One feature of a window of weighted rows, in order of its values. `values` and `weights`, Float64Array[capacity] by slot, belong to the caller, who
 * writes a slot before `insert` and leaves it as it is until `remove`.
 */
export class SortedWindow {
  readonly #values: Float64Array;
  readonly #weights: Float64Array;
  /** The slots in use, by rising value. */
  readonly #order: Int32Array;
  #length = 0;

  constructor(values: Float64Array, weights: Float64Array) {
    this.#values = values;
    this.#weights = weights;
    this.#order = new Int32Array(values.length);
  }

  /** Cost: O(capacity), as a move of memory. */
  insert(slot: number): void {
    const at = this.#firstFrom(this.#values[slot]!);
    this.#order.copyWithin(at + 1, at, this.#length);
    this.#order[at] = slot;
    this.#length++;
  }

  remove(slot: number): void {
    let at = this.#firstFrom(this.#values[slot]!);
    while (this.#order[at] !== slot) at++;
    this.#order.copyWithin(at, at + 1, this.#length);
    this.#length--;
  }

  /**
   * The weighted median m, and 1.4826 · median |x − m|; where more than half of the values are the same, 1.2533 · mean |x − m|. `total` is the
   * weight of the window, above 0. Cost: O(n). Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993.
   */
  scale(total: number): RobustScale {
    const median = this.#median(total);
    const byMedian = NORMAL_BY_MEDIAN * this.#medianDistance(median, total);
    const deviation = byMedian > 0 ? byMedian : NORMAL_BY_MEAN * this.#meanDistance(median, total);
    return { median, deviation: Math.max(deviation, LEAST * Math.max(1, Math.abs(median))) };
  }

  #median(total: number): number {
    let below = 0;
    for (let i = 0; i < this.#length; i++) {
      below += this.#weightAt(i);
      if (2 * below > total || i === this.#length - 1) return this.#valueAt(i);
      if (2 * below === total) return (this.#valueAt(i) + this.#valueAt(i + 1)) / 2;
    }
    return 0;
  }

  /** Goes outwards from the median, always to the nearer of the next two values. */
  #medianDistance(median: number, total: number): number {
    let right = this.#firstFrom(median);
    let left = right - 1;
    let within = 0;
    let reached = false;
    let distance = 0;
    while (left >= 0 || right < this.#length) {
      const toLeft = left >= 0 ? median - this.#valueAt(left) : Number.POSITIVE_INFINITY;
      const toRight = right < this.#length ? this.#valueAt(right) - median : Number.POSITIVE_INFINITY;
      const next = Math.min(toLeft, toRight);
      if (reached) return (distance + next) / 2;
      within += toLeft <= toRight ? this.#weightAt(left--) : this.#weightAt(right++);
      distance = next;
      if (2 * within > total) return distance;
      reached = 2 * within === total;
    }
    return distance;
  }

  #meanDistance(median: number, total: number): number {
    let sum = 0;
    for (let i = 0; i < this.#length; i++) sum += this.#weightAt(i) * Math.abs(this.#valueAt(i) - median);
    return sum / total;
  }

  /** The place of the first value that is not below this one. */
  #firstFrom(value: number): number {
    let [low, high] = [0, this.#length];
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
