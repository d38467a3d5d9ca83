import { expect, it } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import { seededRandom } from '../../src/host/random.ts';
import { minimise } from '../../src/numeric/minimise.ts';
import * as p from '../../src/pipelines/index.ts';
import { expectClose } from '../reference/expect-close.ts';

const random = seededRandom(4);
const rows = Array.from({ length: 300 }, () => {
  const x = [random.next(), 0, 3 * random.next(), random.next() > 0.7 ? random.next() : 0];
  const value = 2 * x[0]! - x[2]! + 4 * x[3]! + random.next();
  return {
    x,
    value,
    label: value > 0.5 ? 1 : 0,
    three: value > 1.2 ? 2 : value > 0 ? 1 : 0,
    weight: 1 + Math.floor(3 * random.next()),
  };
});
const dense = Table.fromRows(rows.map(({ x, ...rest }) => ({ features: x, ...rest })));
const sparse = Table.fromRows(
  rows.map(({ x, ...rest }) => {
    const present = [0, 2, 3].filter((j) => x[j] !== 0);
    return {
      features: Vectors.sparse(
        4,
        present,
        present.map((j) => x[j]!),
      ),
      ...rest,
    };
  }),
);
/** Each row as often as it weighs. */
const repeated = dense.take(Int32Array.from(rows.flatMap(({ weight }, i) => new Array<number>(weight).fill(i))));

const tol = 1e-12;
const STAGES = [
  new p.LinearRegression({ labelCol: 'value', regParam: 0.1, standardization: false }),
  new p.LinearRegression({ labelCol: 'value', regParam: 0.1, elasticNetParam: 0.7 }),
  new p.LogisticRegression({ regParam: 0.01, tol }),
  new p.LogisticRegression({ labelCol: 'three', regParam: 0.01, elasticNetParam: 0.3, tol }),
  new p.NaiveBayes({ labelCol: 'three', modelType: 'gaussian' }),
  new p.NaiveBayes({ labelCol: 'three' }),
  new p.DecisionTreeClassifier({ labelCol: 'three' }),
  new p.GBTRegressor({ labelCol: 'value', maxIter: 3 }),
];

it.each(STAGES)('fits and scores sparse vectors as dense ones: %s', (stage) => {
  const [ofDense, ofSparse] = [stage.fit(dense), stage.fit(sparse)];
  expectSamePredictions(ofSparse.transform(sparse), ofDense.transform(dense));
});

it.each(STAGES.filter(({ uid }) => !uid.startsWith('GBT')))('takes a weight for so many rows: %s', (stage) => {
  const weighing = stage.copy([{ parent: stage.uid, name: 'weightCol', value: 'weight' }]);
  // Sample deviations count rows, so that only the penalty can tell.
  const tolerance = stage instanceof p.LogisticRegression ? 2e-2 : 1e-6;
  expectSamePredictions(weighing.fit(dense).transform(dense), stage.fit(repeated).transform(dense), tolerance);
});

it('fits and scores vectors as wide as those of hashed terms', () => {
  const size = 2 ** 18;
  const wide = Table.fromRows(
    rows.map(({ x, label }, i) => ({
      features: Vectors.sparse(size, [i % 50, 1000 + label, size - 1], x.slice(0, 3)),
      label,
    })),
  );
  for (const stage of [new p.LogisticRegression({ regParam: 0.01 }), new p.LinearRegression({ regParam: 0.1 })]) {
    const predictions = stage.fit(wide).transform(wide).numbers('prediction').values;
    const right = predictions.filter((each, i) => each > 0.5 === (rows[i]!.label === 1)).length;
    expect(right / rows.length).toBeGreaterThan(0.8);
  }
});

it('leaves out what the lasso does not need', () => {
  const { coefficients } = new p.LinearRegression({ labelCol: 'value', regParam: 0.8, elasticNetParam: 1 }).fit(dense);
  expect(coefficients[1]).toBe(0);
  expect(coefficients.filter((each) => each === 0).length).toBeGreaterThan(1);
});

