import { nextNormal } from '../../host/random.ts';
import { checkRange, nextUniforms, rowGenerator } from './row-generator.ts';

/**
 * A regression with products, squares and five useless features.
 *
 *     x0 … x9 ~ U[0, 1)      label = 10·sin(π·x0·x1) + 20·(x2 − ½)² + 10·x3 + 5·x4 + N(0, noise²)
 *
 * - `noise`: deviation of the noise. Default 1.
 * - `changesAt`: three row numbers at which local expanding drift (LEA) begins and spreads; none is no drift. In two regions
 *   of x1 … x4 that grow at each change, other functions hold. Default none.
 *
 * Source: Friedman, Multivariate adaptive regression splines, 1991; drift: Ikonomovska, Gama and Džeroski, 2011.
 */
export const friedman = rowGenerator(
  'friedman',
  { seed: 1, noise: 1, changesAt: [] as readonly number[] },
  function* ({ noise, changesAt }, random) {
    checkRange('friedman', 'changesAt', [0, 3].includes(changesAt.length), 'none or three numbers', changesAt);
    for (let row = 0; ; row++) {
      const features = nextUniforms(random, 10);
      const changes = changesAt.filter((at) => row >= at).length;
      yield { features, label: signal(features, changes) + noise * nextNormal(random) };
    }
  },
);

function signal(x: readonly number[], changes: number): number {
  const [x0, x1, x2, x3, x4] = x as [number, number, number, number, number];
  // After the first change all four conditions bound a region, after the second the first three, after the third two.
  const within = (conditions: readonly boolean[]) => changes > 0 && conditions.slice(0, 5 - changes).every(Boolean);
  if (within([x1 < 0.3, x2 < 0.3, x3 > 0.7, x4 < 0.3])) return 10 * x0 * x1 + 20 * (x2 - 0.5) + 10 * x3 + 5 * x4;
  if (within([x1 > 0.7, x2 > 0.7, x3 < 0.3, x4 > 0.7])) {
    return 10 * Math.cos(x0 * x1) + 20 * (x2 - 0.5) + Math.exp(x3) + 5 * x4 ** 2;
  }
  return 10 * Math.sin(Math.PI * x0 * x1) + 20 * (x2 - 0.5) ** 2 + 10 * x3 + 5 * x4;
}
