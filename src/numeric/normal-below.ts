const ROOT_OF_TWO_PI = 2.5066282746310002;
/** From here on the tail is taken from its continued fraction. */
const FAR = 7.07106781186547;

/**
 * P(Z ≤ z) of the standard normal distribution, to 1e-14: for hot loops. `distributions/normal.ts` keeps full precision in the tails.
 *
 * Cost: O(1), one exponential. Source: Hart et al., Computer Approximations, 1968, by way of West, Better Approximations to
 * Cumulative Normal Functions, 2005.
 */
export function normalBelow(z: number): number {
  const x = Math.abs(z);
  if (x > 38) return z > 0 ? 1 : 0;
  const tail = Math.exp((-x * x) / 2) * (x < FAR ? nearTail(x) : farTail(x));
  return z > 0 ? 1 - tail : tail;
}

function nearTail(x: number): number {
  const above =
    (((((0.0352624965998911 * x + 0.700383064443688) * x + 6.37396220353165) * x + 33.912866078383) * x +
      112.079291497871) *
      x +
      221.213596169931) *
      x +
    220.206867912376;
  const below =
    ((((((0.0883883476483184 * x + 1.75566716318264) * x + 16.064177579207) * x + 86.7807322029461) * x +
      296.564248779674) *
      x +
      637.333633378831) *
      x +
      793.826512519948) *
      x +
    440.413735824752;
  return above / below;
}

function farTail(x: number): number {
  return 1 / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / ROOT_OF_TWO_PI;
}
