import type { OnlineTransform } from '../../src/contracts/online-transform.ts';
import { OnlinePipeline } from '../../src/learners/online-pipeline.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { Imputer } from '../../src/learners/transforms/imputer.ts';
import { MinMaxScaler } from '../../src/learners/transforms/min-max-scaler.ts';
import { OneHotEncoder } from '../../src/learners/transforms/one-hot-encoder.ts';
import { StandardScaler } from '../../src/learners/transforms/standard-scaler.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { batches, classifiedBatches, goOnInNewProcess } from './learner-subjects.ts';

/** A transform before a regression. */
function subjectOf(transform: (numFeatures: number) => OnlineTransform): LearnerSubject {
  const make = (width: number) => {
    const made = transform(width);
    return new OnlinePipeline({
      transforms: [made],
      learner: new SGDRegressor({ numFeatures: made.outputWidth }),
    });
  };
  return { batches, make: () => make(3), makeOther: () => make(2), goOnInNewProcess };
}

export const imputerSubject = subjectOf((numFeatures) => new Imputer({ numFeatures, missingValue: 2 }));
export const minMaxSubject = subjectOf((numFeatures) => new MinMaxScaler({ numFeatures, min: -1 }));
export const oneHotSubject = subjectOf(
  (numFeatures) => new OneHotEncoder({ numFeatures, maxCategories: 4, categorical: [0] }),
);
export const scalerSubject = subjectOf((numFeatures) => new StandardScaler({ numFeatures }));

/** Two transforms before a classifier; the other one has a learner that needs no labels. */
export const pipelineSubject: LearnerSubject = {
  batches: classifiedBatches,
  make: () =>
    new OnlinePipeline({
      transforms: [new Imputer({ numFeatures: 3, missingValue: 2 }), new StandardScaler({ numFeatures: 3 })],
      learner: new SGDClassifier({ numFeatures: 3, stepSize: 0.1 }),
    }),
  makeOther: () =>
    new OnlinePipeline({
      transforms: [new StandardScaler({ numFeatures: 3 })],
      learner: new StreamingKMeans({ k: 2 }).setRandomCenters(3, 1, 42),
    }),
  goOnInNewProcess,
};
