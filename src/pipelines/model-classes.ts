import { LogisticRegression } from './classification/logistic-regression.ts';
import { LogisticRegressionModel } from './classification/logistic-regression-model.ts';
import { LinearRegression } from './regression/linear-regression.ts';
import { LinearRegressionModel } from './regression/linear-regression-model.ts';
import type { StageClass } from './stage.ts';

/** The classes of stages that predict, evaluate or tune. */
export const MODEL_CLASSES: readonly StageClass[] = [
  LinearRegression,
  LinearRegressionModel,
  LogisticRegression,
  LogisticRegressionModel,
];
