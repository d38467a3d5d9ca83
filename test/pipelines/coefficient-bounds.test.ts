import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as p from '../../src/pipelines/index.ts';
import { matrixParam } from '../../src/pipelines/params/linalg-params.ts';
import { irisTable } from '../reference/tables.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const row = (...values: number[]) => ({ numRows: 1, numCols: values.length, values: Float64Array.from(values) });
const { POSITIVE_INFINITY: above, NEGATIVE_INFINITY: below } = Number;

describe('bounds of logistic regression', () => {
  it('hold, and change nothing where they are far', () => {
    const options = { labelCol: 'virginica', regParam: 0.01, tol: 1e-12, maxIter: 1000 };
    const free = new p.LogisticRegression(options).fit(irisTable()).learned;
    const far = new p.LogisticRegression({
      ...options,
      lowerBoundsOnCoefficients: row(-99, below, -99, -99),
      upperBoundsOnIntercepts: [99],
    });
    const same = far.fit(irisTable()).learned;
    for (const [j, each] of free.coefficientMatrix.values.entries()) {
      expect(same.coefficientMatrix.values[j]).toBeCloseTo(each, 4);
    }
    expect(same.interceptVector[0]).toBeCloseTo(free.interceptVector[0]!, 3);
    const near = new p.LogisticRegression({
      ...options,
      upperBoundsOnCoefficients: row(0.1, 0, 1, above),
      lowerBoundsOnIntercepts: [-3],
    });
    const bound = near.fit(irisTable()).learned;
    const [a, b, c, d] = bound.coefficientMatrix.values;
    expect(a).toBeLessThanOrEqual(0.1);
    expect(b).toBeLessThanOrEqual(0);
    expect(c).toBeLessThanOrEqual(1);
    expect(c).toBeCloseTo(1, 12);
    expect(d).toBeGreaterThan(1);
    expect(bound.interceptVector[0]).toBeCloseTo(-3, 12);
  });

  it('hold for each of several classes, whose coefficients and intercepts then have no mean of 0', () => {
    const least = { numRows: 3, numCols: 4, values: new Float64Array(12).fill(0.25) };
    const options = { lowerBoundsOnCoefficients: least, lowerBoundsOnIntercepts: [0.5, 1, 1.5] };
    const { coefficientMatrix, interceptVector } = new p.LogisticRegression(options).fit(irisTable()).learned;
    expect(Math.min(...coefficientMatrix.values)).toBeGreaterThanOrEqual(0.25);
    for (const [c, intercept] of interceptVector.entries()) expect(intercept).toBeGreaterThanOrEqual((c + 1) / 2);
  });

  it('are saved and loaded, infinite ones too', async () => {
    const estimator = new p.LogisticRegression({
      lowerBoundsOnCoefficients: row(below, -1.5),
      upperBoundsOnIntercepts: [above],
    });
    const directory = path.join(await temporaryDirectory(onTestFinished), 'estimator');
    await estimator.save(directory);
    const loaded = await p.loadStage(directory, p.LogisticRegression);
    expect(loaded.get('lowerBoundsOnCoefficients')).toEqual(row(below, -1.5));
    expect(loaded.get('upperBoundsOnIntercepts')).toEqual(Float64Array.of(above));
  });

  it('are read as Spark writes them', () => {
    const json = {
      class: 'matrix',
      type: 1,
      numRows: 1,
      numCols: 3,
      values: ['-Infinity', 'Infinity', 0.5],
      isTransposed: false,
    };
    expect(matrixParam().fromJson(json)).toEqual(row(below, above, 0.5));
    expect(matrixParam().fromJson({ ...json, values: [1] })).toEqual({ ...json, values: [1] });
  });

  it.each<[string, p.LogisticRegressionOptions]>([
    ['bounds on coefficients: expected 1 × 4, got 1 × 2', { lowerBoundsOnCoefficients: row(0, 0) }],
    ['bounds on intercepts: expected 1, got 2', { upperBoundsOnIntercepts: [1, 2] }],
    [
      'bounds on intercepts: expected none, as no intercept is fitted, got 1',
      { lowerBoundsOnIntercepts: [1], fitIntercept: false },
    ],
    ['bounds go with elasticNetParam 0, got 0.5', { lowerBoundsOnIntercepts: [1], elasticNetParam: 0.5 }],
    [
      'expected lower bounds of at most the upper ones, got 2 and 1',
      { lowerBoundsOnIntercepts: [2], upperBoundsOnIntercepts: [1] },
    ],
    [
      'expected lower bounds of at most the upper ones, got NaN and Infinity',
      { lowerBoundsOnIntercepts: [Number.NaN] },
    ],
    [
      'expected lower bounds of at most the upper ones, got Infinity and Infinity',
      { lowerBoundsOnIntercepts: [above] },
    ],
    [
      'expected lower bounds of at most the upper ones, got -Infinity and -Infinity',
      { upperBoundsOnIntercepts: [below] },
    ],
  ])('are refused: %s', (message, options) => {
    expect(() => new p.LogisticRegression({ labelCol: 'virginica', ...options }).fit(irisTable())).toThrow(message);
  });

  it('are refused where they are no matrix', () => {
    const nonsense = { numRows: 2, numCols: 2, values: Float64Array.of(1) };
    expect(() => new p.LogisticRegression({ lowerBoundsOnCoefficients: nonsense })).toThrow('expected a matrix');
  });
});
