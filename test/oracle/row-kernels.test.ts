/** The kernels that go row by row, against the plain loops that the benchmarks time. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainGaussianScore, plainGaussians } from '../../bench/plain-gaussians.ts';
import { plainMultinomial, plainMultinomialScore } from '../../bench/plain-multinomial.ts';
import {
  PLAIN_SLOPES,
  plainDescent,
  plainLeastSquares,
  plainPassiveAggressive,
  plainProximal,
  plainSoftmax,
} from '../../bench/plain-rows.ts';
import { gaussianScores, learnGaussianByRows } from '../../src/numeric/gaussian-classes.ts';
import { fitByRows } from '../../src/numeric/least-squares-by-rows.ts';
import { learnMultinomialByRows, multinomialScores } from '../../src/numeric/multinomial-classes.ts';
import { newStepped, type OptimizerName } from '../../src/numeric/optimizer.ts';
import { PASSIVE_AGGRESSIVE_VARIANTS, stepAggressivelyByRows } from '../../src/numeric/passive-aggressive.ts';
import { followByRows } from '../../src/numeric/proximal-descent.ts';
import { descendByRows, descendSoftmaxByRows } from '../../src/numeric/row-descent.ts';
import type { RowLossName } from '../../src/numeric/row-loss.ts';
import { labeledRows } from './labeled-rows.ts';

const RUNS = { numRuns: 40 };

const losses = Object.keys(PLAIN_SLOPES) as RowLossName[];
const optimizers = ['sgd', 'adaGrad', 'adam'] as const satisfies OptimizerName[];
const descents = optimizers.flatMap((optimizer) => losses.map((loss) => [optimizer, loss] as const));

/** Copies of columns by name. */
const copied = <S extends Readonly<Record<string, Float64Array>>>(state: S): S =>
  Object.fromEntries(Object.entries(state).map(([name, column]) => [name, column.slice()])) as S;

