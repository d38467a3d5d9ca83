import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabeledPoint } from '../../src/batch/vector.ts';
import { HoeffdingTreeClassifier } from '../../src/learners/trees/hoeffding-tree-classifier.ts';
import { addToBins, BinnedSplits, newBinnedTargets, targetsBeside } from '../../src/numeric/binned-targets.ts';
import { addLogLikelihoods, addToMoments } from '../../src/numeric/class-moments.ts';
import { normal } from '../../src/numeric/distributions/normal.ts';
import { BestSplit } from '../../src/numeric/feature-split.ts';
import { replaceByNormalBelow } from '../../src/numeric/normal-below.ts';
import { SortedWindow } from '../../src/numeric/sorted-window.ts';
import { randomTree } from '../../src/sources/generators/random-tree.ts';
import { teach } from '../learners/teach.ts';
import { expectNear } from '../reference/expect-close.ts';
import { rowsOf } from '../sources/generators/rows-of.ts';
import { PlainHoeffdingTree } from './plain-hoeffding-tree.ts';

/** Quarters, so that no bin's bounds are rounded. */
const quarter = fc.integer({ min: -4000, max: 4000 }).map((each) => each / 4);
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true }));

describe('a Hoeffding tree', () => {
  it('predicts and splits as a plain one that keeps all rows', () => {
    const options = { numClasses: 3, gracePeriod: 50, delta: 0.05, tau: 0.1 };
    const tree = new HoeffdingTreeClassifier({ numFeatures: 4, ...options });
    const plain = new PlainHoeffdingTree(options);
    for (const { features, label } of rowsOf(randomTree({ seed: 3, features: 4, classes: 3, depth: 3 }), 1500)) {
      const wrong = plain.learn({ x: features, label }) === label ? 0 : 1;
      expect(teach(tree, [LabeledPoint(label, features)])).toBe(wrong);
    }
    expect(plain.leaves).toBeGreaterThan(4);
    expect(tree.learnedValues().reduce((sum, splits) => sum + splits)).toBe(plain.leaves - 1);
  });
});

describe('the kernels of trees', () => {
  it('replaceByNormalBelow writes the distribution function of the standard normal', () => {
    const zs = Float64Array.from({ length: 1281 }, (_, i) => i / 16 - 40);
    const below = zs.slice();
    replaceByNormalBelow(below, zs.length);
    for (const [i, z] of zs.entries()) expect(Math.abs(below[i]! - normal.cdf(z))).toBeLessThan(1e-14);
    const ends = Float64Array.of(Number.NEGATIVE_INFINITY, 0, Number.POSITIVE_INFINITY, 7);
    replaceByNormalBelow(ends, 3);
    expect([...ends]).toEqual([0, 0.5, 1, 7]);
  });

  it('addLogLikelihoods adds the sum of the logarithms of the densities, also of many features', () => {
    const rows = fc.array(
      fc.array(fc.double({ min: -1e30, max: 1e30, noNaN: true }), { minLength: 40, maxLength: 40 }),
      {
        minLength: 3,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(rows, (rows) => {
        const features = Int32Array.from({ length: 40 }, (_, j) => j);
        const moments = new Float64Array(2 * 40 * 4);
        const counts = new Float64Array(2);
        for (const row of rows) {
          counts[1]!++;
          addToMoments(moments, features, counts, { x: Float64Array.from(row), label: 1, weight: 1 });
        }
        const x = Float64Array.from(rows[0]!);
        let expected = 0;
        for (let j = 0; j < 40; j++) {
          const column = rows.map((row) => row[j]!);
          const mean = column.reduce((sum, each) => sum + each, 0) / rows.length;
          const variance = column.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (rows.length - 1);
          // Where a difference is lost in rounding, or its square is, one sum is as good as the other.
          fc.pre(variance > 1e-6 * mean * mean && variance > 1e-200);
          expected -= (Math.log(2 * Math.PI * variance) + (x[j]! - mean) ** 2 / variance) / 2;
        }
        const logs = Float64Array.of(-5, 0);
        addLogLikelihoods(moments, features, counts, x, logs);
        expect(logs[0]).toBe(-5);
        expectNear([logs[1]!], [expected], 1e-9);
      }),
    );
  });

  it('the split of a regression tree parts rows as its threshold does, and takes off as much variance as it says', () => {
    const rows = fc.array(fc.record({ x: quarter, y: fc.integer({ min: -5, max: 5 }) }), {
      minLength: 2,
      maxLength: 80,
    });
    fc.assert(
      fc.property(rows, (rows) => {
        const bins = binsOf(rows);
        const split = bestSplitOf(bins, 1);
        if (split.position < 0) return;
        const { threshold, gain } = split;
        const [below, above] = targetsBeside(bins, split);
        const parts = [rows.filter(({ x }) => x <= threshold), rows.filter(({ x }) => x > threshold)];
        expect([below.weight, above.weight]).toEqual(parts.map((part) => part.length));
        const variance = (part: typeof rows) => {
          const mean = part.reduce((sum, { y }) => sum + y, 0) / part.length;
          return part.reduce((sum, { y }) => sum + (y - mean) ** 2, 0) / part.length;
        };
        const rest = parts.reduce((sum, part) => sum + (part.length / rows.length) * variance(part), 0);
        expectNear([gain], [variance(rows) - rest], 1e-9);
      }),
    );
  });

  it('finds the best of all thresholds where there are no more values than bins', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ x: i % 8, y: i % 8 < 5 ? 1 : 4 + (i % 3) }));
    const { threshold } = bestSplitOf(binsOf(rows), 5);
    expect(threshold).toBeGreaterThanOrEqual(4);
    expect(threshold).toBeLessThan(5);
  });

  it('a sorted window has the median and the median distance of the rows in it', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (values, size) => {
        const slots = new Float64Array(size);
        const total = new Float64Array(1);
        const window = new SortedWindow(slots, new Float64Array(size).fill(1), total);
        for (const [i, each] of values.entries()) {
          if (i >= size) window.remove(i % size);
          slots[i % size] = each;
          window.insert(i % size);
        }
        const kept = values.slice(-size);
        total[0] = kept.length;
        window.measure();
        const { median, deviation } = window;
        expect(median + 0).toBe(medianOf(kept) + 0); // −0 stands in no order beside 0
        const distances = kept.map((each) => Math.abs(each - median));
        const mean = distances.reduce((sum, each) => sum + each) / kept.length;
        const expected = 1.4826022185056018 * medianOf(distances) || Math.sqrt(Math.PI / 2) * mean;
        expectNear([deviation], [Math.max(expected, 1e-9 * Math.max(1, Math.abs(median)))], 1e-12);
      }),
    );
  });
});

function binsOf(rows: readonly { readonly x: number; readonly y: number }[]): Float64Array {
  const bins = newBinnedTargets(1);
  for (const [i, { x, y }] of rows.entries())
    addToBins(bins, Int32Array.of(0), { x: Float64Array.of(x), label: y, weight: 1 }, i === 0);
  return bins;
}

function bestSplitOf(bins: Float64Array, minWeight: number): BestSplit {
  const best = new BestSplit();
  new BinnedSplits(minWeight).offerTo(best, bins);
  return best;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
