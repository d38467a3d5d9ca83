import { UsageError } from '../errors.ts';
import { parallelCenters } from '../numeric/k-means-parallel.ts';
import { plusPlusCenters } from '../numeric/k-means-plus-plus.ts';
import { XorShiftRandom } from '../numeric/xor-shift-random.ts';

const METHODS = ['k-means++', 'k-means||'] as const;

/** How the first rows choose the centres: k of them, far from each other, or means of many such rows. */
export type CenterMethod = (typeof METHODS)[number];

/** A choice of first centres that is yet to be made. */
export interface CenterChoice {
  readonly method: CenterMethod;
  /** A whole number. */
  readonly seed: number;
}

/** Rounds of k-means||: Spark's default. */
const ROUNDS = 2;

/** Throws `UsageError` (`bad-option`), naming the learner, for a method or a seed that is none. */
export function checkedChoice(kind: string, { method, seed }: CenterChoice): CenterChoice {
  if (!METHODS.includes(method)) {
    throw new UsageError('bad-option', `${kind}: Initial centers must be 'k-means++' or 'k-means||' but got ${method}`);
  }
  if (!Number.isSafeInteger(seed)) {
    throw new UsageError('bad-option', `${kind}: Seed must be a whole number but got ${seed}`);
  }
  return { method, seed };
}

/**
 * Chooses k centres from rows, some of which weigh more than 0. Where fewer rows differ, centres repeat.
 *
 * `columns`: d Float64Array[n]; `weights`: Float64Array[n], 1 each where absent. Returns Float64Array[k·d].
 * Cost: O(n · k · d). Source: `plusPlusCenters`, `parallelCenters`.
 */
export function chosenCenters(
  { method, seed }: CenterChoice,
  columns: readonly Float64Array[],
  weights: Float64Array | undefined,
  k: number,
): Float64Array {
  const random = new XorShiftRandom(seed);
  const nextDouble = () => random.nextDouble();
  if (method === 'k-means++') return plusPlusCenters(columns, weights, k, nextDouble);
  const chosen = parallelCenters(columns, columns[0]!.length, weights, { k, steps: ROUNDS, nextDouble });
  return Float64Array.from({ length: k * columns.length }, (_, at) => chosen[at % chosen.length]!);
}