describe('to the bit as a plain loop', () => {
  it.each(descents)('descendByRows, %s, %s', (optimizer, loss) => {
    const property = fc.property(labeledRows, fc.boolean(), ({ n, d, rows, weights }, intercept) => {
      const inputs = intercept ? d + 1 : d;
      const options = { optimizer, stepSize: 1e-4, l2: 0.1 };
      const expected = { ...newStepped(optimizer, inputs), weights: weights.slice(0, inputs) };
      const got = copied(expected);
      const margins = new Float64Array(n);
      for (let batch = 0; batch < 2; batch++) {
        descendByRows(rows, got, margins, loss, options);
        expect(margins).toEqual(plainDescent(rows, expected, loss, options));
      }
      expect(got).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });

  it.each(optimizers)('descendSoftmaxByRows, %s', (optimizer) => {
    const property = fc.property(labeledRows, fc.boolean(), ({ n, d, rows }, intercept) => {
      const options = { optimizer, stepSize: 1e-3, l2: 0.1 };
      const expected = newStepped(optimizer, 3 * (intercept ? d + 1 : d));
      const got = copied(expected);
      const of3 = { ...rows, labels: rows.labels.map((label, i) => label + (i % 2)) };
      const at = new Float64Array(n);
      descendSoftmaxByRows(of3, got, 3, at, options);
      expect(at).toEqual(plainSoftmax(of3, expected, 3, options));
      expect(got).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });

  it('followByRows', () => {
    const penalty = fc.constantFrom(0, 0.1, 2);
    const property = fc.property(labeledRows, penalty, penalty, fc.boolean(), ({ n, d, rows }, l1, l2, intercept) => {
      const inputs = intercept ? d + 1 : d;
      const expected = { weights: new Float64Array(inputs), z: new Float64Array(inputs), n: new Float64Array(inputs) };
      const got = copied(expected);
      const options = { alpha: 0.1, beta: 1, l1, l2 };
      const margins = new Float64Array(n);
      followByRows(rows, got, margins, options);
      expect(margins).toEqual(plainProximal(rows, expected, options));
      expect(got).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });

  it.each(PASSIVE_AGGRESSIVE_VARIANTS)('stepAggressivelyByRows, %s', (variant) => {
    const epsilons = fc.constantFrom(undefined, 0, 0.5);
    const property = fc.property(labeledRows, epsilons, fc.boolean(), ({ n, d, rows, weights }, epsilon, intercept) => {
      const got = weights.slice(0, intercept ? d + 1 : d);
      const expected = got.slice();
      const options = { variant, aggressiveness: 0.1, ...(epsilon === undefined ? {} : { epsilon }) };
      const at = new Float64Array(n);
      stepAggressivelyByRows(rows, got, at, options);
      expect(at).toEqual(plainPassiveAggressive(rows, expected, options));
      expect(got).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });

  it('fitByRows', () => {
    const property = fc.property(labeledRows, fc.boolean(), ({ n, d, rows }, intercept) => {
      const inputs = intercept ? d + 1 : d;
      const start = Float64Array.from({ length: inputs ** 2 }, (_, at) => (at % (inputs + 1) === 0 ? 100 : 0));
      const expected = { weights: new Float64Array(inputs), covariance: start };
      const got = copied(expected);
      const errors = new Float64Array(n);
      const mostTrace = 100 * inputs;
      fitByRows(rows, got, errors, { forgettingFactor: 0.9, mostTrace });
      const plainly = plainLeastSquares(rows, expected.weights, expected.covariance, { factor: 0.9, mostTrace });
      expect(errors).toEqual(plainly);
      expect(got).toEqual(expected);
    });
    fc.assert(property, RUNS);
  });
});

describe('learns to the bit as a plain loop, and scores within a relative 1e-9', () => {
  const close = (got: Float64Array, expected: Float64Array) => {
    expect(got).toHaveLength(expected.length);
    for (const [at, value] of expected.entries()) {
      if (Number.isFinite(value)) expect(Math.abs(got[at]! - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)));
      else expect(got[at]).toBe(value);
    }
  };

  it('learnGaussianByRows and gaussianScores', () => {
    const scales = fc.constantFrom(1, 1e-60, 1e60);
    const property = fc.property(labeledRows, scales, ({ n, d, rows: { columns, labels, weights } }, scale) => {
      const numbers = columns.map((column) => column.map((x) => x * scale));
      const rows = { columns: numbers, labels, weights };
      const expected = {
        counts: new Float64Array(3),
        means: new Float64Array(3 * d),
        squares: new Float64Array(3 * d),
      };
      const got = copied(expected);
      const odds = new Float64Array(n);
      const floor = scale * scale; // smaller ones make scores so large that their differences are noise
      learnGaussianByRows(rows, got, odds, floor, 1e15);
      const plainly = plainGaussians(rows, expected, floor, Math.log(1e15));
      close(
        odds.map((each) => (each > 0 ? Math.log(each) : 0)),
        plainly,
      );
      expect(got).toEqual(expected);
      const scores = gaussianScores(numbers, n, expected, floor);
      for (const [k, column] of scores.entries()) {
        const x = (i: number) => Float64Array.from(numbers, (values) => values[i]!);
        close(
          column,
          column.map((_, i) => plainGaussianScore(expected, k, x(i), floor)),
        );
      }
    });
    fc.assert(property, RUNS);
  });

  it('learnMultinomialByRows and multinomialScores', () => {
    // Much smoothing: each row changes a logarithm little. Next to none: of what no normal number is.
    const smoothings = fc.constantFrom(1, 1e6, 1e-310);
    const property = fc.property(labeledRows, smoothings, ({ n, d, rows: { columns, labels, weights } }, smoothing) => {
      const counted = columns.map((column) => column.map(Math.abs));
      const rows = { columns: counted, labels, weights };
      const expected = {
        counts: new Float64Array(3),
        sums: new Float64Array(3 * d),
        totals: new Float64Array(3),
      };
      const got = copied(expected);
      const odds = new Float64Array(n);
      learnMultinomialByRows(rows, got, odds, smoothing, 1e15);
      const plainly = plainMultinomial(rows, expected, smoothing, Math.log(1e15));
      close(
        odds.map((each) => (each > 0 ? Math.log(each) : 0)),
        plainly,
      );
      expect(got).toEqual(expected);
      for (const [k, column] of multinomialScores(counted, n, expected, smoothing).entries()) {
        const x = (i: number) => Float64Array.from(counted, (values) => values[i]!);
        close(
          column,
          column.map((_, i) => plainMultinomialScore(expected, k, x(i), smoothing)),
        );
      }
    });
    fc.assert(property, RUNS);
  });
});
