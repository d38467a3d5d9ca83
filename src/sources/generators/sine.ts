import { checkRange, nextUniforms, rowGenerator } from './row-generator.ts';

/**
 * Two features and a curved boundary, in four variants.
 *
 *     x, y ~ U[0, 1)      variant 0: label 1 if x < sin(y)      variant 1: label 1 if x < ½ + 0.3·sin(3·π·y)
 *     variants 2 and 3: as 0 and 1, labels reversed
 *
 * - `variant`: 0 … 3. Default 0. For drift, join two with `conceptDriftStream`.
 *
 * Source: Gama, Medas, Castillo and Rodrigues, Learning with drift detection, 2004.
 */
export const sine = rowGenerator('sine', { seed: 1, variant: 0 }, function* ({ variant }, random) {
  checkRange('sine', 'variant', [0, 1, 2, 3].includes(variant), '0, 1, 2 or 3', variant);
  for (;;) {
    const features = nextUniforms(random, 2);
    const [x, y] = features as [number, number];
    const below = variant % 2 === 0 ? x < Math.sin(y) : x < 0.5 + 0.3 * Math.sin(3 * Math.PI * y);
    yield { features, label: below === variant < 2 ? 1 : 0 };
  }
});
