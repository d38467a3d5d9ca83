import { describe, expect, it } from 'vitest';
import { generators } from '../../../src/sources/generators/generators.ts';
import { expectMean, expectShare, rowsOf, shareOf, varianceOf } from './rows-of.ts';

describe('driftingClusters', () => {
  it('has labels of equal chance, each around its own centre', () => {
    const n = 30_000;
    const rows = rowsOf(generators.driftingClusters({ seed: 3, k: 3, deviation: 0.5 }), n);
    for (const label of [0, 1, 2]) {
      const members = rows.filter((row) => row.label === label);
      expectShare(members.length / n, 1 / 3, n);
      for (const j of [0, 1]) {
        const variance = varianceOf(members.map(({ features }) => features[j]!));
        expectMean(variance, 0.25, 2 * 0.25 ** 2, members.length);
      }
    }
  });

  it('draws new centres at the rows that jumpsAt names, and only there', () => {
    const rows = rowsOf(generators.driftingClusters({ seed: 3, k: 1, deviation: 0.001, jumpsAt: [100, 150] }), 200);
    const jumps = rows.flatMap(({ features: [x, y] }, i) => {
      const before = rows[i - 1]?.features ?? [x!, y!];
      return Math.hypot(x! - before[0]!, y! - before[1]!) > 0.1 ? [i] : [];
    });
    expect(jumps).toEqual([100, 150]);
  });

  it('moves each centre by its speed with every row, within the cube', () => {
    const rows = rowsOf(generators.driftingClusters({ k: 1, features: 3, deviation: 0, speed: 0.01 }), 5000);
    const lengths = rows.slice(1).map(({ features }, i) => {
      return Math.hypot(...features.map((x, j) => x - rows[i]!.features[j]!));
    });
    expect(shareOf(lengths, (length) => Math.abs(length - 0.01) < 1e-12)).toBeGreaterThan(0.98);
    expect(lengths.every((length) => length < 0.01 + 1e-12)).toBe(true);
    expect(rows.every(({ features }) => features.every((x) => x >= 0 && x <= 10))).toBe(true);
  });
});
