import type { Effect, Evidence } from '../numeric/mixture-test.ts';

/** An interval, both ends included. */
export type Interval = readonly [lower: number, upper: number];

/** One comparison as it stands after a look. */
export type Track = {
  /** The smallest p-value of all looks: always valid, and it never rises again. */
  readonly pValue: number;
  /** What all intervals so far have in common, or the last look's where the effect is another at each look. */
  readonly interval: Interval;
  /** Whether they should have something in common and do not, so that `interval` is the last look's: the effect changes. */
  readonly drifting: boolean;
};

export const NO_LOOK: Track = {
  pValue: 1,
  interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  drifting: false,
};

/**
 * The track after one more look. `lasting`: whether all looks are at the same effect, which they are not where units still add to
 * what they did: half a week of a user's spending shows half of the week's effect.
 */
export function tracked(before: Track, effect: Effect, { pValue, halfWidth }: Evidence, lasting: boolean): Track {
  const own: Interval = [effect.estimate - halfWidth, effect.estimate + halfWidth];
  const common: Interval = [Math.max(before.interval[0], own[0]), Math.min(before.interval[1], own[1])];
  const drifting = lasting && (before.drifting || common[0] > common[1]);
  return {
    pValue: Math.min(before.pValue, pValue),
    interval: drifting || !lasting ? own : common,
    drifting,
  };
}
