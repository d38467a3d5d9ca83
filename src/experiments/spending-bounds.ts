import { UsageError } from '../errors.ts';
import { normal } from '../numeric/distributions/normal.ts';

/** How much of α may be used up when a share t of the planned samples is there: from 0 at 0 to α at 1. */
export type Spending = (t: number, alpha: number) => number;

/** α tᵏ: the greater k is, the less is spent early. */
export const powerSpending =
  (power: number): Spending =>
  (t, alpha) =>
    alpha * t ** power;

/** 4 − 4 Φ(z / √t) with z the upper α/4 quantile, for a two-sided α: very strict early on, and nearly the fixed test at the end. */
export const obrienFlemingSpending: Spending = (t, alpha) =>
  t === 0 ? 0 : 4 * normal.survival(normal.upperQuantile(alpha / 4) / Math.sqrt(t));

/** No bound is above this: beyond it probabilities are too small to be told. */
const GREATEST_BOUND = 8;

/** Where the search for a bound begins, and the step below which it ends. */
const FIRST_BOUND = 3;
const LAST_STEP = 1e-7;

/** Beyond so many standard deviations the normal density is nothing. */
const REACH = 9;

/** Gauss–Legendre nodes and weights of [−1, 1], the positive half. Source: DLMF table 3.5.3, 8 nodes. */
const NODES = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

/** Points of a density, of the sum of all samples in units in which it has the variance t. */
interface Density {
  readonly at: readonly number[];
  /** Density times weight of the point in an integral. */
  readonly mass: readonly number[];
}

/**
 * The bounds of a group-sequential test: |z| at or above the bound of a look rejects, and over all looks that happens in α of all
 * experiments where nothing does. More powerful than an always-valid test where the greatest number of samples is known, and
 * nothing beyond it.
 *
 * The bound at the share t solves P(no crossing before, |z| ≥ bound) = spending(t) − spent so far, by integrating the density
 * of the sum from look to look. Cost: O(m²) a look, with m a few hundred points. Source: Lan & DeMets, Discrete Sequential
 * Boundaries for Clinical Trials, 1983; Armitage, McPherson & Rowe, 1969.
 */
export class SpendingBounds {
  readonly #alpha: number;
  readonly #spending: Spending;
  readonly #fractions: number[] = [];
  readonly #bounds: number[] = [];
  #spent = 0;
  /** As of the look before the last; its points suit the step to the last. */
  #before: Density = { at: [0], mass: [1] };

  constructor(alpha: number, spending: Spending) {
    if (!(alpha > 0 && alpha < 1)) throw new UsageError('bad-option', `bounds: expected 0 < alpha < 1, got ${alpha}`);
    this.#alpha = alpha;
    this.#spending = spending;
  }

  /** The shares of the planned samples at which there was a look. */
  get fractions(): readonly number[] {
    return this.#fractions;
  }

  /** The bound of a look at the share `fraction` ≤ 1, which is greater than at any look before. */
  next(fraction: number): number {
    const last = this.#fractions.at(-1) ?? 0;
    if (!(fraction > last && fraction <= 1)) {
      throw new UsageError('bad-option', `bounds: expected a share above ${last} and at most 1, got ${fraction}`);
    }
    if (this.#fractions.length > 0) this.#before = this.#densityAtLast(fraction - last);
    const allowed = this.#spending(fraction, this.#alpha) - this.#spent;
    const bound = boundFor(allowed, this.#before, fraction, fraction - last);
    this.#spent += crossing(bound, this.#before, fraction, fraction - last);
    this.#fractions.push(fraction);
    this.#bounds.push(bound);
    return bound;
  }

  /** The density inside the bounds of the last look, at points that suit a next step of variance `step`. */
  #densityAtLast(step: number): Density {
    const fraction = this.#fractions.at(-1)!;
    const lastStep = fraction - (this.#fractions.at(-2) ?? 0);
    const edge = this.#bounds.at(-1)! * Math.sqrt(fraction);
    const at: number[] = [];
    const mass: number[] = [];
    const panels = Math.ceil(edge / Math.sqrt(Math.min(step, lastStep)));
    const half = edge / panels;
    const deviation = Math.sqrt(lastStep);
    for (let panel = 0; panel < panels; panel++) {
      const middle = -edge + (2 * panel + 1) * half;
      for (const [i, node] of NODES.entries()) {
        for (const x of [middle - node * half, middle + node * half]) {
          at.push(x);
          mass.push(WEIGHTS[i]! * half * densityAt(x, this.#before, deviation));
        }
      }
    }
    return { at, mass };
  }
}

function densityAt(x: number, { at, mass }: Density, deviation: number): number {
  let sum = 0;
  for (let i = 0; i < at.length; i++) {
    const z = (x - at[i]!) / deviation;
    if (Math.abs(z) < REACH) sum += mass[i]! * Math.exp(-0.5 * z * z);
  }
  return sum / (deviation * Math.sqrt(2 * Math.PI));
}

/** The probability of no crossing before and one beyond `bound` at this look. */
function crossing(bound: number, { at, mass }: Density, fraction: number, step: number): number {
  const edge = bound * Math.sqrt(fraction);
  const deviation = Math.sqrt(step);
  let sum = 0;
  // The density is symmetric, so that both sides are crossed alike.
  for (let i = 0; i < at.length; i++) sum += 2 * mass[i]! * tail((edge - at[i]!) / deviation);
  return sum;
}

function tail(z: number): number {
  if (z > REACH) return 0;
  return z < -REACH ? 1 : normal.survival(z);
}

/**
 * The bound that is crossed with the probability `allowed`: Newton's method on the logarithm of that probability, and halving
 * where that leaves what is known to hold the bound.
 */
function boundFor(allowed: number, before: Density, fraction: number, step: number): number {
  let [low, high] = [0, GREATEST_BOUND];
  if (crossing(high, before, fraction, step) >= allowed) return high;
  let bound = FIRST_BOUND;
  while (high - low > LAST_STEP) {
    const crossed = crossing(bound, before, fraction, step);
    if (crossed > allowed) low = bound;
    else high = bound;
    const density = densityAt(bound * Math.sqrt(fraction), before, Math.sqrt(step));
    const next = bound + (Math.log(crossed / allowed) * crossed) / (2 * Math.sqrt(fraction) * density);
    if (Math.abs(next - bound) < LAST_STEP) return next;
    bound = next > low && next < high ? next : (low + high) / 2;
  }
  return high;
}
