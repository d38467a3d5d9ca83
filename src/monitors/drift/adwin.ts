import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { DriftSignal } from '../../contracts/monitor.ts';
import { checkOption, SequentialDetector } from './sequential-detector.ts';

export interface AdwinOptions {
  /** Chance that a check of an unchanged series cuts, in (0, 1). Default 0.002. */
  readonly delta?: number;
  /** Values between two checks. Default 32; 1 finds changes soonest, and takes longest. */
  readonly clock?: number;
  /** Values before the first check. Default 10. */
  readonly graceValues?: number;
  /** Fewest values on either side of a cut. Default 5. */
  readonly minWindow?: number;
  /** After a drift, `keep` what is newer than the cut, as in the paper and MOA, or `forget` all, as River does. Default `keep`. */
  readonly afterDrift?: 'keep' | 'forget';
}

/** What is known of the window: V are the squares around its mean, `largest` the largest size of its buckets. */
const WINDOW = ['ticks', 'width', 'sum', 'squares', 'largest'] as const;
const [TICKS, WIDTH, SUM, SQUARES, LARGEST] = [0, 1, 2, 3, 4] as const;
/** Most buckets of one size. */
const BUCKETS = 5;
/** Sizes of buckets: 2⁰ … 2³⁹ values, which is more than any stream has. */
const SIZES = 40;
/** A row has room for the bucket that makes it overflow. */
const ROOM = BUCKETS + 1;

/**
 * Finds changes of a series' mean, up or down, by keeping a window that is as long as the series has been the same: wherever two
 * parts of it differ by more than chance allows, the older part goes. Needs no tuning, and its `mean` follows the series.
 *
 *     cut in n₀ older and n₁ newer values where |μ₀ − μ₁| > √(2/m · V/W · d) + 2/(3m) · d
 *     1/m = 1/(n₀ − 4) + 1/(n₁ − 4)        d = ln(2 · ln W / δ)        W values with variance V/W        (4: minWindow − 1)
 *
 * The window is an exponential histogram: per size 2^i at most five buckets of that many values, each its sum and its squares around
 * its mean; where there are six, the two oldest become one of twice the size. Every `clock` values all cuts between buckets are
 * tried, from the oldest; a cut drops the oldest bucket, until no cut is left. Throws `UsageError` (`bad-option`) on options
 * out of range. Cost: O(1) a value, O(log W) a check, memory O(log W).
 * Source: Bifet and Gavaldà, Learning from Time-Changing Data with Adaptive Windowing, 2007; variance as in MOA.
 */
