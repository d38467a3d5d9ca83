import { type Duration, toMilliseconds } from '../batch/duration.ts';
import { UsageError } from '../errors.ts';
import type { BurnIn } from './burn-in.ts';
import { Metric, type MetricOptions } from './metric.ts';
import type { SpendingName } from './planned-looks.ts';

/** How it is kept honest that one looks again and again. */
export type SequentialMethod =
  /** A confidence sequence that needs no size of effect; its intervals are tightest at `tunedFor` units in two arms. */
  | { readonly kind: 'asymptotic'; readonly tunedFor?: number }
  /** The mixture test; `mixingVariance` is the square of the absolute effect that one looks for. */
  | { readonly kind: 'mixture'; readonly mixingVariance: number }
  /** For those who know that they stop at `maximum` units in all arms: more powerful, but over when they are there. */
  | {
      readonly kind: 'group-sequential';
      readonly maximum: number;
      readonly spending?: SpendingName;
    };

export interface SequentialTestOptions {
  /** The arms by name, each with its share of the units; the shares add up to 1. */
  readonly arms: Readonly<Record<string, number>>;
  /** The arm that the others are compared to. Default: the first; name it where arms are called by numbers, which JavaScript sorts. */
  readonly control?: string;
  /** Shares in epochs where they differ from those of `arms`, by the name that observations give. More may follow later. */
  readonly epochs?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** What is measured, by name. Default one mean, `value`. */
  readonly metrics?: Readonly<Record<string, MetricOptions>>;
  /** Default `asymptotic`. */
  readonly method?: SequentialMethod;
  /** The chance of any false rejection, over all looks, arms and metrics. Default 0.05. */
  readonly alpha?: number;
  /**
   * How several questions are kept honest together: `holm`, the chance of any false rejection is at most α; `e-bh`, the share of
   * false ones among the rejections is at most α on average, which finds more where there are many. Intervals hold
   * together in both. Default `holm`.
   */
  readonly correction?: 'holm' | 'e-bh';
  /**
   * How units come to their arms: `by shares`, those of `arms`; or `by propensity`, a chance that each observation tells, because it
   * follows what was seen so far, as a bandit's does. A unit then weighs 1 / propensity, for means and proportions without
   * a covariate; `arms` says what the shares are like, roughly. Default `by shares`.
   */
  readonly allocation?: 'by shares' | 'by propensity';
  /** What a unit does at first does not count. Default: all counts. */
  readonly burnIn?: BurnIn;
  /** Observations of one unit are added up, or each counts as a unit of its own. Default `by unit`. */
  readonly units?: 'by unit' | 'each observation';
  /**
   * Units that each arm needs before the first look counts: the normal approximation needs some, and more where values are skewed or
   * successes rare. Units of different weights count for as many of the same weight as tell as much. Default 100; 400 by propensity.
   */
  readonly minimumPerArm?: number;
  /** Looks count only when another such time is full since the first look, so that every weekday is there. Default: all do. */
  readonly wholePeriod?: Duration;
  /** The chance that the sample-ratio check stops an experiment whose shares are as planned. Default 0.001. */
  readonly sampleRatioAlpha?: number;
}

const DEFAULT_TUNED_FOR = 5000;

/** The options, checked, with their defaults. */
export interface Settings {
  readonly arms: readonly string[];
  /** By epoch, then by arm; the first epoch is that of `arms`. */
  readonly shares: readonly (readonly number[])[];
  readonly epochs: readonly string[];
  readonly metrics: readonly Metric[];
  readonly method:
    | { readonly kind: 'asymptotic'; readonly tunedFor: number }
    | { readonly kind: 'mixture'; readonly mixingVariance: number }
    | { readonly kind: 'group-sequential'; readonly maximum: number; readonly spending: SpendingName };
  readonly alpha: number;
  readonly correction: 'holm' | 'e-bh';
  /** Undefined where all counts. */
  readonly burnIn: { readonly observations: number } | { readonly timeMs: number } | undefined;
  readonly byUnit: boolean;
  readonly byPropensity: boolean;
  readonly minimumPerArm: number;
  readonly wholePeriodMs: number;
  readonly sampleRatioAlpha: number;
}

