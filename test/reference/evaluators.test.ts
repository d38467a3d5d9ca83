import { expect, it } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import * as p from '../../src/pipelines/index.ts';
import { irisTable } from './tables.ts';

/**
 * What the evaluators of PySpark 3.5.9 say of iris: `score` the first feature, `virginica` as two classes, `predicted` by thresholds on the
 * third feature, `estimate` a third of it for the fourth, weights 1, 2, 3 in turn.
 */
const SPARK = {
  areaUnderROC: { plain: 0.8871000000000001, weighted: 0.8721578187969552, fiveBins: 0.8680000000000001 },
  areaUnderPR: { plain: 0.7943150935863297, weighted: 0.766886445744198, fiveBins: 0.8083509278711485 },
  regression: {
    rmse: 0.25019251846587315,
    mse: 0.06259629629629629,
    r2: 0.8888640982798685,
    mae: 0.21100000000000002,
    var: 0.3474762962962958,
  },
  r2ThroughOrigin: 0.9672837260241752,
  classes: {
    f1: 0.9499925737059685,
    accuracy: 0.95,
    weightedPrecision: 0.9502615415098079,
    weightedRecall: 0.95,
    weightedTruePositiveRate: 0.95,
    weightedFalsePositiveRate: 0.025150753768844222,
    weightedFMeasure: 0.9499638820463674,
    truePositiveRateByLabel: 0.94,
    falsePositiveRateByLabel: 0.045,
    precisionByLabel: 0.912621359223301,
    recallByLabel: 0.94,
    fMeasureByLabel: 0.9343936381709743,
    logLoss: 0.32711562839820113,
    hammingLoss: 0.05,
  },
  silhouette: {
    squaredEuclidean: { plain: 0.6899859598035805, weighted: 0.6703787702249627 },
    cosine: { plain: 0.6673906251822259, weighted: 0.6829273146059087 },
  },
} as const;

const table = Table.fromRows(
  irisTable()
    .toRows()
    .map((row, i) => {
      const [a, , c, d] = row['features'] as unknown as [number, number, number, number];
      const predicted = c > 4.9 ? 2 : c > 2.5 ? 1 : 0;
      const probability = [0.1, 0.1, 0.1].map((each, k) => (k === predicted ? 0.8 : each));
      return { ...row, score: a, estimate: c / 3, width: d, predicted, probability, weight: 1 + (i % 3) };
    }),
);

const weightCol = 'weight';

it.each(['areaUnderROC', 'areaUnderPR'] as const)('measures %s as Spark does', (metricName) => {
  const columns = { rawPredictionCol: 'score', labelCol: 'virginica', metricName };
  const evaluate = (options: p.BinaryClassificationEvaluatorOptions) =>
    new p.BinaryClassificationEvaluator({ ...columns, ...options }).evaluate(table);
  expect(evaluate({})).toBeCloseTo(SPARK[metricName].plain, 12);
  expect(evaluate({ weightCol })).toBeCloseTo(SPARK[metricName].weighted, 12);
  expect(evaluate({ numBins: 5 })).toBeCloseTo(SPARK[metricName].fiveBins, 12);
});

it.each(Object.entries(SPARK.regression))('measures %s as Spark does', (name, expected) => {
  const metricName = name as keyof typeof SPARK.regression;
  const columns = { predictionCol: 'estimate', labelCol: 'width' };
  expect(new p.RegressionEvaluator({ ...columns, metricName, weightCol }).evaluate(table)).toBeCloseTo(expected, 12);
});

it('measures R² from the origin as Spark does', () => {
  const options = { predictionCol: 'estimate', labelCol: 'width', metricName: 'r2', throughOrigin: true } as const;
  expect(new p.RegressionEvaluator(options).evaluate(table)).toBeCloseTo(SPARK.r2ThroughOrigin, 12);
});

it.each(Object.entries(SPARK.classes))('measures %s as Spark does', (name, expected) => {
  const metricName = name as keyof typeof SPARK.classes;
  const options = { predictionCol: 'predicted', metricName, metricLabel: 1, beta: 2, weightCol };
  expect(new p.MulticlassClassificationEvaluator(options).evaluate(table)).toBeCloseTo(expected, 12);
});

it.each(['squaredEuclidean', 'cosine'] as const)('measures the silhouette, %s, as Spark does', (distanceMeasure) => {
  const options = { predictionCol: 'predicted', distanceMeasure };
  const { plain, weighted } = SPARK.silhouette[distanceMeasure];
  expect(new p.ClusteringEvaluator(options).evaluate(table)).toBeCloseTo(plain, 12);
  expect(new p.ClusteringEvaluator({ ...options, weightCol }).evaluate(table)).toBeCloseTo(weighted, 12);
});
