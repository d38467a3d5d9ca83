import { describe, expect, it } from 'vitest';
import { conceptDriftStream } from '../../../src/sources/generators/concept-drift-stream.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { expectShare, rowsOf, shareOf } from './rows-of.ts';

const isPositive = ({ label }: GeneratedRow) => label === 1;

describe('conceptDriftStream', () => {
  const constant = (label: number): Iterable<GeneratedRow> => ({
    *[Symbol.iterator]() {
      for (;;) yield { features: [], label };
    },
  });

  it('draws from the second stream by the sigmoid of the distance to the position', () => {
    const position = 20_000;
    const width = 20_000;
    const rows = rowsOf(conceptDriftStream({ from: constant(0), to: constant(1), position, width }), 40_000);
    for (const center of [10_000, 15_000, 20_000, 25_000, 30_000]) {
      const block = rows.slice(center - 500, center + 500);
      expectShare(shareOf(block, isPositive), 1 / (1 + Math.exp((-4 * (center - position)) / width)), 1000);
    }
  });

  it('jumps where the width is 1, and is the same each time', () => {
    const stream = conceptDriftStream({ from: constant(0), to: constant(1), position: 100, width: 1 });
    const labels = rowsOf(stream, 200).map(({ label }) => label);
    expect(labels.slice(0, 95)).toEqual(Array.from({ length: 95 }, () => 0));
    expect(labels.slice(105)).toEqual(Array.from({ length: 95 }, () => 1));
    expect(rowsOf(stream, 200).map(({ label }) => label)).toEqual(labels);
  });
});
