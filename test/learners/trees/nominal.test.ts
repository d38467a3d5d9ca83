import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../../src/batch/snapshot.ts';
import { DataError, StateError, UsageError } from '../../../src/errors.ts';
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
} from '../../../src/index.ts';
import { BestSplit } from '../../../src/numeric/feature-split.ts';
import { addToValues, addValueLogLikelihoods, NominalSplits } from '../../../src/numeric/nominal-classes.ts';
import { addToTargetsOfValues, NominalTargetSplits } from '../../../src/numeric/nominal-targets.ts';
import { SPLIT_CRITERIA } from '../../../src/numeric/split-criterion.ts';
import { expectClose } from '../../reference/expect-close.ts';
import { prequentialLoss } from './streams.ts';

/** The weather of Quinlan's Induction of Decision Trees (1986): outlook (sunny, overcast, rain), windy, and whether to play. */
const WEATHER: readonly (readonly [outlook: number, windy: number, play: number])[] = [
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 1],
  [2, 0, 1],
  [2, 0, 1],
  [2, 1, 0],
  [1, 1, 1],
  [0, 0, 0],
  [0, 0, 1],
  [2, 0, 1],
  [0, 1, 1],
  [1, 1, 1],
  [1, 0, 1],
  [2, 1, 0],
];
const NOMINAL = { features: Int32Array.of(0, 1), numValues: Int32Array.of(3, 2) };
const search = { criterion: SPLIT_CRITERIA.infoGain, numSplitPoints: 10, minBranchFraction: 0.01 };

function weather(): { readonly values: Float64Array; readonly counts: Float64Array } {
  const [values, counts] = [new Float64Array(10), new Float64Array(2)];
  for (const [outlook, windy, label] of WEATHER) {
    addToValues(values, NOMINAL, 2, { x: Float64Array.of(outlook, windy), label, weight: 1 });
    counts[label]!++;
  }
  return { values, counts };
}

function bestOf(binary: boolean): BestSplit {
  const { values, counts } = weather();
  const best = new BestSplit();
  new NominalSplits(search, 2, 3, binary).offerTo(best, values, NOMINAL, counts);
  return best;
}

/** −Σ p log₂ p of counts. */
function entropy(...counts: readonly number[]): number {
  const total = counts.reduce((sum, each) => sum + each);
  return -counts.reduce((sum, each) => (each === 0 ? sum : sum + (each / total) * Math.log2(each / total)), 0);
}

describe('a nominal feature', () => {
  it('splits into all of its values, with the information gain of the book', () => {
    const { position, kind, gain, second } = bestOf(false);
    const ofOutlook = entropy(9, 5) - (5 * entropy(2, 3) + 4 * entropy(4, 0) + 5 * entropy(3, 2)) / 14;
    const ofWindy = entropy(9, 5) - (8 * entropy(6, 2) + 6 * entropy(3, 3)) / 14;
    expect([position, kind]).toEqual([0, 'values']);
    // Quinlan's paper has 0.246 and 0.048.
    expectClose([gain, second], [ofOutlook, ofWindy], 1e-12);
  });

  it('splits into one value and the others where two parts are asked for', () => {
    const { position, kind, threshold, gain } = bestOf(true);
    expect([position, kind, threshold]).toEqual([0, 'value', 1]);
    expectClose([gain], [entropy(9, 5) - (4 * entropy(4, 0) + 10 * entropy(5, 5)) / 14], 1e-12);
  });

  it('tells classes apart by its counts, each one more', () => {
    const { values, counts } = weather();
    const logs = Float64Array.of(0, Number.NEGATIVE_INFINITY);
    addValueLogLikelihoods(values, NOMINAL, counts, Float64Array.of(0, 1), logs);
    expectClose([logs[0]!], [Math.log(((3 + 1) / (5 + 3)) * ((3 + 1) / (5 + 2)))], 1e-12);
    expect(logs[1]).toBe(Number.NEGATIVE_INFINITY);
  });

  it('takes off as much variance of a number as its values differ', () => {
    const values = new Float64Array(6);
    const [only] = [{ features: Int32Array.of(0), numValues: Int32Array.of(3) }];
    const rows = [
      [0, 1],
      [0, 3],
      [1, 10],
      [1, 14],
      [2, 5],
      [2, 9],
    ] as const;
    for (const [value, label] of rows)
      addToTargetsOfValues(values, only, { x: Float64Array.of(value), label, weight: 1 });
    const variance = (ys: readonly number[]) => {
      const mean = ys.reduce((sum, y) => sum + y) / ys.length;
      return ys.reduce((sum, y) => sum + (y - mean) ** 2, 0) / ys.length;
    };
    for (const [binary, rest] of [
      [false, (1 + 4 + 4) / 3],
      [true, (2 * 1 + 4 * variance([10, 14, 5, 9])) / 6],
    ] as const) {
      const best = new BestSplit();
      new NominalTargetSplits(2, binary).offerTo(best, values, only);
      expectClose([best.gain], [variance([1, 3, 10, 14, 5, 9]) - rest], 1e-12);
    }
  });
});

