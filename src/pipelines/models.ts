/** Stages that predict: each estimator with its model, options and learned values. */

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
export { NaiveBayes } from './classification/naive-bayes.ts';
export {
  type NaiveBayesLearned,
  NaiveBayesModel,
  type NaiveBayesOptions,
} from './classification/naive-bayes-model.ts';
// Clustering
export { KMeans } from './clustering/k-means.ts';
export { type KMeansLearned, KMeansModel, type KMeansOptions } from './clustering/k-means-model.ts';
// Regression
export { LinearRegression } from './regression/linear-regression.ts';
export {
  type LinearRegressionLearned,
  LinearRegressionModel,
  type LinearRegressionOptions,
} from './regression/linear-regression-model.ts';
