/** Streaming learners on TensorFlow.js, which is loaded before they are made. */
import { silentLog } from '../../src/host/log.ts';
import { loadTensorFlow, StreamingNeuralClassifier, StreamingNeuralRegressor } from '../../src/pipelines/index.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { batches, classifiedBatches, goingOnBy } from './learner-subjects.ts';

await loadTensorFlow({ log: silentLog });

const small = { hiddenLayers: [4, 3], stepSize: 0.01, seed: 5 } as const;

export const neuralClassifierSubject: LearnerSubject = {
  batches: classifiedBatches,
  make: () => new StreamingNeuralClassifier({ ...small, numFeatures: 3, numClasses: 2, regParam: 0.01 }),
  makeOther: () => new StreamingNeuralClassifier({ ...small, numFeatures: 3, numClasses: 3 }),
  goOnInNewProcess: goingOnBy((file) => StreamingNeuralClassifier.load(file), 'StreamingNeuralClassifier'),
};

export const neuralRegressorSubject: LearnerSubject = {
  batches,
  make: () => new StreamingNeuralRegressor({ ...small, numFeatures: 3, activation: 'tanh', optimizer: 'adaGrad' }),
  makeOther: () => new StreamingNeuralRegressor({ ...small, numFeatures: 2, optimizer: 'adaGrad' }),
  goOnInNewProcess: goingOnBy((file) => StreamingNeuralRegressor.load(file), 'StreamingNeuralRegressor'),
};
