import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { StateError } from '../../src/errors.ts';
import { RecursiveLeastSquares } from '../../src/learners/recursive-least-squares.ts';
import { teach } from '../learners/teach.ts';
import { expectClose } from './expect-close.ts';
import { FIVE_ROWS, LEAST_SQUARES } from './golden.ts';

/** The solution of A·w = b by Gaussian elimination with pivots; A is consumed. */
function solve(A: number[][], b: number[]): number[] {
  const d = b.length;
  for (let c = 0; c < d; c++) {
    const pivot = A.map((row, r) => (r < c ? -1 : Math.abs(row[c]!))).reduce(
      (best, v, r, all) => (v > all[best]! ? r : best),
      c,
    );
    [A[c], A[pivot], b[c], b[pivot]] = [A[pivot]!, A[c]!, b[pivot]!, b[c]!];
    for (let r = c + 1; r < d; r++) {
      const share = A[r]![c]! / A[c]![c]!;
      for (let j = c; j < d; j++) A[r]![j]! -= share * A[c]![j]!;
      b[r]! -= share * b[c]!;
    }
  }
  for (let c = d - 1; c >= 0; c--) {
    for (let j = c + 1; j < d; j++) b[c]! -= A[c]![j]! * b[j]!;
    b[c]! /= A[c]![c]!;
  }
  return b;
}

const number = fc.integer({ min: -20, max: 20 }).map((x) => x / 10);
const row = fc.record({
  features: fc.tuple(number, number, number),
  label: number,
  weight: fc.constantFrom(0.5, 1, 2),
});

describe('RecursiveLeastSquares', () => {
  it('gives the numbers of its formulas', () => {
    const learner = new RecursiveLeastSquares({ numFeatures: 3, fitIntercept: false, ...LEAST_SQUARES.options });
    teach(
      learner,
      FIVE_ROWS.features.map((x, i) => LabeledPoint(FIVE_ROWS.values[i]!, x)),
    );
    expectClose(learner.weights, LEAST_SQUARES.weights);
    expectClose(
      [0, 4, 8].map((at) => learner.covariance[at]!),
      LEAST_SQUARES.diagonal,
    );
  });

  it('is the weighted, discounted least-squares fit to all rows', () => {
    const [factor, start] = [0.99, 10];
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 30 }), (rows) => {
        const options = { numFeatures: 3, fitIntercept: false, forgettingFactor: factor, initialUncertainty: start };
        const learner = new RecursiveLeastSquares(options);
        teach(learner, rows);
        const age = (i: number) => factor ** (rows.length - 1 - i);
        const penalty = factor ** rows.length / start;
        const A = [0, 1, 2].map((j) =>
          [0, 1, 2].map((f) =>
            rows.reduce(
              (sum, { features: x, weight }, i) => sum + age(i) * weight * x[j]! * x[f]!,
              j === f ? penalty : 0,
            ),
          ),
        );
        const b = [0, 1, 2].map((j) =>
          rows.reduce((sum, { features: x, weight, label }, i) => sum + age(i) * weight * x[j]! * label, 0),
        );
        // Rows that never vary in a direction let its uncertainty grow, which is bounded, and then the law ends.
        const trace = [0, 4, 8].reduce((sum, at) => sum + learner.covariance[at]!, 0);
        fc.pre(trace < 0.9 * 3 * start);
        expectClose(learner.weights, solve(A, b), 1e-8);
      }),
    );
  });

  it('after a decay is the fit to rows of so much less weight', () => {
    const learner = new RecursiveLeastSquares({ numFeatures: 1, fitIntercept: false, initialUncertainty: 10 });
    teach(learner, [LabeledPoint(4, [2]), LabeledPoint(1, [1])]);
    learner.decay(0.5);
    teach(learner, [LabeledPoint(9, [3])]);
    const [squares, products] = [0.5 * (1 / 10 + 4 + 1) + 9, 0.5 * (8 + 1) + 27];
    expectClose([learner.weights[0]!, learner.covariance[0]!], [products / squares, 1 / squares], 1e-14);
    learner.decay(0);
    expect([...learner.covariance]).toEqual([10]);
    expectClose(learner.weights, [products / squares], 1e-14);
  });

  it('merges only where nothing is forgotten, and with one whose covariance is one', () => {
    const make = (forgettingFactor = 1) => new RecursiveLeastSquares({ numFeatures: 1, forgettingFactor });
    expect(make(0.9).merge).toBeUndefined();
    const [one, other] = [make(), make()];
    other.restore({ ...other.snapshot(), covariance: Float64Array.of(-1, 0, 0, 1) });
    const before = one.snapshot();
    expect(() => one.merge!(other)).toThrow(StateError);
    expect(one.snapshot()).toEqual(before);
  });

  it('never grows more uncertain than at the start, however little the features vary', () => {
    const learner = new RecursiveLeastSquares({ numFeatures: 2, forgettingFactor: 0.5, initialUncertainty: 7 });
    for (let batch = 0; batch < 100; batch++) {
      teach(
        learner,
        Array.from({ length: 100 }, () => LabeledPoint(1, [1, 0])),
      );
      const trace = [0, 4, 8].reduce((sum, at) => sum + learner.covariance[at]!, 0);
      expect(trace).toBeLessThanOrEqual(3 * 7 * (1 + 1e-12));
    }
    teach(learner, [LabeledPoint(5, [0, 1])]);
    expect(learner.learnedValues().every(Number.isFinite)).toBe(true);
  });
});
