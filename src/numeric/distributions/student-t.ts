import { checkPositive, type Distribution, symmetricDistribution } from './distribution.ts';
import { double, multiply } from './double-double.ts';
import { incompleteBeta, inverseBetaOdds } from './incomplete-beta.ts';
import { ABOVE_ALL, type Split } from './probability.ts';

/**
 * Student's t distribution. `degreesOfFreedom`: any positive number, as Welch's need not be whole. An |x| above 1e150, whose
 * square would leave the numbers, counts as infinite.
 */
export function studentT(degreesOfFreedom: number): Distribution {
  checkPositive('studentT', 'number of degrees of freedom', degreesOfFreedom);
  const [a, b] = [0.5, degreesOfFreedom / 2];
  return symmetricDistribution(
    (x) => squareSplit(Math.abs(x), degreesOfFreedom),
    (target, side) => {
      const odds = side === 'lower' ? inverseBetaOdds(a, b, target) : 1 / inverseBetaOdds(b, a, target);
      return Math.sqrt(degreesOfFreedom * odds);
    },
  );
}

/** t² : ν are the odds of a beta distribution of shapes ½ and ν/2. */
function squareSplit(t: number, degreesOfFreedom: number): Split {
  if (t > 1e150) return ABOVE_ALL;
  return incompleteBeta(0.5, degreesOfFreedom / 2, multiply(double(t), double(t)), double(degreesOfFreedom));
}
