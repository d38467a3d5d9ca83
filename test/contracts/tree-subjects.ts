import { LabeledPoint } from '../../src/batch/vector.ts';
import { seededRandom } from '../../src/host/random.ts';
import { HalfSpaceTrees } from '../../src/learners/half-space-trees.ts';
import { RobustZScore } from '../../src/learners/robust-z-score.ts';
import { AdaptiveRandomForestClassifier } from '../../src/learners/trees/adaptive-random-forest-classifier.ts';
import { AdaptiveRandomForestRegressor } from '../../src/learners/trees/adaptive-random-forest-regressor.ts';
import { HoeffdingAdaptiveTreeClassifier } from '../../src/learners/trees/hoeffding-adaptive-tree-classifier.ts';
import { HoeffdingAdaptiveTreeRegressor } from '../../src/learners/trees/hoeffding-adaptive-tree-regressor.ts';
import { HoeffdingTreeClassifier } from '../../src/learners/trees/hoeffding-tree-classifier.ts';
import { HoeffdingTreeRegressor } from '../../src/learners/trees/hoeffding-tree-regressor.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { goOnInNewProcess } from './learner-subjects.ts';

/** Three batches of rows in which a threshold turns round after the first, some values zero: trees split, drift and are replaced. */
const drifting = [900, 1, 700].map((rows, batch) => {
  const random = seededRandom(batch + 1);
  return Array.from({ length: rows }, (_, i) => {
    const features = [random.next(), (i % 2) * random.next(), random.next()];
    const side = features[0]! > 0.5 === (batch === 0) ? 1 : 0;
    return { features, side, other: features[1]! > 0.5 ? 1 : 0 };
  });
});

/** Three classes. */
const classified = drifting.map((rows) =>
  rows.map(({ features, side, other }) => LabeledPoint(side === 0 ? 0 : 1 + other, features)),
);
const measured = drifting.map((rows) =>
  rows.map(({ features, side, other }) => LabeledPoint(5 * side + other + features[2]!, features)),
);

/** The last feature becomes nominal, of three values. */
function withNominal(batches: readonly (readonly LabeledPoint[])[]): readonly (readonly LabeledPoint[])[] {
  return batches.map((rows) =>
    rows.map(({ label, features }, i) =>
      LabeledPoint(label, [...(features as readonly number[]).slice(0, 2), (i + Math.round(label)) % 3]),
    ),
  );
}

function subjectOf(
  make: (numFeatures: number) => ReturnType<LearnerSubject['make']>,
  batches: LearnerSubject['batches'],
): LearnerSubject {
  return { batches, make: () => make(3), makeOther: () => make(2), goOnInNewProcess };
}

/** Leaves of so little memory that some must stop watching. */
const tight = { gracePeriod: 20, delta: 0.1, tau: 0.2, maxBytes: 4000 };
const quick = { gracePeriod: 20, delta: 0.1, tau: 0.2 };

export const treeClassifierSubject = subjectOf(
  (numFeatures) => new HoeffdingTreeClassifier({ numFeatures, numClasses: 3, ...tight }),
  classified,
);

export const treeRegressorSubject = subjectOf(
  (numFeatures) => new HoeffdingTreeRegressor({ numFeatures, ...tight, maxBytes: 12_000 }),
  measured,
);

export const adaptiveTreeClassifierSubject = subjectOf(
  (numFeatures) =>
    new HoeffdingAdaptiveTreeClassifier({ numFeatures, numClasses: 3, driftWindowThreshold: 50, ...quick }),
  classified,
);

export const adaptiveTreeRegressorSubject = subjectOf(
  (numFeatures) => new HoeffdingAdaptiveTreeRegressor({ numFeatures, driftWindowThreshold: 50, ...quick }),
  measured,
);

export const forestClassifierSubject = subjectOf(
  (numFeatures) => new AdaptiveRandomForestClassifier({ numFeatures, numClasses: 3, nModels: 3 }),
  classified,
);

export const forestRegressorSubject = subjectOf(
  (numFeatures) => new AdaptiveRandomForestRegressor({ numFeatures, nModels: 3, maxFeatures: 2 }),
  measured,
);

export const nominalForestSubject = subjectOf(
  (numFeatures) =>
    new AdaptiveRandomForestClassifier({
      ...{ numFeatures, numClasses: 3, nModels: 3, maxFeatures: 2 },
      nominalFeatures: { [numFeatures - 1]: 3 },
    }),
  withNominal(classified),
);

export const nominalRegressorSubject = subjectOf(
  (numFeatures) =>
    new HoeffdingAdaptiveTreeRegressor({
      ...{ numFeatures, driftWindowThreshold: 50, ...quick },
      ...{ nominalFeatures: { [numFeatures - 1]: 3 }, binarySplits: true },
    }),
  withNominal(measured),
);

export const halfSpaceTreesSubject = subjectOf(
  (numFeatures) => new HalfSpaceTrees({ numFeatures, nTrees: 5, height: 4, windowSize: 100 }),
  classified,
);

export const robustZScoreSubject = subjectOf(
  (numFeatures) => new RobustZScore({ numFeatures, windowSize: 40 }),
  classified,
);
