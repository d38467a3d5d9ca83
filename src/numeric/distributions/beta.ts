import { checkPositive, type Distribution, distribution } from './distribution.ts';
import { double, subtract } from './double-double.ts';
import { incompleteBeta, inverseBetaOdds } from './incomplete-beta.ts';

/** The beta distribution on [0, 1]: mean a / (a + b). `a`, `b`: shapes, from 0.05. */
export function beta(a: number, b: number): Distribution {
  checkPositive('beta', 'shape a', a);
  checkPositive('beta', 'shape b', b);
  return distribution(
    (x) => incompleteBeta(a, b, double(x), subtract(double(1), double(x))),
    (target, side) => {
      if (side === 'upper') return 1 / (1 + inverseBetaOdds(b, a, target));
      const odds = inverseBetaOdds(a, b, target);
      return odds / (1 + odds);
    },
    [0, 1],
  );
}
