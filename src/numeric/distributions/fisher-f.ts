import { checkPositive, type Distribution, distribution } from './distribution.ts';
import { double, multiply } from './double-double.ts';
import { incompleteBeta, inverseBetaOdds } from './incomplete-beta.ts';

/** Fisher's F distribution: of the quotient of two mean squares. d₁ · F : d₂ are the odds of a beta distribution. */
export function fisherF(numeratorDegrees: number, denominatorDegrees: number): Distribution {
  const [d1, d2] = [numeratorDegrees, denominatorDegrees];
  checkPositive('fisherF', 'number of numerator degrees of freedom', d1);
  checkPositive('fisherF', 'number of denominator degrees of freedom', d2);
  return distribution(
    (x) => incompleteBeta(d1 / 2, d2 / 2, multiply(double(d1), double(x)), double(d2)),
    (target, side) => {
      const odds =
        side === 'lower' ? inverseBetaOdds(d1 / 2, d2 / 2, target) : 1 / inverseBetaOdds(d2 / 2, d1 / 2, target);
      return (odds * d2) / d1;
    },
    [0, Number.POSITIVE_INFINITY],
  );
}
