import { Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import { seededRandom } from '../../src/host/random.ts';
import * as p from '../../src/pipelines/index.ts';
import type { InteropCase } from './interop-case.ts';

const COUNT = 120;

/** Rows with four features, three of them at work, with classes of two and of three that overlap, a value and weights. */
const rows = Table.fromRows(
  ((random = seededRandom(11)) =>
    Array.from({ length: COUNT }, (_, i) => {
      const noise = () => random.next() + random.next() - 1;
      const [a, b, c, d] = [4 * random.next(), 10 + 3 * noise(), noise(), 100 * random.next()];
      const value = 3 * a - b + 5 * c + noise();
      return {
        features: [a, b, c, d],
        value,
        two: value + noise() > -4 ? 1 : 0,
        three: value + 2 * noise() > -2 ? 2 : value + noise() > -6 ? 1 : 0,
        weight: 1 + Math.floor(3 * random.next()),
        number: a,
        kind: ['low', 'middle', 'high'][Math.min(2, Math.floor(Math.abs(value) / 4))],
        place: `p${(i * 7 + Math.floor(d / 30)) % 6}`,
        fold: i % 3,
        counts: [Math.floor(5 * random.next()), Math.floor(4 * a), value > -4 ? 3 : 0],
        marks: [random.next() > 0.5 ? 1 : 0, a > 2 ? 1 : 0, value > -4 ? 1 : 0],
      };
    }))(),
);

const sparse = Table.fromRows(
  rows.toRows().map(({ features, two }, i) => ({
    features: Vectors.sparse(40, [i % 20, 20 + (i % 7)], [(features as number[])[0]!, (features as number[])[2]!]),
    two,
  })),
);

const tol = 1e-12;

const matrix = (values: readonly number[], numRows = 1) => ({
  numRows,
  numCols: values.length / numRows,
  values: Float64Array.from(values),
});

/** Of a text of three kinds, a number and another number that stands for one of six. */
const byCategories = (last: p.PipelineStage) =>
  new p.Pipeline({
    stages: [
      new p.StringIndexer({ inputCol: 'kind', outputCol: 'kindIndex' }),
      new p.StringIndexer({ inputCol: 'place', outputCol: 'placeIndex' }),
      new p.VectorAssembler({ inputCols: ['kindIndex', 'number', 'placeIndex'], outputCol: 'assembled' }),
      last.copy([{ parent: last.uid, name: 'featuresCol', value: 'assembled' }]),
    ],
  });

export const modelCases: readonly InteropCase[] = [
  {
    name: 'LinearRegression',
    stage: new p.LinearRegression({ labelCol: 'value', weightCol: 'weight' }),
    fitting: rows,
  },
  {
    name: 'LinearRegression ridge without intercept',
    stage: new p.LinearRegression({ labelCol: 'value', regParam: 0.3, fitIntercept: false, standardization: false }),
    fitting: rows,
  },
  {
    name: 'LinearRegression elastic net',
    stage: new p.LinearRegression({ labelCol: 'value', regParam: 0.3, elasticNetParam: 0.6, tol }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'LinearRegression by a search',
    stage: new p.LinearRegression({
      labelCol: 'value',
      weightCol: 'weight',
      regParam: 0.2,
      elasticNetParam: 0.5,
      standardization: false,
      solver: 'l-bfgs',
      tol,
    }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'LinearRegression huber',
    stage: new p.LinearRegression({ labelCol: 'value', loss: 'huber', regParam: 0.05, tol }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression',
    stage: new p.LogisticRegression({ labelCol: 'two', weightCol: 'weight', regParam: 0.01, threshold: 0.4, tol }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'LogisticRegression elastic net',
    stage: new p.LogisticRegression({
      labelCol: 'two',
      regParam: 0.05,
      elasticNetParam: 0.5,
      standardization: false,
      tol,
    }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression multinomial',
    stage: new p.LogisticRegression({ labelCol: 'three', thresholds: [0.2, 0.5, 0.3], tol }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression multinomial elastic net',
    stage: new p.LogisticRegression({ labelCol: 'three', regParam: 0.02, elasticNetParam: 0.5, tol }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression within bounds',
    stage: new p.LogisticRegression({
      labelCol: 'two',
      regParam: 0.01,
      lowerBoundsOnCoefficients: matrix([0, -0.5, Number.NEGATIVE_INFINITY, 0]),
      upperBoundsOnCoefficients: matrix([1, 0.2, 2, 0]),
      upperBoundsOnIntercepts: [0.5],
      tol,
    }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression multinomial within bounds',
    stage: new p.LogisticRegression({
      labelCol: 'three',
      lowerBoundsOnCoefficients: matrix(new Array(12).fill(-1), 3),
      upperBoundsOnCoefficients: matrix(new Array(12).fill(0.75), 3),
      lowerBoundsOnIntercepts: [-2, -2, -2],
      upperBoundsOnIntercepts: [2, 2, 2],
      tol,
    }),
    fitting: rows,
    fitTolerance: 1e-5,
  },
  {
    name: 'LogisticRegression of sparse vectors',
    stage: new p.LogisticRegression({ labelCol: 'two', regParam: 0.1, tol }),
    fitting: sparse,
    fitTolerance: 1e-6,
  },
  {
    name: 'LinearSVC',
    stage: new p.LinearSVC({ labelCol: 'two', regParam: 0.05, maxIter: 500, tol: 1e-10, threshold: 0.1 }),
    fitting: rows,
    fitsDiffer: 'the hinge loss has kinks, at which either search ends',
  },
  {
    name: 'KMeans',
    stage: new p.KMeans({ k: 2, weightCol: 'weight', tol: 0, maxIter: 100 }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'KMeans cosine',
    stage: new p.KMeans({ k: 3, distanceMeasure: 'cosine' }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'NaiveBayes',
    stage: new p.NaiveBayes({ featuresCol: 'counts', labelCol: 'three', weightCol: 'weight', smoothing: 0.5 }),
    fitting: rows,
  },
  {
    name: 'NaiveBayes complement',
    stage: new p.NaiveBayes({ featuresCol: 'counts', labelCol: 'three', modelType: 'complement' }),
    fitting: rows,
  },
  {
    name: 'NaiveBayes bernoulli',
    stage: new p.NaiveBayes({ featuresCol: 'marks', labelCol: 'two', modelType: 'bernoulli', thresholds: [0.3, 0.7] }),
    fitting: rows,
  },
  {
    name: 'NaiveBayes gaussian',
    stage: new p.NaiveBayes({ labelCol: 'three', modelType: 'gaussian' }),
    fitting: rows,
    fitTolerance: 1e-8,
  },
  {
    name: 'DecisionTreeClassifier',
    stage: new p.DecisionTreeClassifier({
      labelCol: 'three',
      weightCol: 'weight',
      minInstancesPerNode: 3,
      leafCol: 'leaf',
    }),
    fitting: rows,
  },
  {
    name: 'DecisionTreeClassifier by entropy in few bins',
    stage: new p.DecisionTreeClassifier({ labelCol: 'two', impurity: 'entropy', maxBins: 8, thresholds: [0.7, 0.3] }),
    fitting: rows,
  },
  {
    name: 'DecisionTreeRegressor',
    stage: new p.DecisionTreeRegressor({ labelCol: 'value', varianceCol: 'spread', minInfoGain: 0.01 }),
    fitting: rows,
  },
  {
    name: 'DecisionTreeClassifier of one leaf',
    stage: new p.DecisionTreeClassifier({ labelCol: 'three', maxDepth: 0 }),
    fitting: rows,
  },
  {
    name: 'DecisionTreeClassifier of two classes by categories',
    stage: byCategories(new p.DecisionTreeClassifier({ labelCol: 'two', weightCol: 'weight', maxDepth: 4 })),
    fitting: rows,
  },
  {
    name: 'DecisionTreeClassifier of three classes by few categories',
    stage: byCategories(new p.DecisionTreeClassifier({ labelCol: 'three', maxDepth: 4 })),
    fitting: rows,
  },
  {
    name: 'DecisionTreeClassifier of three classes by many categories',
    stage: byCategories(new p.DecisionTreeClassifier({ labelCol: 'three', maxDepth: 4, maxBins: 8 })),
    fitting: rows,
  },
  {
    name: 'DecisionTreeRegressor by categories',
    stage: byCategories(
      new p.DecisionTreeRegressor({ labelCol: 'value', maxDepth: 4, minWeightFractionPerNode: 0.05 }),
    ),
    fitting: rows,
  },
  {
    name: 'RandomForestClassifier of one tree on all rows',
    stage: new p.RandomForestClassifier({ labelCol: 'three', numTrees: 1, bootstrap: false, weightCol: 'weight' }),
    fitting: rows,
  },
  {
    name: 'RandomForestRegressor of one tree on all rows',
    stage: new p.RandomForestRegressor({ labelCol: 'value', numTrees: 1, bootstrap: false }),
    fitting: rows,
  },
  {
    name: 'RandomForestClassifier',
    stage: new p.RandomForestClassifier({ labelCol: 'three', numTrees: 6, leafCol: 'leaves' }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'RandomForestRegressor',
    stage: new p.RandomForestRegressor({ labelCol: 'value', numTrees: 6 }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'GBTClassifier',
    stage: new p.GBTClassifier({ labelCol: 'two', maxIter: 5 }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'GBTRegressor',
    stage: new p.GBTRegressor({ labelCol: 'value', maxIter: 5, maxDepth: 3 }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'GBTRegressor of absolute errors',
    stage: new p.GBTRegressor({ labelCol: 'value', maxIter: 4, lossType: 'absolute', weightCol: 'weight' }),
    fitting: rows,
    fitTolerance: 1e-6,
  },
  {
    name: 'GaussianMixture',
    stage: new p.GaussianMixture({ k: 2, weightCol: 'weight' }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'MultilayerPerceptronClassifier',
    stage: new p.MultilayerPerceptronClassifier({
      featuresCol: 'counts',
      labelCol: 'three',
      layers: [3, 4, 3],
      maxIter: 30,
      thresholds: [0.2, 0.5, 0.3],
    }),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
  {
    name: 'MultilayerPerceptronClassifier by plain descent',
    stage: new p.MultilayerPerceptronClassifier({
      featuresCol: 'marks',
      labelCol: 'two',
      layers: [3, 2, 2],
      solver: 'gd',
      stepSize: 0.5,
      maxIter: 10,
      initialWeights: Array.from({ length: 14 }, (_, at) => Math.sin(3 * at)),
    }),
    fitting: rows,
    fitTolerance: 1e-8,
  },
  {
    name: 'CrossValidator',
    stage: ((estimator) =>
      new p.CrossValidator({
        estimator,
        evaluator: new p.RegressionEvaluator({ labelCol: 'value' }),
        estimatorParamMaps: new p.ParamGridBuilder()
          .addGrid(estimator, 'regParam', [0.5, 0.01])
          .addGrid(estimator, 'fitIntercept', [true, false])
          .build(),
        foldCol: 'fold',
        collectSubModels: true,
      }))(new p.LinearRegression({ labelCol: 'value' })),
    fitting: rows,
  },
  {
    name: 'TrainValidationSplit',
    stage: ((estimator) =>
      new p.TrainValidationSplit({
        estimator: new p.Pipeline({ stages: [estimator] }),
        evaluator: new p.MulticlassClassificationEvaluator({ labelCol: 'two', metricName: 'accuracy' }),
        estimatorParamMaps: new p.ParamGridBuilder().addGrid(estimator, 'smoothing', [0.5, 50]).build(),
      }))(new p.NaiveBayes({ featuresCol: 'counts', labelCol: 'two' })),
    fitting: rows,
    fitsDiffer: 'the generators of random numbers differ',
  },
];