export class Adwin extends SequentialDetector<{
  /** The numbers of the window by name, one column: in fields they would be allocated each time that they change. */
  window: Float64Array;
  /** Buckets in use by size, Float64Array[SIZES]. */
  counts: Float64Array;
  /** By size, oldest bucket first, Float64Array[SIZES · ROOM]. */
  bucketSums: Float64Array;
  bucketSquares: Float64Array;
}> {
  readonly kind = 'Adwin';
  readonly #options: Required<AdwinOptions>;
  #rose = false;

  constructor(options: AdwinOptions = {}) {
    super({
      ...{ window: new Float64Array(WINDOW.length), counts: new Float64Array(SIZES) },
      ...{ bucketSums: new Float64Array(SIZES * ROOM), bucketSquares: new Float64Array(SIZES * ROOM) },
    });
    const { delta = 0.002, clock = 32, graceValues = 10, minWindow = 5, afterDrift = 'keep' } = options;
    checkOption('Adwin', 'delta', delta > 0 && delta < 1, 'in (0, 1)', delta);
    checkOption('Adwin', 'clock', Number.isInteger(clock) && clock >= 1, 'a whole number of at least 1', clock);
    checkOption('Adwin', 'graceValues', graceValues >= 1, 'at least 1', graceValues);
    checkOption('Adwin', 'minWindow', minWindow >= 1, 'at least 1', minWindow);
    checkOption('Adwin', 'afterDrift', ['keep', 'forget'].includes(afterDrift), 'keep or forget', afterDrift);
    this.#options = { delta, clock, graceValues, minWindow, afterDrift };
  }

  /** Values in the window. */
  get width(): number {
    return this.state.window[WIDTH]!;
  }

  /** Mean of the window; NaN while it is empty. */
  get mean(): number {
    return this.state.window[SUM]! / this.state.window[WIDTH]!;
  }

  /** Σ (x − mean)² over the window. */
  get squares(): number {
    return this.state.window[SQUARES]!;
  }

  /** Of an `update` that found a drift: whether the mean went up. */
  get rose(): boolean {
    return this.#rose;
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const { clock, graceValues } = this.#options;
    const { window } = this.state;
    const before = window[SUM]! / window[WIDTH]!;
    this.#insert(values, at);
    if (window[TICKS]! % clock !== 0 || window[WIDTH]! <= graceValues) return 'stable';
    let drift = false;
    while (this.#finds()) {
      this.#dropOldest();
      drift = true;
    }
    if (!drift) return 'stable';
    this.#rose = window[SUM]! / window[WIDTH]! > before;
    return 'drift';
  }

  /** A snapshot has the numbers of the window by name. */
  override snapshot(): SnapshotRecord {
    const { window, counts, bucketSums, bucketSquares } = this.state;
    const numbers = Object.fromEntries(WINDOW.map((name, at) => [name, window[at]!]));
    const columns = { bucketSums: bucketSums.slice(), bucketSquares: bucketSquares.slice() };
    return { ...super.snapshot(), state: { ...numbers, counts: counts.slice(), ...columns } };
  }

  override restore(snapshot: SnapshotRecord): void {
    const state = snapshot['state'] as SnapshotRecord | undefined;
    const numbers = WINDOW.map((name) => state?.[name]);
    const known = numbers.every((number) => typeof number === 'number');
    super.restore(known ? { ...snapshot, state: { ...state, window: Float64Array.from(numbers) } } : snapshot);
  }

  protected override restart(): void {
    if (this.#options.afterDrift === 'forget') this.reset();
  }

  /** Numbers are written where they belong, rather than given: as arguments they might be allocated. */
  #insert(values: Float64Array, at: number): void {
    const value = values[at]!;
    const { window, counts, bucketSums, bucketSquares } = this.state;
    const sum = window[SUM]!;
    const width = window[WIDTH]! + 1;
    window[TICKS] = window[TICKS]! + 1;
    window[WIDTH] = width;
    if (width > 1) {
      const apart = value - sum / (width - 1);
      window[SQUARES] = window[SQUARES]! + ((width - 1) * apart * apart) / width;
    }
    window[SUM] = sum + value;
    const bucket = this.#newBucket(0);
    bucketSums[bucket] = value;
    bucketSquares[bucket] = 0;
    for (let size = 0; counts[size]! > BUCKETS; size++) this.#mergeOldest(size);
  }

  /** Where the newest bucket of a size is, which is yet to be written. */
  #newBucket(size: number): number {
    const { window, counts } = this.state;
    const at = size * ROOM + counts[size]!;
    counts[size] = counts[size]! + 1;
    if (size > window[LARGEST]!) window[LARGEST] = size;
    return at;
  }

  /** The two oldest buckets of a size become one of the next. */
  #mergeOldest(size: number): void {
    const { bucketSums, bucketSquares } = this.state;
    const at = size * ROOM;
    const n = 2 ** size;
    const apart = bucketSums[at]! / n - bucketSums[at + 1]! / n;
    const sum = bucketSums[at]! + bucketSums[at + 1]!;
    const squares = bucketSquares[at]! + bucketSquares[at + 1]! + (n / 2) * apart * apart;
    this.#shift(size, 2);
    const merged = this.#newBucket(size + 1);
    bucketSums[merged] = sum;
    bucketSquares[merged] = squares;
  }

  /** Takes away the oldest buckets of a size. */
  #shift(size: number, buckets: number): void {
    const { counts, bucketSums, bucketSquares } = this.state;
    const at = size * ROOM;
    bucketSums.copyWithin(at, at + buckets, at + ROOM);
    bucketSquares.copyWithin(at, at + buckets, at + ROOM);
    counts[size] = counts[size]! - buckets;
  }

  /** Whether some cut shows that its two sides differ. */
  #finds(): boolean {
    const { delta, minWindow } = this.#options;
    const { window, counts, bucketSums } = this.state;
    const width = window[WIDTH]!;
    const sum = window[SUM]!;
    const squares = window[SQUARES]!;
    const d = Math.log((2 * Math.log(width)) / delta);
    let n0 = 0;
    let sum0 = 0;
    for (let size = window[LARGEST]!; size >= 0; size--) {
      for (let bucket = 0; bucket < counts[size]!; bucket++) {
        n0 += 2 ** size;
        sum0 += bucketSums[size * ROOM + bucket]!;
        const n1 = width - n0;
        if (n1 < minWindow || n1 === 0) return false;
        if (n0 < minWindow) continue;
        const inverse = 1 / (n0 - minWindow + 1) + 1 / (n1 - minWindow + 1);
        const bound = Math.sqrt(2 * inverse * (squares / width) * d) + (2 / 3) * inverse * d;
        if (Math.abs(sum0 / n0 - (sum - sum0) / n1) > bound) return true;
      }
    }
    return false;
  }

  #dropOldest(): void {
    const { window, counts, bucketSums, bucketSquares } = this.state;
    const size = window[LARGEST]!;
    const n = 2 ** size;
    const sum = bucketSums[size * ROOM]!;
    const rest = window[WIDTH]! - n;
    window[WIDTH] = rest;
    window[SUM] = window[SUM]! - sum;
    const apart = sum / n - window[SUM]! / rest;
    window[SQUARES] = window[SQUARES]! - (bucketSquares[size * ROOM]! + (n * rest * apart * apart) / (n + rest));
    this.#shift(size, 1);
    while (window[LARGEST]! > 0 && counts[window[LARGEST]!] === 0) window[LARGEST] = window[LARGEST]! - 1;
  }
}
