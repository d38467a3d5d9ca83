import type { BayesianReadOut } from './bayesian.ts';
import type { Interval } from './comparison-track.ts';

/** How an arm compares to the control. */
export type ComparedEffect = {
  /** Of the last look. */
  readonly estimate: number;
  /**
   * The always-valid interval: where each observation is a unit, what those of all looks have in common; by unit, that of the
   * last look, as the effect itself grows while units add to what they did. All looks together, both cover in 1 − α.
   */
  readonly interval: Interval;
};

/** One metric of one arm against the control. */
export type Comparison = {
  readonly metric: string;
  readonly arm: string;
  /** arm − control. */
  readonly absolute: ComparedEffect;
  /** (arm − control) / control. */
  readonly relative: ComparedEffect;
  /** The smallest of all looks, before the correction for several comparisons. 1 before a look counts. */
  readonly pValue: number;
  /** After the correction over the arms and metrics that are not guardrails; this is what α is held against. */
  readonly adjustedPValue: number;
  /**
   * `rejected`: there is an effect. For guardrails, `safe`: not worse by the margin; `harmed`: worse by more than it.
   * Once there, it stays.
   */
  readonly verdict: 'not yet' | 'rejected' | 'safe' | 'harmed';
  /** The look that gave the verdict; absent before. */
  readonly decidedAt?: number;
  /** Whether intervals that should have something in common exclude each other: the effect changes with time. */
  readonly drifting: boolean;
  /** Of the last look, for the absolute effect; better is higher, or what the guardrail says. It does not guard against peeking. */
  readonly bayesian: BayesianReadOut;
};

/** Why an experiment stands where it does. */
export type Status =
  /** Too few units, no variance, or a cap or quantile that is still looked for: nothing can be said, and p-values stay 1. */
  | 'insufficient data'
  | 'not yet'
  | 'rejected'
  /** The planned number of units is there, without a verdict. */
  | 'ended'
  /** The arms have not the sizes that they should have: nothing that is measured can be trusted. */
  | 'invalid';

export type SequentialResult = {
  /** Looks so far that counted. */
  readonly looks: number;
  /** Milliseconds since 1970: the latest time of an observation, or the batch's where observations have none. */
  readonly time: number;
  readonly status: Status;
  /** The status in words: what is missing, or what was found. */
  readonly reason: string;
  readonly arms: readonly { readonly name: string; readonly units: number }[];
  readonly comparisons: readonly Comparison[];
  /** p = 1 / the greatest Bayes factor so far: always valid, as the others. */
  readonly sampleRatio: { readonly pValue: number; readonly mismatch: boolean };
  /** Units that were seen in more than one arm, and count in none. */
  readonly crossedUnits: number;
};
