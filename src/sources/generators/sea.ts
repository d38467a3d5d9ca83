import { checkRange, nextUniforms, rowGenerator } from './row-generator.ts';

/**
 * SEA concepts: two features that count, one that does not, and a threshold that jumps from block to block.
 *
 *     x0, x1, x2 ~ U[0, 10)      label = 1 if x0 + x1 > θ, else 0      P(label 1) = 1 − θ²/200
 *
 * - `thetas`: θ of each block in turn; the last one stays. Default 8, 9, 7, 9.5, the classic stream.
 * - `blockRows`: rows of a block. Default 12,500.
 * - `noise`: chance that a label is flipped, in [0, 1]. Default 0.1.
 *
 * Source: Street and Kim, A streaming ensemble algorithm (SEA), 2001.
 */
export const sea = rowGenerator(
  'sea',
  { seed: 1, thetas: [8, 9, 7, 9.5] as readonly number[], blockRows: 12_500, noise: 0.1 },
  function* ({ thetas, blockRows, noise }, random) {
    checkRange('sea', 'thetas', thetas.length > 0, 'at least one number', thetas);
    checkRange('sea', 'blockRows', blockRows >= 1, 'at least 1', blockRows);
    for (let row = 0; ; row++) {
      const theta = thetas[Math.min(Math.floor(row / blockRows), thetas.length - 1)]!;
      const features = nextUniforms(random, 3).map((u) => 10 * u);
      const above = features[0]! + features[1]! > theta;
      const flipped = noise > 0 && random.next() < noise;
      yield { features, label: above === flipped ? 0 : 1 };
    }
  },
);
