import { expect, it } from 'vitest';
import { nearestCenters } from '../../src/numeric/nearest-center.ts';
import * as p from '../../src/pipelines/index.ts';
import { expectClose } from './expect-close.ts';
import * as reference from './scikit-learn-fits.ts';
import { chickTable, flightTable, irisTable } from './tables.ts';

/** To what two searches of a smooth minimum agree. */
const SEARCHED = 2e-5;

it('fits the line of ChickWeights by either way', () => {
  for (const solver of ['normal', 'l-bfgs'] as const) {
    const { coefficients, intercept } = new p.LinearRegression({ solver, tol: 1e-14, maxIter: 1000 }).fit(chickTable());
    expectClose([...coefficients, intercept], reference.CHICK_LINE, solver === 'normal' ? 1e-10 : SEARCHED);
  }
});

it('fits the elastic net of ChickWeights', () => {
  const { coefficients, intercept } = new p.LinearRegression({ regParam: 5, elasticNetParam: 0.5 }).fit(chickTable());
  expectClose([...coefficients, intercept], reference.CHICK_ELASTIC_NET, 1e-9);
});

it('fits the huber line of ChickWeights', () => {
  const { learned } = new p.LinearRegression({ loss: 'huber', tol: 1e-14, maxIter: 1000 }).fit(chickTable());
  expectClose([...learned.coefficients, learned.intercept, learned.scale!], reference.CHICK_HUBER, 1e-4);
});

it('fits the delay of flights, and whether it is long', () => {
  const flights = flightTable();
  const line = new p.LinearRegression({ labelCol: 'delay' }).fit(flights);
  expectClose([...line.coefficients, line.intercept], reference.FLIGHTS_DELAY, 1e-9);
  const { learned } = new p.LogisticRegression({ labelCol: 'late', regParam: 0.001, tol: 1e-12 }).fit(flights);
  const { coef, intercept, late } = reference.FLIGHTS_LATE;
  expect(flights.numbers('late').values.reduce((sum, each) => sum + each, 0)).toBe(late);
  expectClose([...learned.coefficientMatrix.values, ...learned.interceptVector], [...coef, intercept], SEARCHED);
});

it('tells Iris virginica from the others, and all three kinds', () => {
  const two = new p.LogisticRegression({ labelCol: 'virginica', regParam: 0.05, tol: 1e-12 }).fit(irisTable()).learned;
  const { coef, intercept } = reference.IRIS_VIRGINICA;
  expectClose([...two.coefficientMatrix.values, ...two.interceptVector], [...coef, intercept], SEARCHED);
  const three = new p.LogisticRegression({ regParam: 0.01, tol: 1e-12 }).fit(irisTable()).learned;
  const byColumns = [0, 1, 2, 3].flatMap((j) => reference.IRIS_SOFTMAX.coef.map((row) => row[j]!));
  expectClose(three.coefficientMatrix.values, byColumns, SEARCHED);
  expectClose(three.interceptVector, reference.IRIS_SOFTMAX.intercept, SEARCHED);
});

it('fits naive Bayes of iris', () => {
  const scored = new p.NaiveBayes({ modelType: 'gaussian' }).fit(irisTable()).transform(irisTable());
  const raw = scored.features('rawPrediction').columns;
  const constant = 2 * Math.log(2 * Math.PI); // of four densities, which Spark leaves out
  [0, 70, 120].forEach((row, at) => {
    expectClose(
      raw.map((column) => column[row]! - constant),
      reference.IRIS_BAYES.log0[at]!,
      1e-8,
    );
  });
  const labels = scored.numbers('label').values;
  const wrong = scored.numbers('prediction').values.filter((each, i) => each !== labels[i]);
  expect(wrong.length).toBe(reference.IRIS_BAYES.errors);
});

it('finds the clusters of iris, as the best of ten starts', () => {
  const { rows, columns } = irisTable().features('features');
  const fits = Array.from({ length: 10 }, (_, seed) => {
    const { clusterCenters } = new p.KMeans({ k: 3, tol: 0, maxIter: 100, seed }).fit(irisTable());
    const ascending = [...clusterCenters].sort((a, b) => a[0]! - b[0]!);
    const flat = Float64Array.from(ascending.flatMap((center) => [...center]));
    return { flat, cost: nearestCenters(columns, rows, flat, 3).cost };
  });
  const best = fits.reduce((least, each) => (each.cost < least.cost ? each : least));
  expect(best.cost).toBeCloseTo(reference.IRIS_K_MEANS.cost, 8);
  expectClose(best.flat, reference.IRIS_K_MEANS.centers.flat(), 1e-9);
});