it('is sure of the only class that there is', () => {
  const only = dense.filter((i) => rows[i]!.label === 1);
  const scored = new p.LogisticRegression().fit(only).transform(dense);
  expect(new Set(scored.numbers('prediction').values)).toEqual(new Set([1]));
  expect(new Set(scored.features('probability').columns[1])).toEqual(new Set([1]));
});

it('refuses rows that can not be learned from, all of them at once', () => {
  const bad = Table.fromRows([
    { features: [1], label: 0 },
    { features: [Number.NaN], label: 1 },
    { features: [2], label: 0.5 },
    { features: [3], label: -1 },
  ]);
  expect(() => new p.LogisticRegression().fit(bad)).toThrow(/expected finite numbers/);
  expect(() => new p.LogisticRegression().fit(bad.filter((i) => i !== 1))).toThrow(/2 rows|whole number/);
  expect(() => new p.LinearRegression({ weightCol: 'features' }).fit(bad)).toThrow(/expected numbers, got vector/);
});

it('refuses features of another width than it was fitted on', () => {
  const model = new p.RandomForestClassifier({ numTrees: 2 }).fit(dense);
  const other = Table.fromRows([{ features: [1, 2] }]);
  expect(() => model.transform(other)).toThrow(/expected vectors of 4 numbers, got 2/);
});

it('finds the minimum of a curved valley, and with λ·|x| that of its corner', () => {
  const valley = (x: Float64Array, gradient: Float64Array) => {
    const [a, b] = [x[0]!, x[1]!];
    gradient[0] = -400 * a * (b - a * a) - 2 * (1 - a);
    gradient[1] = 200 * (b - a * a);
    return 100 * (b - a * a) ** 2 + (1 - a) ** 2;
  };
  const options = { maxIter: 500, tol: 1e-14 };
  expectClose(minimise(valley, Float64Array.of(-1.2, 1), options).x, [1, 1], 1e-6);
  const bowl = (x: Float64Array, gradient: Float64Array) => {
    x.forEach((each, j) => {
      gradient[j] = each - (j - 1);
    });
    return x.reduce((sum, each, j) => sum + (each - (j - 1)) ** 2 / 2, 0);
  };
  const l1 = new Float64Array(4).fill(0.5);
  expectClose(minimise(bowl, new Float64Array(4), { ...options, l1 }).x, [-0.5, 0, 0.5, 1.5], 1e-7);
});

function expectSamePredictions(got: Table, expected: Table, tolerance = 1e-7): void {
  expectClose(got.numbers('prediction').values, expected.numbers('prediction').values, tolerance);
  if (!expected.schema.has('probability')) return;
  expected.features('probability').columns.forEach((column, c) => {
    expectClose(got.features('probability').columns[c]!, column, tolerance);
  });
}

it('names the rows whose label is no class, and no others', () => {
  const table = Table.fromRows([0, 1.5, 1, -1].map((label, i) => ({ features: [i], label })));
  const fit = () => new p.LogisticRegression({}, 'fit').fit(table);
  expect(fit).toThrow(/^fit: row 1: .* got 1\.5; row 3: .* got -1$/);
});

it('refuses a category that is as large as their number, where trees are fitted and where they score', () => {
  const categories = new Map([[0, { count: 2 }]]);
  const tableOf = (...values: number[]) =>
    Table.of({
      features: { type: 'vector', matrix: { rows: values.length, columns: [Float64Array.from(values)] }, categories },
      label: { type: 'double', values: Float64Array.from(values, (value) => value % 2) },
    });
  const treeOf = (table: Table) => new p.DecisionTreeRegressor({}, 'tree').fit(table);
  expect(() => treeOf(tableOf(0, 1, 2))).toThrow(
    'row 2: column features: feature 0: expected a category from 0 to 1, got 2',
  );
  expect(
    treeOf(tableOf(0, 1, 1))
      .transform(tableOf(0, 1))
      .numbers('prediction').values,
  ).toEqual(Float64Array.of(0, 1));
});
