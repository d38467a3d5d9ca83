import { describe, expect, it } from 'vitest';
import { generators } from '../../../src/sources/generators/generators.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { expectMean, expectShare, rowsOf, shareOf, varianceOf } from './rows-of.ts';

describe('waveform', () => {
  it('lets the best classifier be right at a share of 0.867', () => {
    const triangle = (peak: number) => Array.from({ length: 21 }, (_, i) => Math.max(0, 6 - Math.abs(i - peak)));
    const [h1, h2, h3] = [triangle(6), triangle(14), triangle(10)];
    const pairs = [
      [h1, h2],
      [h1, h3],
      [h2, h3],
    ] as const;
    const steps = 40;
    /** The likelihood of a wave under a class, but for a constant: the mean over u of exp(−‖x − mixture‖²/2). */
    const likelihood = (x: readonly number[], [a, b]: readonly (readonly number[])[]) => {
      let sum = 0;
      for (let step = 0; step < steps; step++) {
        const u = (step + 0.5) / steps;
        let squares = 0;
        for (let i = 0; i < 21; i++) squares += (x[i]! - u * a![i]! - (1 - u) * b![i]!) ** 2;
        sum += Math.exp(-squares / 2);
      }
      return sum;
    };
    const rows = rowsOf(generators.waveform(), 10_000);
    const best = ({ features }: GeneratedRow) => {
      const likelihoods = pairs.map((pair) => likelihood(features, pair));
      return likelihoods.indexOf(Math.max(...likelihoods));
    };
    expectShare(
      shareOf(rows, (row) => best(row) === row.label),
      0.867,
      rows.length,
      2e-3,
    );
  });

  it('adds noise features of variance 1', () => {
    const rows = rowsOf(generators.waveform({ noiseFeatures: 19 }), 10_000);
    expect(rows[0]!.features).toHaveLength(40);
    const last = rows.map(({ features }) => features[39]!);
    expectMean(varianceOf(last), 1, 2, rows.length);
  });
});
