import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sigmoid, toSigmoidClasses } from '../../src/numeric/logistic.ts';

const threshold = fc.oneof(
  fc.constantFrom(0, 5e-324, 0.001, 0.5, 0.999, 1 - 1e-10, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

it('classes by margins are those by their sigmoids, also next to where these cross the threshold', () => {
  fc.assert(
    fc.property(threshold, fc.array(fc.double({ min: -800, max: 800 })), (t, margins) => {
      const border = Math.log(t / (1 - t));
      const near = [1e-17, 1e-16, 1e-12, 1e-9, 2e-9].flatMap((by) => [border - by, border + by, border * (1 + by)]);
      const all = Float64Array.of(...margins, border, ...near, -0, 0, Infinity, -Infinity, Number.NaN);
      const classes = all.slice();
      toSigmoidClasses(classes, t);
      expect(classes).toEqual(all.map((m) => (sigmoid(m) > t ? 1 : 0)));
    }),
    { numRuns: 1000 },
  );
});
