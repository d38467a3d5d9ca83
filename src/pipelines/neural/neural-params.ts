import { toDense } from '../../batch/sparse-rows.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam, intParam, listParam } from '../params/param-kinds.ts';
import { seedOf } from '../params/seed-of.ts';
import { featuresCol, labelCol, predictionCol, regParam, seed, tol, weightCol } from '../params/shared-params.ts';
import type { Stage } from '../stage.ts';
import type { TrainingRows } from '../training-rows.ts';
import { ACTIVATIONS } from './architecture.ts';
import type { FitRows, FitSettings } from './fit-settings.ts';

/** What both neural estimators can be told. */
export const NEURAL_PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...weightCol,
  ...predictionCol,
  ...seed,
  /** Units of each hidden layer; none makes a linear model. Default one layer of 64. */
  hiddenLayers: listParam(intParam({ atLeast: 1, atMost: 2 ** 20 }), { default: [64] }),
  /** Of the hidden layers. Default `relu`. */
  activation: choiceParam(ACTIVATIONS, 'relu'),
  /** Default `adam`. */
  optimizer: choiceParam(['sgd', 'adaGrad', 'adam'], 'adam'),
  /** The learning rate, above 0. Default 0.001. */
  stepSize: doubleParam({ above: 0, default: 0.001 }),
  /** L2 penalty of the weights, not of the biases. Default 0. */
  ...regParam,
  /** How many times all rows are gone through, at most. Default 50. */
  epochs: intParam({ atLeast: 0, default: 50 }),
  /** Rows a step. Default 32. */
  batchSize: intParam({ atLeast: 1, default: 32 }),
  /** The share of rows, drawn by the seed, on which the loss is only watched. At least 0 and below 1, default 0. */
  validationSplit: doubleParam({ atLeast: 0, below: 1, default: 0 }),
  /** So many epochs in which the watched loss gets no better end the fit, and the best weights are kept. 0: never. Default 0. */
  patience: intParam({ atLeast: 0, default: 0 }),
  /** By how much a loss must be smaller to be better. Default 1e-4. */
  ...tol(1e-4),
};

type NeuralStage = Stage<typeof NEURAL_PARAMS>;

export type NeuralOptions = OptionsOf<typeof NEURAL_PARAMS>;

/** What a stage was told of how to fit. */
export function fitSettings(stage: NeuralStage): FitSettings {
  return {
    optimizer: stage.get('optimizer'),
    stepSize: stage.get('stepSize'),
    regParam: stage.get('regParam'),
    epochs: stage.get('epochs'),
    batchSize: stage.get('batchSize'),
    seed: seedOf(stage.get('seed')),
    validationSplit: stage.get('validationSplit'),
    patience: stage.get('patience'),
    tol: stage.get('tol'),
  };
}

/** Training rows with their features as dense columns. */
export function denseRows({ matrix, labels, weights }: TrainingRows): FitRows {
  return { features: 'starts' in matrix ? toDense(matrix) : matrix, labels, weights };
}
