import { describe, expect, it } from 'vitest';
import { AdaptiveRandomForestClassifier } from '../../src/learners/trees/adaptive-random-forest-classifier.ts';
import { HoeffdingTreeClassifier } from '../../src/learners/trees/hoeffding-tree-classifier.ts';
import { HoeffdingTreeRegressor } from '../../src/learners/trees/hoeffding-tree-regressor.ts';
import { writeHoeffdingBound } from '../../src/numeric/hoeffding-bound.ts';
import { SPLIT_CRITERIA } from '../../src/numeric/split-criterion.ts';
import { classStreams, numberStreams, prequentialLoss } from '../learners/trees/streams.ts';
import { expectClose } from './expect-close.ts';

/** ε = √(R² ln(1/δ) / 2n), computed in Python with 17 digits. */
const BOUNDS = [
  [1, 1e-7, 200, 0.20073674085078647],
  [Math.log2(10), 1e-7, 200, 0.6668330191083512],
  [1, 1e-7, 1000, 0.0897721996248235],
  [1, 1e-5, 100, 0.23992629560940407],
] as const;

/** Rows after which a tie is broken: ε < 0.05, by the number of classes. */
const ROWS_TO_A_TIE = [
  [2, 3224],
  [3, 8099],
  [10, 35574],
] as const;

/**
 * Accuracy of MOA (the moa.jar of CapyMOA 0.15.1: trees.HoeffdingTree, meta.AdaptiveRandomForest -s 10, otherwise with defaults) on the same
 * rows, written to ARFF: the first 100,000 for the tree, 20,000 for the forest. `bench/peers/trees.py` runs it.
 */
const MOA_TREE = {
  sea: 0.84551,
  agrawal: 0.90562,
  'random RBF, slow': 0.56184,
  'random RBF, fast': 0.3765,
  hyperplane: 0.87998,
  'random tree': 0.948,
  'random tree, drifting': 0.73414,
} as const;
const MOA_FOREST = { sea: 0.8871, agrawal: 0.9933 } as const;

const ONE_POINT = 0.01;

function hoeffdingBound(range: number, delta: number, weight: number): number {
  const mean = { range, bound: 0 };
  writeHoeffdingBound(mean, { weight }, { delta });
  return mean.bound;
}

describe("Hoeffding's bound", () => {
  it('is that of the formula', () => {
    for (const [range, delta, n, bound] of BOUNDS) expectClose([hoeffdingBound(range, delta, n)], [bound], 1e-15);
  });

  it.each(ROWS_TO_A_TIE)('of %i classes falls below 0.05 after %i rows', (numClasses, rows) => {
    const range = SPLIT_CRITERIA.infoGain.range(numClasses);
    expect(hoeffdingBound(range, 1e-7, rows)).toBeLessThan(0.05);
    expect(hoeffdingBound(range, 1e-7, rows - 1)).toBeGreaterThanOrEqual(0.05);
  });
});

describe('accuracy, each row tested before it is learned', () => {
  it.each(Object.entries(MOA_TREE))("of a Hoeffding tree on %s is MOA's, within a point", (name, accuracy) => {
    const { rows, numClasses } = classStreams[name as keyof typeof MOA_TREE];
    const data = rows(100_000);
    const learner = new HoeffdingTreeClassifier({ numFeatures: data[0]!.features.length, numClasses });
    expect(Math.abs(1 - prequentialLoss(learner, data) - accuracy)).toBeLessThan(ONE_POINT);
  });

  it.each(Object.entries(MOA_FOREST))(
    "of an adaptive random forest on %s is MOA's, within a point",
    (name, accuracy) => {
      const { rows, numClasses } = classStreams[name as keyof typeof MOA_FOREST];
      const data = rows(20_000);
      const learner = new AdaptiveRandomForestClassifier({ numFeatures: data[0]!.features.length, numClasses });
      expect(Math.abs(1 - prequentialLoss(learner, data) - accuracy)).toBeLessThan(ONE_POINT);
    },
  );

  it("of a Hoeffding tree on the weights of chicks is better than River's", () => {
    // River 0.26's page of benchmarks, StandardScaler | HoeffdingTreeRegressor: root of the mean squared error 36.7336.
    const learner = new HoeffdingTreeRegressor({ numFeatures: 3 });
    expect(Math.sqrt(prequentialLoss(learner, numberStreams['chick weights']!(578)))).toBeLessThan(36.7336);
  });
});