const nominalFeatures = { 0: 4 };
const options = { numFeatures: 2, nominalFeatures, gracePeriod: 20, delta: 0.1, tau: 0.2 };
const learners = [
  HoeffdingTreeClassifier,
  HoeffdingAdaptiveTreeClassifier,
  AdaptiveRandomForestClassifier,
  HoeffdingTreeRegressor,
  HoeffdingAdaptiveTreeRegressor,
  AdaptiveRandomForestRegressor,
];
/** Values 0 and 2 of the first feature are of one class, 1 of the other; 3 never comes. */
const rows = Array.from({ length: 600 }, (_, i) => ({ features: [i % 3, (i * 7) % 11], label: i % 3 === 1 ? 1 : 0 }));
const valuesOf = (...values: readonly number[]) => ({
  rows: values.length,
  columns: [Float64Array.from(values), new Float64Array(values.length).fill(5)],
});

describe.each(learners)('%o', (Learner) => {
  it.each([false, true])('tells by a nominal feature what no threshold would (binary splits: %o)', (binarySplits) => {
    const learner = new Learner({ ...options, binarySplits });
    prequentialLoss(learner, rows);
    const predictions = learner.predict(valuesOf(0, 1, 2));
    expectClose([...predictions], [0, 1, 0], 0.2);
    expect(learner.learnedValues()[0]).toBeGreaterThan(0);
  });

  it('is the same once it was saved and restored, and refuses what was saved for other values', () => {
    const [learner, other] = [new Learner(options), new Learner(options)];
    prequentialLoss(learner, rows);
    other.restore(learner.snapshot());
    prequentialLoss(learner, rows);
    prequentialLoss(other, rows);
    expect(snapshotToText(other.snapshot())).toBe(snapshotToText(learner.snapshot()));
    expect(() => new Learner({ ...options, nominalFeatures: { 0: 5 } }).restore(learner.snapshot())).toThrow(
      StateError,
    );
  });

  it.each([4, -1, 0.5])('refuses the value %d, learning and predicting, and learns nothing of its batch', (value) => {
    const learner = new Learner(options);
    const before = snapshotToText(learner.snapshot());
    const bad = { features: valuesOf(1, value), labels: Float64Array.of(0, 1) };
    expect(() => learner.update(bad)).toThrow(`row 1: feature 0: expected a whole number from 0 to 3, got ${value}`);
    expect(() => learner.predict(bad.features)).toThrow(DataError);
    expect(snapshotToText(learner.snapshot())).toBe(before);
  });

  it.each([{ 2: 3 }, { 0: 1 }, { 0: 2.5 }, { x: 3 }])('refuses the nominal features %o', (refused) => {
    expect(() => new Learner({ numFeatures: 2, nominalFeatures: refused as Record<number, number> })).toThrow(
      UsageError,
    );
  });
});

describe('a value that no row of a leaf had', () => {
  it('is predicted as the leaf was before it split, until the first row', () => {
    const learner = new HoeffdingTreeClassifier({ ...options, leafPrediction: 'mc' });
    prequentialLoss(learner, rows);
    expect([...learner.predict(valuesOf(3))]).toEqual([0]);
    learner.update({ features: valuesOf(3), labels: Float64Array.of(1) });
    expect([...learner.predict(valuesOf(3))]).toEqual([1]);
  });

  it('is predicted as the mean was', () => {
    const learner = new HoeffdingTreeRegressor({ ...options, leafPrediction: 'mean' });
    prequentialLoss(learner, rows.slice(0, 30));
    expect(learner.predict(valuesOf(3))[0]).toBeGreaterThan(0.2);
    expect(learner.predict(valuesOf(3))[0]).toBeLessThan(0.5);
    learner.update({ features: valuesOf(3), labels: Float64Array.of(9) });
    expectClose([learner.predict(valuesOf(3))[0]!], [9], 1e-6);
  });
});

describe('memory', () => {
  it('counts a leaf for each value', () => {
    const many = { numFeatures: 2, nominalFeatures: { 0: 50 }, gracePeriod: 20, delta: 0.1, tau: 0.5 };
    const wide = Array.from({ length: 2000 }, (_, i) => ({ features: [i % 50, i % 7], label: (i % 50) % 2 }));
    const learner = new HoeffdingTreeClassifier({ ...many, maxBytes: 20_000 });
    prequentialLoss(learner, wide);
    const watching = snapshotToText(learner.snapshot()).split('"watched"').length - 1;
    expect(learner.learnedValues()[0]).toBe(1);
    expect(watching).toBeLessThan(10);
  });
});
