import { InternalError } from '../../errors.ts';
import type { DoubleDouble } from './double-double.ts';

/** A probability that may be too small to be a number. */
export interface Probability {
  readonly value: number;
  /** Its natural logarithm, right also where `value` is 0 or 1 for want of digits. */
  readonly log: number;
}

/** What lies below a point and what lies above it. */
export interface Split {
  readonly lower: Probability;
  readonly upper: Probability;
  /** ln of the rate at which `lower` grows with the logarithm of the point. */
  readonly logRate: number;
}

const NOTHING: Probability = { value: 0, log: Number.NEGATIVE_INFINITY };
const ALL: Probability = { value: 1, log: 0 };
export const BELOW_ALL: Split = { lower: NOTHING, upper: ALL, logRate: Number.NEGATIVE_INFINITY };
export const ABOVE_ALL: Split = { lower: ALL, upper: NOTHING, logRate: Number.NEGATIVE_INFINITY };

/** Steps to the right are held to this, in logarithms: a tangent far to the left of the root points much too far. */
const LONGEST_STEP = 2;

/** A step below this is the last one: Newton's next would be its square. */
const LAST_STEP = 1e-10;
const MOST_STEPS = 500;

/** e^exponent · factor. */
export function probability([high, low]: DoubleDouble, factor: number): Probability {
  return { value: Math.exp(high) * (1 + low) * factor, log: high + (low + Math.log(factor)) };
}

export function complement({ value }: Probability): Probability {
  return { value: 1 - value, log: Math.log1p(-value) };
}

/**
 * The point that has the probability `target` on one side: Newton's method on the logarithm of that probability, as a
 * function of the logarithm of the point. Both functions that this is for are concave, so that it converges from anywhere.
 */
export function pointWith(
  target: number,
  side: 'lower' | 'upper',
  start: number,
  splitAt: (point: number) => Split,
): number {
  let point = start;
  for (let n = 0; n < MOST_STEPS; n++) {
    if (point === 0 || point === Number.POSITIVE_INFINITY) return point;
    const split = splitAt(point);
    const { value, log } = split[side];
    const rate = Math.exp(split.logRate - log);
    const gap = value > 1e-300 ? Math.log(value / target) : log - Math.log(target);
    const step = Math.min(side === 'lower' ? -gap / rate : gap / rate, LONGEST_STEP);
    point *= Math.exp(step);
    if (Math.abs(step) < LAST_STEP) return point;
  }
  throw new InternalError('bug', `quantile: no convergence to ${target} from ${start}; please report it`);
}
