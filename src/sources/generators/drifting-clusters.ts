import { nextNormal } from '../../host/random.ts';
import { MovingPoints } from './moving-points.ts';
import { checkRange, nextInt, rowGenerator } from './row-generator.ts';

/**
 * k Gaussian clusters whose centres move and jump: what decides how much streaming k-means should remember. The label is the
 * cluster.
 *
 *     label uniform on 0 … k − 1      features = centre of the label + deviation · N(0, I)
 *
 * - `k`: number of clusters. Default 3.
 * - `features`: number of features. Default 2.
 * - `side`: centres lie in the cube [0, side]. Default 10.
 * - `deviation`: of the points around their centre. Default 0.5.
 * - `speed`: how far each centre moves with every row, in a straight line until it bounces. Default 0.
 * - `jumpsAt`: before these rows, counted from 0, all centres are drawn anew. Default none.
 */
export const driftingClusters = rowGenerator(
  'driftingClusters',
  { seed: 1, k: 3, features: 2, side: 10, deviation: 0.5, speed: 0, jumpsAt: [] as readonly number[] },
  function* ({ k, features: d, side, deviation, speed, jumpsAt }, random) {
    checkRange('driftingClusters', 'k', k >= 1, 'at least 1', k);
    const centers = new MovingPoints(random, k, d, side, speed);
    const jumps = new Set(jumpsAt);
    for (let row = 0; ; row++) {
      if (jumps.has(row)) centers.jump();
      const label = nextInt(random, k);
      yield { features: centers.positions[label]!.map((x) => x + deviation * nextNormal(random)), label };
      centers.step();
    }
  },
);
