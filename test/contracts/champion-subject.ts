import type { LabeledPoint } from '../../src/batch/vector.ts';
import { ChampionAndChallenger } from '../../src/learners/champion-and-challenger.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { batches } from './learner-subjects.ts';

const linear = (stepSize: number, width = 3) =>
  new StreamingLinearRegressionWithSGD({ stepSize }).setInitialWeights(Array<number>(width).fill(0));

/** A challenger that takes over at once, so that what is saved holds a promotion. */
export const championSubject: LearnerSubject = {
  batches,
  make: () =>
    new ChampionAndChallenger<LabeledPoint>({
      champion: linear(0.01),
      challenger: linear(0.1),
      promoteWhen: ({ batches: seen, difference }) => seen >= 1 && difference < 0,
    }),
  makeOther: () => new ChampionAndChallenger<LabeledPoint>({ champion: linear(0.1, 2), challenger: linear(1, 2) }),
};
