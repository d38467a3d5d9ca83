import { UsageError } from '../errors.ts';
import { normal } from '../numeric/distributions/normal.ts';
import type { Moments } from '../numeric/moments.ts';
import type { ArmEstimate } from './effect.ts';

/** What is measured, and how it is compared. */
export interface MetricOptions {
  /**
   * `mean` of the values of a unit, added up; `proportion` of the units with a positive value; `ratio` of all values to all
   * denominators (clicks per view), where a unit has many of both; `quantile` of the values of a unit. Default `mean`.
   */
  readonly kind?: 'mean' | 'proportion' | 'ratio' | 'quantile';
  /**
   * For a quantile: which, and how many units it is first looked for in. Where it lies, and how dense values are there, is then
   * frozen: an arm's quantile is estimated from how many of its values lie below, and effects should not be much larger than
   * the spread of values there.
   */
  readonly quantile?: { readonly share: number; readonly ofFirst: number };
  /** Whether each unit has a covariate from before the experiment; it takes noise away (CUPED). Default false. */
  readonly covariate?: boolean;
  /**
   * Values of a unit above this count as this: a number, or a quantile of the first units, which is found once, from what they have
   * done by then, and then frozen; where units come back and add to their values, give a number. Default: no cap.
   */
  readonly cap?: number | { readonly quantile: number; readonly ofFirst: number };
  /** Makes the metric one that must not get worse, by more than `margin` (absolute), rather than one to improve. */
  readonly guardrail?: { readonly margin: number; readonly better: 'higher' | 'lower' };
}

/** What is found in the first units, once: a cap, or a quantile, how far apart values are there, and how well that is known. */
export type Frozen = readonly [point: number, spread: number, relativeError: number];

/**
 * One metric, and where its variables stand in a unit's row: value, denominator, covariate. Where it is weighted, each unit counts
 * with w · value and w = 1 / propensity, and the estimate is Σ w · value / Σ w: what all units would have done in the arm.
 */
export class Metric {
  readonly name: string;
  readonly kind: NonNullable<MetricOptions['kind']>;
  readonly options: MetricOptions;
  readonly weighted: boolean;
  /** Variables a unit. */
  readonly width: number;
  /** With the weight behind them, where there is one. */
  readonly countedWidth: number;
  /** Where the covariate stands; undefined without one. */
  readonly covariateAt: number | undefined;
  /** Units in which something is looked for before any can be counted; undefined for none. */
  readonly ofFirst: number | undefined;

  constructor(name: string, options: MetricOptions, weighted = false) {
    const { kind = 'mean', covariate = false, cap, guardrail } = options;
    this.name = name;
    this.kind = kind;
    this.options = options;
    this.weighted = weighted;
    const own = kind === 'ratio' ? 2 : 1;
    this.width = own + (covariate ? 1 : 0);
    this.countedWidth = this.width + (weighted ? 1 : 0);
    this.covariateAt = covariate ? own : undefined;
    const looksFor = typeof cap === 'object' ? { share: cap.quantile, ofFirst: cap.ofFirst } : options.quantile;
    this.ofFirst = looksFor?.ofFirst;
    const isBad = looksFor && !(looksFor.share > 0 && looksFor.share < 1 && looksFor.ofFirst >= 2);
    if (isBad || (guardrail !== undefined && !(guardrail.margin > 0))) {
      throw new UsageError(
        'bad-option',
        `metric ${name}: expected a share between 0 and 1 of at least 2 units, and a margin above 0`,
      );
    }
    if (weighted && (this.width > 1 || kind === 'quantile')) {
      throw new UsageError(
        'bad-option',
        `metric ${name}: expected a mean or a proportion without a covariate, with an allocation by propensity`,
      );
    }
    if ((kind === 'quantile') !== (options.quantile !== undefined) || (kind === 'quantile' && cap !== undefined)) {
      throw new UsageError('bad-option', `metric ${name}: expected \`quantile\` with the kind quantile, and no cap`);
    }
  }

