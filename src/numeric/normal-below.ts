const ROOT_OF_TWO_PI = 2.5066282746310002;
/** From here on the tail is taken from its continued fraction. */
const FAR = 7.07106781186547;
/** From here on the tail is nothing. */
const FARTHEST = 38;

/**
 * Writes P(Z ≤ z) of the standard normal distribution in the place of each of the first `count` numbers z, to 1e-14: for hot loops.
 * `distributions/normal.ts` keeps full precision in the tails.
 *
 * Cost: O(count), one exponential each; no allocation, as a number may be that a function gives.
 * Source: Hart et al., Computer Approximations, 1968, by way of West, Better Approximations to Cumulative Normal Functions, 2005.
 */
export function replaceByNormalBelow(zs: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const z = zs[i]!;
    const x = Math.abs(z);
    if (x > FARTHEST) {
      zs[i] = z > 0 ? 1 : 0;
      continue;
    }
    let ratio: number;
    if (x < FAR) {
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
      ratio = above / below;
    } else ratio = 1 / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / ROOT_OF_TWO_PI;
    const tail = Math.exp((-x * x) / 2) * ratio;
    zs[i] = z > 0 ? 1 - tail : tail;
  }
}
