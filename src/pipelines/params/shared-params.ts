/** Parameters that many stages have, with the names and defaults of `spark.ml.param.shared`. */
import {
  booleanParam,
  choiceParam,
  doubleParam,
  intParam,
  listParam,
  longParam,
  stringParam,
  stringsParam,
  withDefaultFor,
} from './param-kinds.ts';

/** The column that a stage reads. */
export const inputCol = { inputCol: stringParam() };

/** The column that it writes. Default: the stage's uid, then `__output`. */
export const outputCol = { outputCol: withDefaultFor(stringParam(), (uid) => `${uid}__output`) };

export const inputCols = { inputCols: stringsParam() };
export const outputCols = { outputCols: stringsParam() };

export const featuresCol = { featuresCol: stringParam('features') };
export const labelCol = { labelCol: stringParam('label') };
export const weightCol = { weightCol: stringParam() };
export const predictionCol = { predictionCol: stringParam('prediction') };
export const rawPredictionCol = { rawPredictionCol: stringParam('rawPrediction') };
export const probabilityCol = { probabilityCol: stringParam('probability') };

/** What happens to a row that a stage can't take: `error`, `skip` (the row is left out), or `keep` (the stage says how). */
export const handleInvalid = { handleInvalid: choiceParam(['error', 'skip', 'keep'], 'error') };

export const maxIter = (defaultValue: number) => ({ maxIter: intParam({ atLeast: 0, default: defaultValue }) });
export const tol = (defaultValue: number) => ({ tol: doubleParam({ atLeast: 0, default: defaultValue }) });
export const regParam = { regParam: doubleParam({ atLeast: 0, default: 0 }) };
export const elasticNetParam = { elasticNetParam: doubleParam({ atLeast: 0, atMost: 1, default: 0 }) };
export const fitIntercept = { fitIntercept: booleanParam(true) };
export const standardization = { standardization: booleanParam(true) };
export const aggregationDepth = { aggregationDepth: intParam({ atLeast: 2, default: 2 }) };
export const maxBlockSizeInMB = { maxBlockSizeInMB: doubleParam({ atLeast: 0, default: 0 }) };

/** Thresholds of a classifier, one a class: the class with the largest probability / threshold is predicted. */
export const thresholds = { thresholds: listParam(doubleParam({ atLeast: 0 })) };

/** `seed` differs from class to class in Spark; a model's numbers hang on the generator anyway, so here it is 0. */
export const seed = { seed: longParam({ default: 0 }) };

/** How far a quantile's place may be off, as a share of the rows. Quantiles here are exact; it is kept for Spark. Default 0.001. */
export const relativeError = { relativeError: doubleParam({ atLeast: 0, atMost: 1, default: 0.001 }) };
