import type { UnitKey } from './unit-column.ts';

/** Something that was measured of one unit, or that one unit did. */
export interface Observation {
  /** The arm that the unit was given. */
  readonly arm: string;
  /** The user, say. Left out only by experiments that count every observation as a unit of its own. */
  readonly unit?: UnitKey;
  readonly value: number;
  /** Which metric; by default the first. */
  readonly metric?: string;
  /** For a ratio: what `value` is divided by, such as views. Default 1. */
  readonly denominator?: number;
  /** What was known of the unit before the experiment; the last that is given counts. */
  readonly covariate?: number;
  /** When it was, milliseconds since 1970. Looks are then dated by the latest, and a burn-in by time needs it. Default: the batch's. */
  readonly time?: number;
  /** The stretch of time with shares of its own in which the unit was given its arm. Default: the first. */
  readonly epoch?: string;
  /**
   * The chance that the unit had of being given this arm when it was, above 0 and at most 1; the unit's first counts. Only for, and
   * always with, `allocation: 'by propensity'`.
   */
  readonly propensity?: number;
}
