import type { Effect } from './effect.ts';
import type { Evidence } from './mixture-test.ts';

/** An interval, both ends included. */
export type Interval = readonly [lower: number, upper: number];

/** One comparison as it stands after a look. */
export interface Track {
  /** The smallest p-value of all looks: always valid, and it never rises again. */
  readonly pValue: number;
  /** What all intervals so far have in common. */
  readonly interval: Interval;
  /** Whether they have nothing in common, and `interval` is the last look's: the effect is not the same all the time. */
  readonly drifting: boolean;
}

export const NO_LOOK: Track = {
  pValue: 1,
  interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  drifting: false,
};

/** The track after one more look. */
export function tracked(before: Track, effect: Effect, { pValue, halfWidth }: Evidence): Track {
  const [lower, upper] = [effect.estimate - halfWidth, effect.estimate + halfWidth];
  const common: Interval = [Math.max(before.interval[0], lower), Math.min(before.interval[1], upper)];
  const drifting = before.drifting || common[0] > common[1];
  return {
    pValue: Math.min(before.pValue, pValue),
    interval: drifting ? [lower, upper] : common,
    drifting,
  };
}
