import { DataError, excerpt } from '../errors.ts';
import type { UnitKey } from './unit-keys.ts';

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
}

/** Whether every number of the observation is one; what is wrong with it, else. */
export function problemOf(observation: Observation, needsUnit: boolean): DataError | undefined {
  const { value, denominator = 0, covariate = 0, time = 0, unit } = observation;
  const areFinite = Number.isFinite(value) && Number.isFinite(denominator) && Number.isFinite(covariate);
  if (!areFinite || !Number.isFinite(time)) {
    return new DataError('not-finite', `observation: expected finite numbers, got ${excerpt(observation)}`);
  }
  if (needsUnit && typeof unit !== 'string' && !Number.isFinite(unit)) {
    return new DataError('bad-record', `observation: expected a unit, a text or a number, got ${excerpt(observation)}`);
  }
  return undefined;
}
