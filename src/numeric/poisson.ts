import type { SeededRandom } from '../host/random.ts';

/**
 * Draws from the Poisson distribution of a mean: P(k) = e^(−mean) · meanᵏ / k!, one draw of `random` each. `mean` in (0, 30].
 * Cost: O(mean) a draw, no allocation. Source: Devroye, Non-Uniform Random Variate Generation, 1986, sequential inversion.
 */
export function poissonDraws(mean: number): (random: SeededRandom) => number {
  const cumulative: number[] = [];
  let sum = 0;
  for (let k = 1, p = Math.exp(-mean); sum + p > sum; p *= mean / k, k++) {
    sum += p;
    cumulative.push(sum);
  }
  const last = cumulative.length - 1;
  return (random) => {
    const u = (random.nextInt32() >>> 0) / 2 ** 32;
    let k = 0;
    while (k < last && u >= cumulative[k]!) k++;
    return k;
  };
}
