import type { SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';
import { SortedWindow } from '../numeric/sorted-window.ts';
import { AnomalyDetector } from './anomaly-detector.ts';
import { checkOption } from './check-option.ts';
import { columnOf } from './online-learner.ts';
import type { RowAtHand } from './row-at-hand.ts';

export interface RobustZScoreOptions {
  /** Number of features, d ≥ 1. */
  readonly numFeatures: number;
  /** Rows that are remembered, W ≥ 2. Default 250. */
  readonly windowSize?: number;
}

/** Rows fewer than this say nothing of what is usual. */
const FEWEST = 3;

/**
 * Says how far a row is from what is usual, in standard deviations that outliers don't blow up: its score is that of its strangest feature. A
 * score above 3.5 is often called an outlier. Where what is strange is a combination of features, see `HalfSpaceTrees`.
 *
 *     score = max_j |x_j − m_j| / s_j        m_j: median of the window        s_j = 1.4826 · median |x_j − m_j|
 *
 * Where more than half of a feature's values are the same, s_j = 1.2533 · mean |x_j − m_j|; where all are, 1e-9 · max(1, |m_j|). Before the third
 * row, all scores are 0. The window is the latest rows, at most `windowSize` of them, and of that weight: one of weight w counts as w
 * rows. Nothing needs scaling. Each row is scored before it is learned, and how the stream is cut into batches makes no difference. Two don't merge,
 * since the window depends on the order of the rows.
 *
 * Throws `UsageError` (`bad-option`); `DataError` (`not-finite`) on numbers beyond 1e100.
 * Cost: O(W · d) a row, memory O(W · d). Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993.
 */
export class RobustZScore extends AnomalyDetector {
  readonly kind = 'RobustZScore';
  readonly #windowSize: number;
  /** By slot, Float64Array[W]: each feature's values, and the weights. */
  readonly #values: readonly Float64Array[];
  readonly #weights: Float64Array;
  /** The weight of the window: Float64Array[1]. */
  readonly #total = new Float64Array(1);
  #sorted: readonly SortedWindow[];
  /** The slot of the oldest row, and how many rows there are. */
  #oldest = 0;
  #rows = 0;

  constructor({ numFeatures, windowSize = 250 }: RobustZScoreOptions) {
    super(numFeatures);
    const valid = Number.isInteger(windowSize) && windowSize >= 2;
    this.#windowSize = checkOption(this.kind, valid, windowSize, 'Window size must be at least 2');
    this.#values = Array.from({ length: numFeatures }, () => new Float64Array(windowSize));
    this.#weights = new Float64Array(windowSize);
    this.#sorted = this.#emptyWindows();
  }

  params(): SnapshotRecord {
    return { numFeatures: this.width, windowSize: this.#windowSize };
  }

  /** The median of each feature, and then its deviation s; zeros while there are no rows. Float64Array[2d]. */
  learnedValues(): Float64Array {
    if (this.#rows === 0) return new Float64Array(2 * this.width);
    for (const window of this.#sorted) window.measure();
    const medians = this.#sorted.map(({ median }) => median);
    return Float64Array.from([...medians, ...this.#sorted.map(({ deviation }) => deviation)]);
  }

  protected scoreRow(row: RowAtHand): void {
    row.prediction = 0;
    if (this.#rows < FEWEST) return;
    const { x } = row;
    for (let j = 0; j < x.length; j++) {
      const window = this.#sorted[j]!;
      window.measure();
      row.prediction = Math.max(row.prediction, Math.abs(x[j]! - window.median) / window.deviation);
    }
  }

  protected learnRow({ x, weight }: RowAtHand): void {
    const [size, total] = [this.#windowSize, this.#total];
    while (this.#rows > 0 && (this.#rows === size || total[0]! + weight > size)) this.#drop();
    const slot = this.#slotOf(this.#rows);
    this.#weights[slot] = weight;
    this.#rows++;
    for (let j = 0; j < x.length; j++) {
      this.#values[j]![slot] = x[j]!;
      this.#sorted[j]!.insert(slot);
    }
    this.#weigh();
  }

  /** The rows of the window, oldest first: their weights, and their values feature after feature. */
  protected learned(): SnapshotRecord {
    const inOrder = (column: Float64Array) => Array.from({ length: this.#rows }, (_, i) => column[this.#slotOf(i)]!);
    return {
      weights: Float64Array.from(inOrder(this.#weights)),
      values: Float64Array.from(this.#values.flatMap(inOrder)),
      numFeatures: this.width,
    };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const rows = snapshot['weights'] instanceof Float64Array ? snapshot['weights'].length : 0;
    const weights = columnOf(snapshot, 'weights', rows, this.kind);
    const values = columnOf(snapshot, 'values', rows * this.width, this.kind);
    if (rows > this.#windowSize || snapshot['numFeatures'] !== this.width) {
      throw new StateError(
        'does-not-fit',
        `${this.kind}: expected a saved window of at most ${this.#windowSize} rows of ${this.width} features, ` +
          `got ${rows} of ${snapshot['numFeatures']}`,
      );
    }
    this.#oldest = 0;
    this.#rows = rows;
    this.#weights.set(weights);
    this.#sorted = this.#emptyWindows();
    for (const [j, column] of this.#values.entries()) {
      column.set(values.subarray(j * rows, (j + 1) * rows));
      for (let slot = 0; slot < rows; slot++) this.#sorted[j]!.insert(slot);
    }
    this.#weigh();
  }

  #drop(): void {
    for (const window of this.#sorted) window.remove(this.#oldest);
    this.#oldest = this.#slotOf(1);
    this.#rows--;
    this.#weigh();
  }

  /** Sums the weight of the window in the order of the rows, wherever they are kept. */
  #weigh(): void {
    let total = 0;
    for (let i = 0; i < this.#rows; i++) total += this.#weights[this.#slotOf(i)]!;
    this.#total[0] = total;
  }

  #slotOf(row: number): number {
    return (this.#oldest + row) % this.#windowSize;
  }

  #emptyWindows(): readonly SortedWindow[] {
    return this.#values.map((column) => new SortedWindow(column, this.#weights, this.#total));
  }
}
