/** Each exported stage that predicts, with a table that it can take. */
import { fileURLToPath } from 'node:url';
import { Table } from '../../src/batch/table.ts';
import * as p from '../../src/pipelines/index.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';

/** Two features that tell the classes apart but for a few rows, a value, a weight. */
const rows = () =>
  Table.fromRows(
    Array.from({ length: 24 }, (_, i) => {
      const [x, y] = [((i * 7) % 11) / 2, ((i * 5) % 13) / 3];
      return { features: [x, y], label: i % 5 === 0 ? 2 : x > y ? 1 : 0, value: 3 * x - y, weight: 1 + (i % 3) };
    }),
  );

function subject(stage: () => p.PipelineStage, table: () => Table = rows): StageSubject {
  return { stage, table };
}

const binary = () => rows().filter((i) => i % 5 !== 0);

export const kMeans = subject(() => new p.KMeans({ k: 3, weightCol: 'weight', seed: 5 }));
export const kMeansCosine = subject(
  () => new p.KMeans({ distanceMeasure: 'cosine', initMode: 'random' }),
  () => rows().filter((i) => i > 0),
);
export const linearSVC = subject(() => new p.LinearSVC({ regParam: 0.01 }), binary);
export const naiveBayes = subject(() => new p.NaiveBayes({ weightCol: 'weight' }));
export const naiveBayesComplement = subject(() => new p.NaiveBayes({ modelType: 'complement' }));
export const naiveBayesGaussian = subject(
  () => new p.NaiveBayes({ modelType: 'gaussian', thresholds: [0.2, 0.5, 0.3] }),
);
export const linearRegression = subject(
  () => new p.LinearRegression({ labelCol: 'value', weightCol: 'weight', regParam: 0.1, elasticNetParam: 0.5 }),
);
export const logisticRegression = subject(() => new p.LogisticRegression({ weightCol: 'weight', regParam: 0.1 }));

/** A feature of three categories, and one of numbers. */
const categories = () => {
  const table = rows();
  const columns = [
    Float64Array.from({ length: table.rows }, (_, i) => (i * i) % 3),
    table.features('features').columns[0]!,
  ];
  const matrix = { rows: table.rows, columns };
  return table.withColumn('features', { type: 'vector', matrix, categories: new Map([[0, { count: 3 }]]) });
};

export const decisionTreeClassifier = subject(
  () => new p.DecisionTreeClassifier({ weightCol: 'weight', leafCol: 'leaf' }),
  categories,
);
export const decisionTreeRegressor = subject(
  () => new p.DecisionTreeRegressor({ labelCol: 'value', varianceCol: 'spread', maxBins: 8 }),
);
export const randomForestClassifier = subject(
  () => new p.RandomForestClassifier({ numTrees: 5, impurity: 'entropy', leafCol: 'leaves' }),
  categories,
);
export const randomForestRegressor = subject(
  () => new p.RandomForestRegressor({ labelCol: 'value', numTrees: 4, subsamplingRate: 0.8 }),
);
export const gbtClassifier = subject(() => new p.GBTClassifier({ maxIter: 4, subsamplingRate: 0.9 }), binary);
export const gbtRegressor = subject(
  () => new p.GBTRegressor({ labelCol: 'value', maxIter: 4, lossType: 'absolute', leafCol: 'leaves' }),
);

const tuned = () => {
  const estimator = new p.LogisticRegression({}, 'regression');
  const estimatorParamMaps = new p.ParamGridBuilder().addGrid(estimator, 'regParam', [0, 0.1, 1]).build();
  return { estimator, estimatorParamMaps, evaluator: new p.MulticlassClassificationEvaluator({}, 'evaluator') };
};

export const crossValidator = subject(() => new p.CrossValidator({ ...tuned(), numFolds: 2 }));
export const trainValidationSplit = subject(() => new p.TrainValidationSplit({ ...tuned(), trainRatio: 0.6 }));

export const gaussianMixture = subject(() => new p.GaussianMixture({ k: 2, weightCol: 'weight', maxIter: 5 }));
export const multilayerPerceptron = subject(
  () => new p.MultilayerPerceptronClassifier({ layers: [2, 4, 3, 3], maxIter: 8 }),
);

const small = { hiddenLayers: [5], epochs: 3, batchSize: 7, stepSize: 0.01 };

export const neuralClassifier = subject(() => new p.NeuralClassifier({ ...small, weightCol: 'weight', seed: 3 }));
export const neuralRegressor = subject(
  () => new p.NeuralRegressor({ ...small, labelCol: 'value', optimizer: 'sgd', validationSplit: 0.2, patience: 2 }),
);

const reference = (name: string) => fileURLToPath(new URL(`../reference/${name}`, import.meta.url));
const { learned: onnx } = await p.OnnxModel.fromFile(reference('onnx/iris-logistic-float.onnx'));
const { learned: tensorFlow } = await p.TensorFlowModel.fromDirectory(reference('tensorflow/keras-two-inputs'));

export const onnxModel: StageSubject = {
  stage: () =>
    new p.OnnxModel(onnx, { inputs: { X: 'v' }, outputs: { label: 'class', probabilities: 'p' }, batchSize: 3 }),
  table: () => Table.fromRows([0, 1, 2, 3].map((i) => ({ v: [5 + i / 2, 3, 1 + i, i / 3] }))),
  rowsHangTogether: 'ONNX Runtime adds up in another order where there is one row only',
};
export const tensorFlowModel = subject(
  () => new p.TensorFlowModel(tensorFlow, { inputs: { numbers: 'v', age: 'weight' }, batchSize: 3 }),
  () => Table.fromRows([0, 1, 2, 3].map((i) => ({ v: [i, 3 - i, -1], weight: i / 2 }))),
);
