import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../../src/batch/snapshot.ts';
import type { LabeledPoint } from '../../../src/batch/vector.ts';
import { UsageError } from '../../../src/errors.ts';
import type { OnlineLearner } from '../../../src/learners/online-learner.ts';
import { AdaptiveRandomForestClassifier } from '../../../src/learners/trees/adaptive-random-forest-classifier.ts';
import { AdaptiveRandomForestRegressor } from '../../../src/learners/trees/adaptive-random-forest-regressor.ts';
import { HoeffdingAdaptiveTreeClassifier } from '../../../src/learners/trees/hoeffding-adaptive-tree-classifier.ts';
import { HoeffdingAdaptiveTreeRegressor } from '../../../src/learners/trees/hoeffding-adaptive-tree-regressor.ts';
import { HoeffdingTreeClassifier } from '../../../src/learners/trees/hoeffding-tree-classifier.ts';
import { HoeffdingTreeRegressor } from '../../../src/learners/trees/hoeffding-tree-regressor.ts';
import { conceptDriftStream } from '../../../src/sources/generators/concept-drift-stream.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { rowsOf } from '../../sources/generators/rows-of.ts';
import { baselineError, classStreams, meanError, numberStreams, prequentialLoss } from './streams.ts';

const classifiers = {
  HoeffdingTreeClassifier,
  HoeffdingAdaptiveTreeClassifier,
  AdaptiveRandomForestClassifier,
};
const regressors = { HoeffdingTreeRegressor, HoeffdingAdaptiveTreeRegressor, AdaptiveRandomForestRegressor };

const ROWS = 8000;

describe.each(Object.entries(classStreams))('on the stream %s', (_, { rows, numClasses }) => {
  const data = rows(ROWS);
  it.each(Object.values(classifiers))('%o beats the last label and the majority class', (Classifier) => {
    const learner = new Classifier({ numFeatures: data[0]!.features.length, numClasses });
    expect(prequentialLoss(learner, data)).toBeLessThan(baselineError(data, numClasses));
  });
});

describe.each(Object.entries(numberStreams))('on the stream %s', (name, rows) => {
  const data = rows(name === 'flights' ? 50_000 : ROWS);
  it.each(Object.values(regressors))('%o beats the mean of the labels', (Regressor) => {
    const learner = new Regressor({ numFeatures: data[0]!.features.length });
    expect(prequentialLoss(learner, data)).toBeLessThan(meanError(data));
  });
});

/** Every kind, ready for three features; the classes are 0 and 1. */
const makers: Readonly<Record<string, (seed: number) => OnlineLearner<LabeledPoint>>> = {
  HoeffdingTreeClassifier: () => new HoeffdingTreeClassifier({ numFeatures: 3 }),
  HoeffdingTreeRegressor: () => new HoeffdingTreeRegressor({ numFeatures: 3 }),
  HoeffdingAdaptiveTreeClassifier: (seed) => new HoeffdingAdaptiveTreeClassifier({ numFeatures: 3, seed }),
  HoeffdingAdaptiveTreeRegressor: (seed) => new HoeffdingAdaptiveTreeRegressor({ numFeatures: 3, seed }),
  AdaptiveRandomForestClassifier: (seed) => new AdaptiveRandomForestClassifier({ numFeatures: 3, nModels: 2, seed }),
  AdaptiveRandomForestRegressor: (seed) => new AdaptiveRandomForestRegressor({ numFeatures: 3, nModels: 2, seed }),
};

describe.each(Object.entries(makers))('%s', (name, make) => {
  const data = classStreams.sea.rows(1500);
  const stateAfter = (learner: OnlineLearner<LabeledPoint>, batch: number) => {
    prequentialLoss(learner, data, batch);
    return snapshotToText({ ...learner.snapshot(), version: 0 });
  };

  it('learns the same however the stream is cut into batches', () => {
    expect(stateAfter(make(1), 1)).toBe(stateAfter(make(1), 500));
  });

  it('learns the same from the same seed, and something else from another', () => {
    expect(stateAfter(make(1), 500)).toBe(stateAfter(make(1), 500));
    if (!name.startsWith('HoeffdingTree')) expect(stateAfter(make(2), 500)).not.toBe(stateAfter(make(1), 500));
  });
});

