import { checkRange, nextInt, rowGenerator } from './row-generator.ts';

/**
 * Three features of three values, and a rule that is a plain sentence.
 *
 *     size, color, shape uniform on {0, 1, 2}
 *     variant 0: small (0) and red (0)      variant 1: green (1) or circle (0)      variant 2: medium or large (1, 2)
 *
 * - `variant`: 0 … 2; label 1 where its rule holds. Default 0. For drift, join two with `conceptDriftStream`.
 *
 * Source: Schlimmer and Granger, Incremental learning from noisy data, 1986.
 */
export const stagger = rowGenerator('stagger', { seed: 1, variant: 0 }, function* ({ variant }, random) {
  checkRange('stagger', 'variant', [0, 1, 2].includes(variant), '0, 1 or 2', variant);
  for (;;) {
    const size = nextInt(random, 3);
    const color = nextInt(random, 3);
    const shape = nextInt(random, 3);
    const rules = [size === 0 && color === 0, color === 1 || shape === 0, size !== 0];
    yield { features: [size, color, shape], label: rules[variant] ? 1 : 0 };
  }
});
