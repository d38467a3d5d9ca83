import { checkPositive, type Distribution, distribution } from './distribution.ts';
import { divide, double } from './double-double.ts';
import { incompleteGamma, inverseIncompleteGamma } from './incomplete-gamma.ts';

/** The gamma distribution: mean shape · scale. `shape`: from 0.05. `scale`: default 1. */
export function gamma(shape: number, scale = 1): Distribution {
  checkPositive('gamma', 'shape', shape);
  checkPositive('gamma', 'scale', scale);
  return distribution(
    (x) => incompleteGamma(shape, divide(double(x), double(scale))),
    (target, side) => scale * inverseIncompleteGamma(shape, target, side),
    [0, Number.POSITIVE_INFINITY],
  );
}