describe('where the stream turns round', () => {
  const turn = 8000;
  const rows = classStreams.sea.rows(16_000);
  const turned = rows.map(({ features, label }) => ({ features, label: 1 - label }));
  const data = [...rows.slice(0, turn), ...turned.slice(turn)];
  const options = { numFeatures: 3 };

  /** Whether the state of a learner names a part at some time. */
  function names(learner: OnlineLearner<LabeledPoint>, part: string, stream: readonly GeneratedRow[]): boolean {
    for (let start = 0; start < stream.length; start += 50) {
      prequentialLoss(learner, stream.slice(start, start + 50));
      if (snapshotToText(learner.snapshot()).includes(part)) return true;
    }
    return false;
  }

  it('an adaptive tree grows another beside it, and does better than one that is not', () => {
    const [plain, adaptive] = [new HoeffdingTreeClassifier(options), new HoeffdingAdaptiveTreeClassifier(options)];
    expect(prequentialLoss(adaptive, data)).toBeLessThan(0.8 * prequentialLoss(plain, data));
    expect(names(new HoeffdingAdaptiveTreeClassifier(options), '"alternate"', data)).toBe(true);
  });

  it('a forest replaces its trees, and does better than one that can not', () => {
    const forest = new AdaptiveRandomForestClassifier({ ...options, nModels: 5 });
    const never = { warningDelta: 1e-99, driftDelta: 1e-99 };
    const rigid = new AdaptiveRandomForestClassifier({ ...options, nModels: 5, ...never });
    expect(prequentialLoss(forest, data)).toBeLessThan(0.9 * prequentialLoss(rigid, data));
  });

  it('a forest raises a successor where errors begin to rise', () => {
    const slow = conceptDriftStream({ from: rows, to: turned, position: 5000, width: 4000 });
    const forest = new AdaptiveRandomForestClassifier({ ...options, nModels: 2 });
    expect(names(forest, '"successor"', rowsOf(slow, 8000))).toBe(true);
  });

  it('an adaptive tree and a forest foretell numbers better than a tree that is not adaptive', () => {
    const numbers = numberStreams['friedman']!(24_000).map(({ features, label }, i) => {
      return { features, label: i < 12_000 ? label : -label };
    });
    const [plain, adaptive, forest] = Object.values(regressors).map((Regressor) =>
      prequentialLoss(new Regressor({ numFeatures: 10 }), numbers),
    );
    expect(adaptive).toBeLessThan(0.9 * plain!);
    expect(forest).toBeLessThan(0.9 * plain!);
  });
});

describe('memory', () => {
  const data = classStreams.hyperplane.rows(20_000);
  const quick = { numFeatures: 10, gracePeriod: 50, delta: 0.5, tau: 0.3 };

  it.each([
    ['HoeffdingTreeClassifier', (maxBytes: number) => new HoeffdingTreeClassifier({ ...quick, maxBytes })],
    ['HoeffdingTreeRegressor', (maxBytes: number) => new HoeffdingTreeRegressor({ ...quick, maxBytes })],
    [
      'HoeffdingAdaptiveTreeClassifier',
      (maxBytes: number) => new HoeffdingAdaptiveTreeClassifier({ ...quick, maxBytes }),
    ],
  ])('a %s stays within its bytes, and goes on learning', (_, make) => {
    const [tight, free] = [make(100_000), make(1e9)];
    const [lossOfTight, lossOfFree] = [tight, free].map((learner) => prequentialLoss(learner, data));
    const sizeOf = (learner: OnlineLearner<LabeledPoint>) => snapshotToText(learner.snapshot()).length;
    expect(sizeOf(free)).toBeGreaterThan(300_000);
    // As text, columns take a third more.
    expect(sizeOf(tight)).toBeLessThan(150_000);
    expect(lossOfTight).toBeLessThan(1.5 * lossOfFree!);
  });

  it('a tree of no more than a branch has two leaves', () => {
    const learner = new HoeffdingTreeClassifier({ ...quick, maxDepth: 1 });
    prequentialLoss(learner, data);
    expect(learner.learnedValues().reduce((sum, each) => sum + each)).toBe(1);
  });
});

describe('options', () => {
  const refused = [
    { numFeatures: 0 },
    { numClasses: 1 },
    { gracePeriod: 0 },
    { delta: 0 },
    { delta: 1 },
    { tau: -1 },
    { maxDepth: 1.5 },
    { maxBytes: 0 },
    { leafPrediction: 'other' },
    { splitCriterion: 'toString' },
    { numSplitPoints: 0 },
    { minBranchFraction: 0.5 },
    { nModels: 0 },
    { lambdaValue: 0 },
    { maxFeatures: 4 },
    { maxFeatures: 1.5 },
    { maxFeatures: 'all' },
    { warningDelta: 0 },
    { driftDelta: 1 },
    { seed: 0.5 },
  ] as const;

  it.each(refused)('a forest refuses %o', (option) => {
    const options = { numFeatures: 3, ...option } as ConstructorParameters<typeof AdaptiveRandomForestClassifier>[0];
    expect(() => new AdaptiveRandomForestClassifier(options)).toThrow(UsageError);
  });

  it.each([
    { leafPrediction: 'nba' },
    { modelSelectorDecay: 1 },
    { learningRate: 0 },
    { learningRateDecay: -1 },
    { minSamplesSplit: 0 },
    { aggregationMethod: 'sum' },
  ] as const)('a forest of regression trees refuses %o', (option) => {
    const options = { numFeatures: 3, ...option } as ConstructorParameters<typeof AdaptiveRandomForestRegressor>[0];
    expect(() => new AdaptiveRandomForestRegressor(options)).toThrow(UsageError);
  });

  it.each([{ driftWindowThreshold: 0 }, { switchSignificance: 0 }, { driftDelta: 0 }, { seed: 1.5 }])(
    'an adaptive tree refuses %o',
    (option) => {
      expect(() => new HoeffdingAdaptiveTreeClassifier({ numFeatures: 3, ...option })).toThrow(UsageError);
    },
  );

  it.each(['mc', 'nb', 'nba'] as const)(
    'a tree whose leaves predict by %s learns, by either criterion',
    (leafPrediction) => {
      const data = classStreams.sea.rows(5000);
      for (const splitCriterion of ['infoGain', 'gini'] as const) {
        const learner = new HoeffdingTreeClassifier({ numFeatures: 3, leafPrediction, splitCriterion });
        expect(prequentialLoss(learner, data)).toBeLessThan(0.9 * baselineError(data, 2));
      }
    },
  );
});
