/** Stages that predict: each estimator with its model, options and learned values. */

// Evaluation
export type { Evaluator } from '../contracts/evaluator.ts';
// Clustering
export type { Gaussian, Mixture } from '../numeric/gaussian-mixture.ts';
export type { TreeNode, TreeSplit } from '../numeric/trees/tree-node.ts';
export {
  LinearSVC,
  type LinearSVCLearned,
  LinearSVCModel,
  type LinearSVCOptions,
} from './classification/linear-svc.ts';
// Classification
export { LogisticRegression } from './classification/logistic-regression.ts';
export {
  type LogisticRegressionLearned,
  LogisticRegressionModel,
  type LogisticRegressionOptions,
} from './classification/logistic-regression-model.ts';
export {
  MultilayerPerceptronClassificationModel,
  MultilayerPerceptronClassifier,
  type MultilayerPerceptronClassifierOptions,
  type MultilayerPerceptronLearned,
} from './classification/multilayer-perceptron-classifier.ts';
export { NaiveBayes } from './classification/naive-bayes.ts';
export {
  type NaiveBayesLearned,
  NaiveBayesModel,
  type NaiveBayesOptions,
} from './classification/naive-bayes-model.ts';
export { GaussianMixture, GaussianMixtureModel, type GaussianMixtureOptions } from './clustering/gaussian-mixture.ts';
export { KMeans } from './clustering/k-means.ts';
export { type KMeansLearned, KMeansModel, type KMeansOptions } from './clustering/k-means-model.ts';
export {
  BinaryClassificationEvaluator,
  type BinaryClassificationEvaluatorOptions,
} from './evaluation/binary-classification-evaluator.ts';
export { ClusteringEvaluator, type ClusteringEvaluatorOptions } from './evaluation/clustering-evaluator.ts';
export { EvaluatorStage } from './evaluation/evaluator-stage.ts';
export {
  MulticlassClassificationEvaluator,
  type MulticlassClassificationEvaluatorOptions,
} from './evaluation/multiclass-classification-evaluator.ts';
export { RegressionEvaluator, type RegressionEvaluatorOptions } from './evaluation/regression-evaluator.ts';
export { loadTensorFlow, type TensorFlowBackend } from './neural/load-tensorflow.ts';
// Networks
export {
  NeuralClassificationModel,
  NeuralClassifier,
  type NeuralClassifierOptions,
} from './neural/neural-classifier.ts';
export { NeuralRegressionModel, NeuralRegressor, type NeuralRegressorOptions } from './neural/neural-regressor.ts';
export type { LearnedNetwork } from './neural/saved-network.ts';
export {
  StreamingNeuralClassifier,
  type StreamingNeuralClassifierOptions,
} from './neural/streaming-neural-classifier.ts';
export type { StreamingNeuralOptions } from './neural/streaming-neural-network.ts';
export { StreamingNeuralRegressor } from './neural/streaming-neural-regressor.ts';
// Models from elsewhere
export { TensorFlowModel } from './neural/tensorflow-model.ts';
export { OnnxModel } from './onnx/onnx-model.ts';
// Regression
export { LinearRegression } from './regression/linear-regression.ts';
export {
  type LinearRegressionLearned,
  LinearRegressionModel,
  type LinearRegressionOptions,
} from './regression/linear-regression-model.ts';
export type { TensorModelOptions } from './tensors/tensor-model.ts';
// Trees
export {
  type DecisionTreeClassificationLearned,
  DecisionTreeClassificationModel,
  DecisionTreeClassifier,
} from './trees/decision-tree-classifier.ts';
export {
  type DecisionTreeRegressionLearned,
  DecisionTreeRegressionModel,
  DecisionTreeRegressor,
  type DecisionTreeRegressorOptions,
} from './trees/decision-tree-regressor.ts';
export { GBTClassificationModel, GBTClassifier, type GBTClassifierOptions } from './trees/gbt-classifier.ts';
export { GBTRegressionModel, GBTRegressor, type GBTRegressorOptions } from './trees/gbt-regressor.ts';
export {
  type RandomForestClassificationLearned,
  RandomForestClassificationModel,
  RandomForestClassifier,
  type RandomForestClassifierOptions,
} from './trees/random-forest-classifier.ts';
export {
  RandomForestRegressionModel,
  RandomForestRegressor,
  type RandomForestRegressorOptions,
} from './trees/random-forest-regressor.ts';
export type { WeightedTree } from './trees/tree-data.ts';
export type { TreeEnsemble } from './trees/tree-ensemble.ts';
export type { ClassTreeOptions as DecisionTreeClassifierOptions } from './trees/tree-settings.ts';
// Tuning
export {
  CrossValidator,
  type CrossValidatorLearned,
  CrossValidatorModel,
  type CrossValidatorOptions,
} from './tuning/cross-validator.ts';
export { ParamGridBuilder } from './tuning/param-grid-builder.ts';
export {
  TrainValidationSplit,
  type TrainValidationSplitLearned,
  TrainValidationSplitModel,
  type TrainValidationSplitOptions,
} from './tuning/train-validation-split.ts';
export type { Tuned } from './tuning/tuned.ts';
