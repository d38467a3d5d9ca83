import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleFeatures, assembleLabeled } from '../../src/batch/examples.ts';
import type { LabeledPoint, Vector } from '../../src/batch/vector.ts';
import { linearPredictions } from '../../src/numeric/linear.ts';
import { clusterSums, nearestCenters } from '../../src/numeric/nearest-center.ts';

/** Small whole numbers make ties and equal rows likely; the others are any numbers whose squares are finite. */
const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e100, max: 1e100, noNaN: true }));

/** n rows of d values. */
const matrix = (rows: { min: number; max: number }, d: number) =>
  fc.array(fc.array(value, { minLength: d, maxLength: d }), { minLength: rows.min, maxLength: rows.max });

const clustered = fc.integer({ min: 1, max: 11 }).chain((d) =>
  fc.record({
    d: fc.constant(d),
    rows: fc.oneof(
      matrix({ min: 0, max: 20 }, d),
      // More than a block of the kernels holds, whatever the width.
      matrix({ min: 7, max: 13 }, d).map((rows) => Array.from({ length: 1100 }, (_, i) => rows[i % rows.length]!)),
    ),
    centers: matrix({ min: 1, max: 5 }, d),
  }),
);

function toColumns(rows: readonly (readonly number[])[], d: number): Float64Array[] {
  return Array.from({ length: d }, (_, f) => Float64Array.from(rows, (row) => row[f]!));
}

function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let f = 0; f < a.length; f++) sum += (a[f]! - b[f]!) ** 2;
  return sum;
}

describe('the kernels give what plain loops over rows give, to the bit', () => {
  it('nearestCenters', () => {
    fc.assert(
      fc.property(clustered, ({ d, rows, centers }) => {
        const distances = rows.map((row) => centers.map((center) => squaredDistance(row, center)));
        const labels = distances.map((each) => each.indexOf(Math.min(...each)));
        const cost = distances.reduce((sum, each) => sum + Math.min(...each), 0);
        const assigned = nearestCenters(
          toColumns(rows, d),
          rows.length,
          Float64Array.from(centers.flat()),
          centers.length,
        );
        expect([...assigned.labels]).toEqual(labels);
        expect(assigned.cost).toBe(cost);
      }),
    );
  });

  it('clusterSums, with and without weights', () => {
    const weighted = clustered.chain((given) => {
      const n = given.rows.length;
      const weights = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n, maxLength: n });
      return fc.record({ given: fc.constant(given), weights: fc.option(weights, { nil: undefined }) });
    });
    fc.assert(
      fc.property(weighted, ({ given: { d, rows, centers }, weights }) => {
        const columns = toColumns(rows, d);
        const at = Float64Array.from(centers.flat());
        const k = centers.length;
        const column = weights && Float64Array.from(weights);
        const { labels } = nearestCenters(columns, rows.length, at, k);
        const sums = new Array<number>(k * d).fill(0);
        const counts = new Array<number>(k).fill(0);
        let cost = 0;
        for (const [i, row] of rows.entries()) {
          const label = labels[i]!;
          const weight = weights?.[i] ?? 1;
          counts[label]! += weight;
          cost += weight * squaredDistance(row, centers[label]!);
          for (const [f, x] of row.entries()) sums[label * d + f]! += weight * x;
        }
        const got = clusterSums(columns, rows.length, at, k, column);
        expect([...got.sums]).toEqual(sums);
        expect([...got.counts]).toEqual(counts);
        expect(got.cost).toBe(cost);
        expect(nearestCenters(columns, rows.length, at, k, column)).toEqual({ labels, cost });
      }),
    );
  });

  it('linearPredictions', () => {
    fc.assert(
      fc.property(clustered, value, ({ d, rows, centers: [weights] }, intercept) => {
        const out = new Float64Array(rows.length).fill(Number.NaN);
        linearPredictions(toColumns(rows, d), Float64Array.from(weights!), intercept, out);
        const expected = rows.map((row) => row.reduce((sum, x, f) => sum + weights![f]! * x, intercept));
        expect([...out]).toEqual(expected);
      }),
    );
  });
});

const WIDTH = 3;

const strange = fc.constantFrom<unknown>(Number.NaN, Infinity, -Infinity, '1', null, undefined, true, 1n, {}, [1]);
const values = fc.array(value, { minLength: WIDTH, maxLength: WIDTH });
const badVector: fc.Arbitrary<unknown> = fc.oneof(
  strange,
  fc.array(value, { maxLength: 2 * WIDTH }).filter(({ length }) => length !== WIDTH),
  fc.tuple(value, strange, value),
  fc.constant({ size: WIDTH, indices: [0, 0], values: [1, 1] }),
  fc.constant({ size: WIDTH, indices: [WIDTH], values: [1] }),
  fc.constant({ size: WIDTH, indices: [0, 1], values: [1] }),
  fc.constant({ size: WIDTH, indices: [0], values: [1, 2] }),
  fc.constant({ size: WIDTH + 1, indices: [], values: [] }),
  fc.constant({ size: WIDTH, indices: 'all' }),
);

/** A record, and its row where it is a good one. */
const entry = fc.oneof(
  values.map((row) => ({ record: row as unknown, row })),
  values.map((row) => ({ record: Float64Array.from(row) as unknown, row })),
  values.map((row) => {
    const kept = [...row.keys()].filter((f) => row[f] !== 0);
    const record: unknown = { size: WIDTH, indices: kept, values: kept.map((f) => row[f]!) };
    return { record, row: row.map((x) => (x === 0 ? 0 : x)) };
  }),
  badVector.map((record) => ({ record, row: undefined })),
);

describe('assembling takes every good record, in order, and rejects every other', () => {
  it('assembleFeatures', () => {
    fc.assert(
      fc.property(fc.array(entry), (entries) => {
        const rejected: number[] = [];
        const records = entries.map(({ record }) => record as Vector);
        const { features, positions } = assembleFeatures(records, WIDTH, (position) => void rejected.push(position));
        const good = entries.flatMap(({ row }, i) => (row === undefined ? [] : [{ row, i }]));
        expect(features.rows).toBe(good.length);
        expect(features.columns).toEqual(
          toColumns(
            good.map(({ row }) => row),
            WIDTH,
          ),
        );
        expect([...(positions ?? good.keys())]).toEqual(good.map(({ i }) => i));
        expect(rejected).toEqual([...entries.keys()].filter((i) => entries[i]!.row === undefined));
      }),
    );
  });

  it('assembleLabeled', () => {
    const labeled = fc.tuple(entry, fc.oneof({ arbitrary: value, weight: 3 }, strange));
    fc.assert(
      fc.property(fc.array(fc.option(labeled, { freq: 9 })), (points) => {
        const records = points.map((point) => point && { label: point[1], features: point[0].record });
        const { features, labels, positions } = assembleLabeled(records as LabeledPoint[], WIDTH, () => {});
        const good = points.flatMap((point, i) => {
          if (point === null || !Number.isFinite(point[1]) || point[0].row === undefined) return [];
          return [{ label: point[1] as number, row: point[0].row, i }];
        });
        expect(features.columns).toEqual(
          toColumns(
            good.map(({ row }) => row),
            WIDTH,
          ),
        );
        expect(labels).toEqual(Float64Array.from(good, ({ label }) => label));
        expect([...(positions ?? good.keys())]).toEqual(good.map(({ i }) => i));
      }),
    );
  });
});
