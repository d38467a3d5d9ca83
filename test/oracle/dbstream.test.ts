import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import type { SnapshotRecord } from '../../src/batch/snapshot.ts';
import { DBSTREAM } from '../../src/learners/dbstream.ts';

const RADIUS = 1;
const FADING = 0.05;
const GAP = 8;
const MIN_WEIGHT = 1.5;
const ALPHA = 0.15;

interface Plain {
  centers: number[][];
  weights: number[];
  shared: number[][];
}

const distance = (a: readonly number[], b: readonly number[]) => Math.hypot(...a.map((x, f) => x - b[f]!));

/** The paper's rule, as it is told: all weights fade with every row, and every pair has its share in a matrix. */
function learnPlainly(rows: readonly number[][]): Plain {
  let { centers, weights, shared }: Plain = { centers: [], weights: [], shared: [] };
  for (const [row, x] of rows.entries()) {
    const fade = 2 ** -FADING;
    weights = weights.map((weight) => weight * fade);
    shared = shared.map((line) => line.map((weight) => weight * fade));
    const near = [...centers.keys()].filter((i) => distance(centers[i]!, x) < RADIUS);
    const before = centers.map((center) => [...center]);
    if (near.length === 0) {
      centers.push([...x]);
      weights.push(1);
      shared = [...shared.map((line) => [...line, 0]), centers.map(() => 0)];
    }
    for (const i of near) {
      weights[i]! += 1;
      const h = Math.exp(-(distance(before[i]!, x) ** 2) / (2 * (RADIUS / 3) ** 2));
      centers[i] = before[i]!.map((c, f) => c + h * (x[f]! - c));
    }
    for (const i of near) {
      for (const j of near.filter((each) => each > i)) {
        shared[i]![j]! += 1;
        if (distance(centers[i]!, centers[j]!) < RADIUS) [centers[i], centers[j]] = [before[i]!, before[j]!];
      }
    }
    if ((row + 1) % GAP > 0) continue;
    // A micro-cluster of the last cleanup weighs just as much: the product of so many fades is a little off.
    const weak = 2 ** (-FADING * GAP) * (1 - 1e-12);
    const kept = [...centers.keys()].filter((i) => weights[i]! >= weak);
    centers = kept.map((i) => centers[i]!);
    weights = kept.map((i) => weights[i]!);
    shared = kept.map((i) => kept.map((j) => (shared[i]![j]! >= ALPHA * weak ? shared[i]![j]! : 0)));
  }
  return { centers, weights, shared };
}

/** Joined by walking from micro-cluster to micro-cluster. */
function clustersPlainly({ weights, shared }: Plain): number[] {
  const numbers = weights.map(() => -1);
  let next = 0;
  const walk = (i: number, number: number) => {
    if (numbers[i]! >= 0 || weights[i]! < MIN_WEIGHT) return;
    numbers[i] = number;
    for (const j of weights.keys()) {
      const share = shared[Math.min(i, j)]![Math.max(i, j)]!;
      if (share / ((weights[i]! + weights[j]!) / 2) >= ALPHA) walk(j, number);
    }
  };
  for (const i of weights.keys()) if (numbers[i]! < 0 && weights[i]! >= MIN_WEIGHT) walk(i, next++);
  return numbers;
}

/** By pair, in the order of their indices: what the two share, as of the row `time`. */
function sharedWeights(snapshot: SnapshotRecord, time: number): number[][] {
  const shared = snapshot['shared'] as Float64Array;
  return Array.from({ length: shared.length / 4 }, (_, at) => {
    const [i, j, weight, since] = shared.subarray(4 * at, 4 * at + 4);
    return [i!, j!, weight! * 2 ** (-FADING * (time - since!))];
  }).sort(([a, b], [c, d]) => a! - c! || b! - d!);
}

it('DBSTREAM learns what the paper’s rule gives, step by step, however the rows are cut', () => {
  const coordinate = fc.integer({ min: 0, max: 4000 }).map((x) => x / 1000);
  const rows = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 120, size: 'max' });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 40 }), (given, size) => {
      const learner = new DBSTREAM({
        numFeatures: 2,
        radius: RADIUS,
        fadingFactor: FADING,
        cleanupInterval: GAP,
        minWeight: MIN_WEIGHT,
        intersectionFactor: ALPHA,
      });
      for (let at = 0; at < given.length; at += size) {
        learner.update({ features: toFeatures(given.slice(at, at + size), 2) });
      }
      const plain = learnPlainly(given.map((row) => [...row]));
      const model = learner.microClusters();
      expect(model.map(({ cluster }) => cluster)).toEqual(clustersPlainly(plain));
      const shared = sharedWeights(learner.snapshot(), given.length);
      const plainShared = plain.shared.flatMap((line, i) =>
        line.flatMap((share, j) => (share > 0 ? [[i, j, share]] : [])),
      );
      expect(shared).toHaveLength(plainShared.length);
      for (const [at, [i, j, share]] of plainShared.entries()) {
        expect(shared[at]!.slice(0, 2)).toEqual([i, j]);
        expect(shared[at]![2]).toBeCloseTo(share!, 9);
      }
      for (const [i, { center, weight }] of model.entries()) {
        expect(weight).toBeCloseTo(plain.weights[i]!, 9);
        for (const [f, x] of center.entries()) expect(x).toBeCloseTo(plain.centers[i]![f]!, 9);
      }
    }),
  );
});
