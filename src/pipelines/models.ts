/** Stages that predict: each estimator with its model, options and learned values. */

// Classification
export { LogisticRegression } from './classification/logistic-regression.ts';
export {
  type LogisticRegressionLearned,
  LogisticRegressionModel,
  type LogisticRegressionOptions,
} from './classification/logistic-regression-model.ts';
// Regression
export { LinearRegression } from './regression/linear-regression.ts';
export {
  type LinearRegressionLearned,
  LinearRegressionModel,
  type LinearRegressionOptions,
} from './regression/linear-regression-model.ts';
