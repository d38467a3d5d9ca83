import { DataError } from '../errors.ts';
import { Moments } from '../numeric/moments.ts';
import type { ArmEstimate } from './effect.ts';
import type { Frozen, Metric } from './metric.ts';

/**
 * The moments of one metric, by epoch and arm. An epoch is a time in which the shares of the arms stay the same: arms are compared
 * within each, since with changing shares the arms hold different days (Simpson's paradox).
 */
export class Strata {
  readonly metric: Metric;
  readonly #arms: number;
  /** Epoch after epoch, arm after arm. */
  readonly #moments: Moments[] = [];

  constructor(metric: Metric, arms: number) {
    this.metric = metric;
    this.#arms = arms;
  }

  at(epoch: number, arm: number): Moments {
    while (this.#moments.length <= epoch * this.#arms + arm) this.#moments.push(new Moments(this.metric.countedWidth));
    return this.#moments[epoch * this.#arms + arm]!;
  }

  /**
   * Each arm's estimate over the epochs in which all arms have at least two units, an epoch weighted by its units in all arms.
   * Undefined where there is no such epoch. `frozen`: what was found in the first units.
   */
  estimates(frozen?: Frozen): readonly ArmEstimate[] | undefined {
    const epochs = this.#epochs().filter((arms) => arms.every(({ weight }) => weight >= 2));
    const units = epochs.map((arms) => arms.reduce((sum, { weight }) => sum + weight, 0));
    const all = units.reduce((sum, n) => sum + n, 0);
    if (all === 0) return undefined;
    const totals = Array.from({ length: this.#arms }, () => ({ n: 0, estimate: 0, variance: 0 }));
    for (const [epoch, arms] of epochs.entries()) {
      const slope = this.metric.slope(arms);
      const covariateMean = this.#covariateMean(arms);
      const share = units[epoch]! / all;
      for (const [arm, moments] of arms.entries()) {
        const { n, estimate, variance } = this.metric.estimate(moments, slope, covariateMean, frozen);
        const total = totals[arm]!;
        // An arm that is weighted stands for all units, of which each arm has an equal part.
        total.n += this.metric.weighted ? units[epoch]! / this.#arms : n;
        total.estimate += share * estimate;
        total.variance += share ** 2 * variance;
      }
    }
    return totals;
  }

  /** By arm, of a metric that is weighted: (Σ w)² / Σ w². There is one epoch only. */
  effectiveUnits(): readonly number[] {
    const w = this.metric.width;
    return Array.from({ length: this.#arms }, (_, arm) => {
      const moments = this.at(0, arm);
      const sum = moments.weight > 0 ? moments.weight * moments.mean(w) : 0;
      return sum === 0 ? 0 : sum ** 2 / (moments.product(w, w) + sum * moments.mean(w));
    });
  }

  /** Throws `DataError` (`not-finite`) where the squares of values, or of weights, no longer add up to a finite number. */
  checkFinite(): void {
    if (this.#moments.every((moments) => moments.values().every(Number.isFinite))) return;
    throw new DataError(
      'not-finite',
      `SequentialTest: metric ${this.metric.name}: expected numbers whose squares add up to a finite one, got larger ones; cap or leave them out`,
    );
  }

  values(): readonly Float64Array[] {
    return this.#moments.map((moments) => moments.values());
  }

  restore(values: readonly Float64Array[]): void {
    this.#moments.length = 0;
    for (const each of values) this.#moments.push(Moments.fromValues(this.metric.countedWidth, each));
  }

  #epochs(): readonly (readonly Moments[])[] {
    const count = Math.ceil(this.#moments.length / this.#arms);
    return Array.from({ length: count }, (_, epoch) =>
      Array.from({ length: this.#arms }, (_each, arm) => this.at(epoch, arm)),
    );
  }

  #covariateMean(arms: readonly Moments[]): number {
    const x = this.metric.covariateAt;
    if (x === undefined) return 0;
    const all = new Moments(this.metric.width);
    for (const moments of arms) all.merge(moments);
    return all.mean(x);
  }
}