  /** What is frozen from the values of the first units; sorts them. With no need to look, they don't count. */
  freeze(values: number[]): Frozen {
    const { cap = Number.POSITIVE_INFINITY, quantile } = this.options;
    values.sort((a, b) => a - b);
    if (typeof cap === 'object') return [quantileOf(values, cap.quantile), 0, 0];
    if (quantile === undefined) return [cap, 0, 0];
    // One over the density: the distance between two quantiles to either side, by the shares between them.
    const { share } = quantile;
    const reach = Math.min(bofingerBandwidth(share, values.length), share, 1 - share);
    const spread = (quantileOf(values, share + reach) - quantileOf(values, share - reach)) / (2 * reach);
    return [quantileOf(values, share), spread, 1 / Math.sqrt(2 * reach * values.length)];
  }

  /** What a unit's value counts as. For a quantile, its influence on the estimate: the mean of these estimates the quantile. */
  counted(value: number, [point, spread]: Frozen): number {
    const { quantile } = this.options;
    if (quantile === undefined) return Math.min(value, point);
    return point + spread * (quantile.share - (value <= point ? 1 : 0));
  }

  /** How a unit's value grows with each observation. */
  combined(before: number, value: number): number {
    return this.kind === 'proportion' ? Math.max(before, value > 0 ? 1 : 0) : before + value;
  }

  /** How much of the covariate explains the metric: Σ cov / Σ var over all arms, so that no arm has a line of its own. */
  slope(arms: readonly Moments[]): number {
    const x = this.covariateAt;
    if (x === undefined) return 0;
    let covariance = 0;
    let variance = 0;
    for (const moments of arms) {
      const weights = this.#weights(moments);
      for (const [i, weight] of weights.entries()) covariance += weight * moments.product(i, x);
      variance += moments.product(x, x);
    }
    return variance > 0 ? covariance / variance : 0;
  }

  /**
   * The arm's estimate, with the covariate's share taken out: y − θ (x − mean of x over all arms). A ratio is linearised:
   * R + (y − R d) / mean(d). `slope`: θ; `covariateMean`: over all arms; `frozen`: what was found in the first units.
   */
  estimate(moments: Moments, slope: number, covariateMean: number, frozen?: Frozen): ArmEstimate {
    const n = moments.weight;
    const x = this.covariateAt;
    const weights = this.#weights(moments);
    const plain = this.#isRatio ? moments.mean(0) / moments.mean(1) : moments.mean(0);
    if (x !== undefined) weights.push(-slope);
    let product = 0;
    for (const [i, a] of weights.entries()) {
      for (const [j, b] of weights.entries()) product += a * b * moments.product(i, j);
    }
    const shift = x === undefined ? 0 : slope * (moments.mean(x) - covariateMean);
    // A proportion's variance is p (1 − p), as that of a coin; with a covariate it is a mean like any other.
    const isCoin = this.kind === 'proportion' && x === undefined && !this.weighted;
    const divisor = isCoin ? n : n - 1;
    return { n, estimate: plain - shift, variance: product / divisor / n + this.#scaleError(plain, frozen) };
  }

  /**
   * What not knowing the density of the values adds to the variance of a quantile. The error is that of the scale, and so the same in
   * all arms: that of their difference is at most √2 times as great as if it were not.
   */
  #scaleError(estimate: number, frozen: Frozen | undefined): number {
    if (this.kind !== 'quantile' || frozen === undefined) return 0;
    const [point, , relativeError] = frozen;
    return 2 * (relativeError * (estimate - point)) ** 2;
  }

  /** Whether the second variable divides the first: a weighted mean is a ratio, too. */
  get #isRatio(): boolean {
    return this.kind === 'ratio' || this.weighted;
  }

  /** The weights of value and denominator in what a unit adds to the estimate. */
  #weights(moments: Moments): number[] {
    if (!this.#isRatio) return [1];
    const base = moments.mean(1);
    return [1 / base, -moments.mean(0) / base ** 2];
  }
}

/** How far to either side of a share to look for how dense values are, best for the normal distribution. Source: Bofinger, 1975. */
function bofingerBandwidth(share: number, n: number): number {
  const z = normal.quantile(share);
  const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  return ((4.5 * density ** 4) / (2 * z * z + 1) ** 2 / n) ** 0.2;
}

/** The least value that so large a share of the sorted values is at or below. */
function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
