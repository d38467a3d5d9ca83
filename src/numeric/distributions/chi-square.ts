import { checkPositive, type Distribution } from './distribution.ts';
import { gamma } from './gamma.ts';

/** The chi-square distribution: of a sum of squares of so many standard normal draws. */
export function chiSquare(degreesOfFreedom: number): Distribution {
  checkPositive('chiSquare', 'number of degrees of freedom', degreesOfFreedom);
  return gamma(degreesOfFreedom / 2, 2);
}
