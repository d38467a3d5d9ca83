import { checkRange, nextUniforms, rowGenerator } from './row-generator.ts';

/**
 * A plane through the middle of the unit cube, which turns a little with every row: gradual drift without end.
 *
 *     x_i, w_i ~ U[0, 1)      label = 1 if Σ w_i·x_i ≥ ½ Σ w_i, else 0      P(label 1) = ½
 *     after each row, for the drifting i: w_i ← w_i + s_i·magnitude, and s_i ← −s_i with chance `turn`
 *
 * - `features`: number of features. Default 10.
 * - `driftingFeatures`: how many of them, the first ones, have drifting weights. Default 2.
 * - `magnitude`: how far a drifting weight goes with each row. Default 0.001; 0 is no drift.
 * - `turn`: chance that a drifting weight turns round, in [0, 1]. Default 0.1.
 * - `noise`: chance that a label is flipped, in [0, 1]. Default 0.05.
 *
 * Source: Hulten, Spencer and Domingos, Mining time-changing data streams, 2001; defaults of MOA, but for the magnitude.
 */
export const hyperplane = rowGenerator(
  'hyperplane',
  { seed: 1, features: 10, driftingFeatures: 2, magnitude: 0.001, turn: 0.1, noise: 0.05 },
  function* ({ features: d, driftingFeatures, magnitude, turn, noise }, random) {
    checkRange('hyperplane', 'features', d >= 1, 'at least 1', d);
    const weights = nextUniforms(random, d);
    const steps = Array.from({ length: Math.min(driftingFeatures, d) }, () => magnitude);
    for (;;) {
      const features = nextUniforms(random, d);
      const above = weights.reduce((sum, w, i) => sum + w * (features[i]! - 0.5), 0) >= 0;
      const flipped = random.next() < noise;
      yield { features, label: above === flipped ? 0 : 1 };
      for (let i = 0; i < steps.length; i++) {
        weights[i]! += steps[i]!;
        if (random.next() < turn) steps[i] = -steps[i]!;
      }
    }
  },
);
