import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { minimise, type Objective } from '../../src/numeric/minimise.ts';
import { minimiseWithin } from '../../src/numeric/minimise-within.ts';

const EXACT = { maxIter: 2000, tol: 1e-14 };

/** Σ scale · (x − centre)² + product of neighbours, convex. */
function bowl(scales: readonly number[], centers: readonly number[]): Objective {
  return (x, gradient) => {
    gradient.fill(0);
    let value = 0;
    x.forEach((each, j) => {
      const far = each - centers[j]!;
      value += scales[j]! * far * far;
      gradient[j] = gradient[j]! + 2 * scales[j]! * far;
      if (j === 0) return;
      const between = each - x[j - 1]!;
      value += between * between;
      gradient[j] = gradient[j]! + 2 * between;
      gradient[j - 1] = gradient[j - 1]! - 2 * between;
    });
    return value;
  };
}

const cases = fc.integer({ min: 1, max: 8 }).chain((size) => {
  const list = (range: { min: number; max: number }) =>
    fc.array(fc.double({ ...range, noNaN: true }), { minLength: size, maxLength: size });
  return fc.record({
    scales: list({ min: 0.01, max: 100 }),
    centers: list({ min: -5, max: 5 }),
    from: list({ min: -4, max: 2 }),
    width: list({ min: 0, max: 4 }),
    start: list({ min: -9, max: 9 }),
  });
});

it('ends inside the bounds, where the gradient is 0 or pushes against one', () => {
  fc.assert(
    fc.property(cases, ({ scales, centers, from, width, start }) => {
      const bounds = { lower: Float64Array.from(from), upper: Float64Array.from(from, (each, j) => each + width[j]!) };
      const objective = bowl(scales, centers);
      const { x } = minimiseWithin(objective, Float64Array.from(start), bounds, EXACT);
      const gradient = new Float64Array(x.length);
      objective(x, gradient);
      x.forEach((each, j) => {
        const [lower, upper] = [bounds.lower[j]!, bounds.upper[j]!];
        expect(each).toBeGreaterThanOrEqual(lower);
        expect(each).toBeLessThanOrEqual(upper);
        if (each > lower && each < upper) expect(Math.abs(gradient[j]!)).toBeLessThan(1e-4);
        if (each > lower && each === upper) expect(gradient[j]).toBeLessThan(1e-4);
        if (each === lower && each < upper) expect(gradient[j]).toBeGreaterThan(-1e-4);
      });
    }),
  );
});

it('without bounds finds what the search without bounds finds', () => {
  const objective = bowl([1, 0.1, 30], [3, -2, 1]);
  const without = {
    lower: new Float64Array(3).fill(Number.NEGATIVE_INFINITY),
    upper: new Float64Array(3).fill(Number.POSITIVE_INFINITY),
  };
  const start = Float64Array.of(9, 9, -9);
  const free = minimise(objective, start, EXACT).x;
  const { x } = minimiseWithin(objective, start, without, EXACT);
  for (const [j, each] of x.entries()) expect(each).toBeCloseTo(free[j]!, 6);
  expect(start).toEqual(Float64Array.of(9, 9, -9));
});