/** Throws `UsageError` (`bad-option`) for what makes no experiment. */
export function settingsOf(options: SequentialTestOptions): Settings {
  const byPropensity = options.allocation === 'by propensity';
  const { alpha = 0.05, minimumPerArm = byPropensity ? 400 : 100, sampleRatioAlpha = 0.001, wholePeriod } = options;
  const arms = armsOf(options);
  if (arms.length < 2 || arms.length > 250) throw refusal('arms', '2 to 250 arms', arms.length);
  for (const [name, value] of Object.entries({ alpha, sampleRatioAlpha })) {
    if (!(value > 0 && value < 1)) throw refusal(name, 'a number between 0 and 1', value);
  }
  if (!(Number.isSafeInteger(minimumPerArm) && minimumPerArm >= 2)) {
    throw refusal('minimumPerArm', 'a whole number from 2', minimumPerArm);
  }
  const metrics = Object.entries(options.metrics ?? { value: {} }).map(
    ([name, each]) => new Metric(name, each, byPropensity),
  );
  if (metrics.length === 0) throw refusal('metrics', 'at least one metric', 0);
  const epochs = Object.entries(options.epochs ?? {});
  const method = methodOf(options.method ?? { kind: 'asymptotic' });
  if (byPropensity && (epochs.length > 0 || method.kind === 'group-sequential')) {
    throw refusal('allocation', "'by shares' with epochs or a group-sequential method", options.allocation!);
  }
  const { correction = 'holm' } = options;
  if (correction === 'e-bh' && method.kind === 'group-sequential') {
    throw refusal('correction', "'holm' with a group-sequential method", correction);
  }
  const byUnit = options.units !== 'each observation';
  if (options.burnIn !== undefined && !byUnit) throw refusal('units', "'by unit' with a burn-in", options.units!);
  const looking = metrics.find(({ ofFirst }) => ofFirst !== undefined);
  if (options.burnIn !== undefined && looking !== undefined) {
    // The values of the first units are those of a burn-in: nothing.
    throw refusal(`metric ${looking.name}`, 'neither a quantile nor capped at one, with a burn-in', 'one');
  }
  return {
    arms,
    shares: [options.arms, ...epochs.map(([, shares]) => shares)].map((shares) => sharesOf(shares, arms)),
    epochs: ['', ...epochs.map(([name]) => name)],
    metrics,
    method,
    alpha,
    correction,
    burnIn: options.burnIn && burnInOf(options.burnIn),
    byUnit,
    byPropensity,
    minimumPerArm,
    wholePeriodMs: wholePeriod === undefined ? 0 : toMilliseconds(wholePeriod, 'wholePeriod'),
    sampleRatioAlpha,
  };
}

/** The control first. */
function armsOf({ arms, control }: SequentialTestOptions): readonly string[] {
  const names = Object.keys(arms);
  if (control === undefined) return names;
  if (!names.includes(control)) throw refusal('control', `one of ${names.join(', ')}`, control);
  return [control, ...names.filter((name) => name !== control)];
}

function burnInOf(burnIn: BurnIn): NonNullable<Settings['burnIn']> {
  if ('time' in burnIn) return { timeMs: toMilliseconds(burnIn.time, 'burnIn') };
  const { observations } = burnIn;
  if (Number.isSafeInteger(observations) && observations > 0) return burnIn;
  throw refusal('burnIn', 'a whole number of observations from 1', observations);
}

function sharesOf(shares: Readonly<Record<string, number>>, arms: readonly string[]): readonly number[] {
  const all = arms.map((arm) => shares[arm] ?? 0);
  const sum = all.reduce((total, share) => total + share, 0);
  if (all.some((share) => !(share >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw refusal('arms', 'shares that add up to 1', JSON.stringify(shares));
  }
  return all;
}

function methodOf(method: SequentialMethod): Settings['method'] {
  switch (method.kind) {
    case 'asymptotic': {
      const { tunedFor = DEFAULT_TUNED_FOR } = method;
      return { kind: method.kind, tunedFor: positive('tunedFor', tunedFor) };
    }
    case 'mixture':
      return { kind: method.kind, mixingVariance: positive('mixingVariance', method.mixingVariance) };
    case 'group-sequential': {
      const { spending = 'obrien-fleming' } = method;
      return { kind: method.kind, maximum: positive('maximum', method.maximum), spending };
    }
  }
}

function positive(name: string, value: number): number {
  if (value > 0 && Number.isFinite(value)) return value;
  throw refusal(name, 'a positive number', value);
}

function refusal(name: string, expected: string, got: number | string): UsageError {
  return new UsageError('bad-option', `SequentialTest: expected ${name} to be ${expected}, got ${got}`);
}
