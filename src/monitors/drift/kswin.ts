import type { DriftSignal } from '../../contracts/monitor.ts';
import { seededRandom } from '../../host/random.ts';
import { kolmogorovSmirnovSteps } from './kolmogorov-smirnov.ts';
import { checkOption, SequentialDetector } from './sequential-detector.ts';

export interface KswinOptions {
  /** Chance that a test of an unchanged series shows drift, in (0, 1). There is one test a value. Default 0.005. */
  readonly alpha?: number;
  /** Values in the window, n. Default 100. */
  readonly windowSize?: number;
  /** Newest values that are compared with as many older ones, r; at most half the window. Default 30. */
  readonly recentSize?: number;
  /** From which the older values are drawn. Default 42. */
  readonly seed?: number;
}

/** Differences of distributions up to this count for nothing, however sure. */
const LEAST_DIFFERENCE = 0.1;

/**
 * Finds changes of a series' whole distribution, not of its mean alone: the r newest values against r that are drawn, without
 * replacement, from the older ones of the window.
 *
 *     D = largest difference of the two cumulative distributions        drift where its p-value ≤ α and D > 0.1
 *
 * The p-value is exact (two-sample Kolmogorov–Smirnov test with equal sizes). After a drift only the r newest values stay. With a test
 * a value, α is not the chance of a false alarm over a long stream: choose it small. Throws `UsageError` (`bad-option`) on options
 * out of range. Cost: O(n + r · log r) a value, memory O(n).
 * Source: Raab, Heusinger and Schleif, Reactive Soft Prototype Computing for Concept Drift Streams, 2020.
 */
export class Kswin extends SequentialDetector<{
  /** Values in use of the ring, and where the next goes. */
  count: number;
  next: number;
  /** Tests so far. */
  tests: number;
  ring: Float64Array;
}> {
  readonly kind = 'Kswin';
  readonly #options: Required<KswinOptions>;
  /** D · r at which a drift begins. */
  readonly #driftSteps: number;
  readonly #older: Float64Array;
  readonly #drawn: Float64Array;
  readonly #recent: Float64Array;

  constructor({ alpha = 0.005, windowSize = 100, recentSize = 30, seed = 42 }: KswinOptions = {}) {
    checkOption('Kswin', 'alpha', alpha > 0 && alpha < 1, 'in (0, 1)', alpha);
    const recentFits = Number.isInteger(recentSize) && recentSize >= 2 && 2 * recentSize <= windowSize;
    checkOption('Kswin', 'windowSize', Number.isSafeInteger(windowSize), 'a whole number', windowSize);
    checkOption('Kswin', 'recentSize', recentFits, 'a whole number from 2 to half the window', recentSize);
    super({ count: 0, next: 0, tests: 0, ring: new Float64Array(windowSize) });
    this.#options = { alpha, windowSize, recentSize, seed };
    this.#driftSteps = Math.max(
      kolmogorovSmirnovSteps(recentSize, alpha),
      Math.floor(LEAST_DIFFERENCE * recentSize) + 1,
    );
    this.#older = new Float64Array(windowSize - recentSize);
    this.#drawn = new Float64Array(recentSize);
    this.#recent = new Float64Array(recentSize);
  }

  protected take(values: Float64Array, at: number): DriftSignal {
    const value = values[at]!;
    const { windowSize } = this.#options;
    const { state } = this;
    state.ring[state.next] = value;
    state.next = (state.next + 1) % windowSize;
    state.count = Math.min(state.count + 1, windowSize);
    if (state.count < windowSize) return 'stable';
    this.#split();
    return largestLead(this.#drawn.sort(), this.#recent.sort()) >= this.#driftSteps ? 'drift' : 'stable';
  }

  /** Keeps the newest values alone. */
  protected override restart(): void {
    const { windowSize, recentSize } = this.#options;
    const { state } = this;
    for (let i = 0; i < recentSize; i++) {
      this.#recent[i] = state.ring[(state.next - recentSize + i + windowSize) % windowSize]!;
    }
    state.ring.fill(0);
    state.ring.set(this.#recent);
    state.count = recentSize;
    state.next = recentSize;
  }

  /** Puts the newest values into `#recent`, and as many drawn from the others into `#drawn`. */
  #split(): void {
    const { recentSize, windowSize, seed } = this.#options;
    const { ring, next } = this.state;
    const older = this.#older;
    for (let i = 0; i < older.length; i++) older[i] = ring[(next + i) % windowSize]!;
    for (let i = 0; i < recentSize; i++) this.#recent[i] = ring[(next + older.length + i) % windowSize]!;
    const random = seededRandom(seed + this.state.tests++);
    for (let i = 0; i < recentSize; i++) {
      const pick = i + Math.floor(random.next() * (older.length - i));
      this.#drawn[i] = older[pick]!;
      older[pick] = older[i]!;
    }
  }
}

/** r · D of two sorted samples of r values each: by how many values one is ahead of the other at most. */
function largestLead(a: Float64Array, b: Float64Array): number {
  const r = a.length;
  let [i, j, lead] = [0, 0, 0];
  while (i < r && j < r) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < r && a[i] === value) i++;
    while (j < r && b[j] === value) j++;
    lead = Math.max(lead, Math.abs(i - j));
  }
  return lead;
}
