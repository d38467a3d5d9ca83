import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import { expectMean, expectShare, rowsOf } from './rows-of.ts';

const { randomTree } = generators;

describe('randomTree', () => {
  it('has uniform features, and one label for the leaf that a row belongs to', () => {
    const rows = rowsOf(randomTree({ seed: 4, features: 3, classes: 100, depth: 1 }), 5000);
    for (const j of [0, 1, 2]) {
      expectMean(rows.reduce((sum, { features }) => sum + features[j]!, 0) / rows.length, 0.5, 1 / 12, rows.length);
    }
    const [low, high] = [...new Set(rows.map(({ label }) => label))];
    const separates = [0, 1, 2].filter((j) => {
      const valuesOf = (wanted: number) =>
        rows.filter(({ label }) => label === wanted).map(({ features }) => features[j]!);
      const [a, b] = [valuesOf(low!), valuesOf(high!)];
      return Math.max(...a) < Math.min(...b) || Math.max(...b) < Math.min(...a);
    });
    expect(separates).toHaveLength(1);
  });

  it('has leaves of uniform labels', () => {
    const labels = Array.from(
      { length: 2000 },
      (_, seed) => rowsOf(randomTree({ seed, depth: 0, classes: 4 }), 1)[0]!.label,
    );
    for (const k of [0, 1, 2, 3])
      expectShare(labels.filter((label) => label === k).length / labels.length, 0.25, labels.length);
  });

  it('refuses options out of range', () => {
    for (const options of [{ features: 0 }, { classes: 0 }, { depth: 21 }, { leafShare: 2 }]) {
      expect(() => rowsOf(randomTree(options), 1)).toThrow(UsageError);
    }
  });
});
