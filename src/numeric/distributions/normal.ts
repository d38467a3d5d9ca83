import { type Distribution, symmetricDistribution } from './distribution.ts';
import { type DoubleDouble, double, multiply } from './double-double.ts';
import { incompleteGamma, inverseIncompleteGamma } from './incomplete-gamma.ts';

/** The standard normal distribution. Half the square of a draw has the gamma distribution of shape ½. */
export const normal: Distribution = symmetricDistribution(
  (x) => incompleteGamma(0.5, halfSquare(x)),
  (target, side) => Math.sqrt(2 * inverseIncompleteGamma(0.5, target, side)),
);

function halfSquare(x: number): DoubleDouble {
  if (Math.abs(x) > 1e150) return double(Number.POSITIVE_INFINITY); // its square would leave the numbers
  return multiply(multiply(double(x), double(x)), [0.5, 0]);
}
