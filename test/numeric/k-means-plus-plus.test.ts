import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../src/host/random.ts';
import { plusPlusCenters } from '../../src/numeric/k-means-plus-plus.ts';

const columnsOf = (rows: readonly (readonly number[])[]) =>
  [0, 1].map((f) => Float64Array.from(rows, (row) => row[f]!));

function chosen(rows: readonly (readonly number[])[], k: number, seed: number, weights?: Float64Array): number[][] {
  const random = seededRandom(seed);
  const centers = plusPlusCenters(columnsOf(rows), weights, k, () => random.next());
  return Array.from({ length: k }, (_, j) => [...centers.slice(2 * j, 2 * j + 2)]);
}

const coordinate = fc.integer({ min: -3, max: 3 });
const rowsOf = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 });

it('chooses rows, and as many different ones as there are', () => {
  fc.assert(
    fc.property(rowsOf, fc.integer({ min: 1, max: 8 }), fc.nat(), (rows, k, seed) => {
      const centers = chosen(rows, k, seed).map(String);
      const all = new Set(rows.map(String));
      expect(centers.every((center) => all.has(center))).toBe(true);
      expect(new Set(centers).size).toBe(Math.min(k, all.size));
    }),
  );
});

it('never chooses a row of weight 0', () => {
  fc.assert(
    fc.property(rowsOf, fc.nat(), (rows, seed) => {
      const doubled = [...rows.map(([x, y]) => [x + 100, y]), ...rows];
      const weights = Float64Array.from(doubled, (_, i) => (i < rows.length ? 0 : 1));
      for (const [x] of chosen(doubled, 3, seed, weights)) expect(x).toBeLessThan(50);
    }),
  );
});

it('chooses by weight first, and then by weight times squared distance', () => {
  const rows = [
    [0, 0],
    [1, 0],
    [3, 0],
  ];
  const weights = Float64Array.of(1, 2, 1);
  const counts = new Map<string, number>();
  const draws = 20_000;
  for (let seed = 0; seed < draws; seed++) {
    const pair = chosen(rows, 2, seed, weights)
      .map(([x]) => x)
      .join(' then ');
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const chances = {
    '0 then 1': (1 / 4) * (2 / 11),
    '0 then 3': (1 / 4) * (9 / 11),
    '1 then 0': (1 / 2) * (1 / 5),
    '1 then 3': (1 / 2) * (4 / 5),
    '3 then 0': (1 / 4) * (9 / 17),
    '3 then 1': (1 / 4) * (8 / 17),
  };
  for (const [pair, chance] of Object.entries(chances)) {
    const deviation = Math.sqrt((chance * (1 - chance)) / draws);
    expect(Math.abs(counts.get(pair)! / draws - chance), pair).toBeLessThan(5 * deviation);
  }
});
