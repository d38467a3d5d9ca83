import { LinearSVC, LinearSVCModel } from './classification/linear-svc.ts';
import { LogisticRegression } from './classification/logistic-regression.ts';
import { LogisticRegressionModel } from './classification/logistic-regression-model.ts';
import {
  MultilayerPerceptronClassificationModel,
  MultilayerPerceptronClassifier,
} from './classification/multilayer-perceptron-classifier.ts';
import { NaiveBayes } from './classification/naive-bayes.ts';
import { NaiveBayesModel } from './classification/naive-bayes-model.ts';
import { GaussianMixture, GaussianMixtureModel } from './clustering/gaussian-mixture.ts';
import { KMeans } from './clustering/k-means.ts';
import { KMeansModel } from './clustering/k-means-model.ts';
import { BinaryClassificationEvaluator } from './evaluation/binary-classification-evaluator.ts';
import { ClusteringEvaluator } from './evaluation/clustering-evaluator.ts';
import { MulticlassClassificationEvaluator } from './evaluation/multiclass-classification-evaluator.ts';
import { RegressionEvaluator } from './evaluation/regression-evaluator.ts';
import { NeuralClassificationModel, NeuralClassifier } from './neural/neural-classifier.ts';
import { NeuralRegressionModel, NeuralRegressor } from './neural/neural-regressor.ts';
import { TensorFlowModel } from './neural/tensorflow-model.ts';
import { OnnxModel } from './onnx/onnx-model.ts';
import { LinearRegression } from './regression/linear-regression.ts';
import { LinearRegressionModel } from './regression/linear-regression-model.ts';
import type { StageClass } from './stage.ts';
import { DecisionTreeClassificationModel, DecisionTreeClassifier } from './trees/decision-tree-classifier.ts';
import { DecisionTreeRegressionModel, DecisionTreeRegressor } from './trees/decision-tree-regressor.ts';
import { GBTClassificationModel, GBTClassifier } from './trees/gbt-classifier.ts';
import { GBTRegressionModel, GBTRegressor } from './trees/gbt-regressor.ts';
import { RandomForestClassificationModel, RandomForestClassifier } from './trees/random-forest-classifier.ts';
import { RandomForestRegressionModel, RandomForestRegressor } from './trees/random-forest-regressor.ts';
import { CrossValidator, CrossValidatorModel } from './tuning/cross-validator.ts';
import { TrainValidationSplit, TrainValidationSplitModel } from './tuning/train-validation-split.ts';

/** The classes of stages that predict, evaluate or tune. */
export const MODEL_CLASSES: readonly StageClass[] = [
  KMeans,
  KMeansModel,
  LinearRegression,
  LinearRegressionModel,
  LinearSVC,
  LinearSVCModel,
  LogisticRegression,
  LogisticRegressionModel,
  NeuralClassificationModel,
  NeuralClassifier,
  NeuralRegressionModel,
  NeuralRegressor,
  OnnxModel,
  TensorFlowModel,
  NaiveBayes,
  NaiveBayesModel,
  DecisionTreeClassifier,
  DecisionTreeClassificationModel,
  DecisionTreeRegressor,
  DecisionTreeRegressionModel,
  GBTClassifier,
  GBTClassificationModel,
  GBTRegressor,
  GBTRegressionModel,
  RandomForestClassifier,
  RandomForestClassificationModel,
  RandomForestRegressor,
  RandomForestRegressionModel,
  BinaryClassificationEvaluator,
  ClusteringEvaluator,
  MulticlassClassificationEvaluator,
  RegressionEvaluator,
  CrossValidator,
  CrossValidatorModel,
  TrainValidationSplit,
  TrainValidationSplitModel,
  GaussianMixture,
  GaussianMixtureModel,
  MultilayerPerceptronClassificationModel,
  MultilayerPerceptronClassifier,
];
