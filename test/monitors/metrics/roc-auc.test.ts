import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../../src/batch/snapshot.ts';
import { StateError } from '../../../src/errors.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { RocAuc } from '../../../src/monitors/metrics/roc-auc.ts';

function rocAucOf(labels: readonly number[], scores: readonly number[]): RocAuc {
  const metric = new RocAuc();
  const probability = Float64Array.from(scores);
  const probabilities = [probability.map((p) => 1 - p), probability];
  metric.update({ rows: labels.length, labels: Float64Array.from(labels), probabilities });
  return metric;
}

/** Over all pairs: the share in which the row of class 1 has the higher score, ties counting half. */
function exactAuc(labels: readonly number[], scores: readonly number[]): number {
  const of = (label: number) => scores.filter((_, i) => labels[i] === label);
  const [positives, negatives] = [of(1), of(0)];
  const won = positives.flatMap((p) => negatives.map((n) => (p > n ? 1 : p === n ? 0.5 : 0)));
  return won.reduce((sum: number, share) => sum + share, 0) / won.length;
}

describe('RocAuc', () => {
  it('is within its error bound of the exact value', () => {
    const row = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.double({ min: 0, max: 1, noNaN: true }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), (rows) => {
        const labels = rows.map(([label]) => label);
        fc.pre(labels.includes(0) && labels.includes(1));
        const scores = rows.map(([, score]) => score);
        const metric = rocAucOf(labels, scores);
        expect(Math.abs(metric.value - exactAuc(labels, scores))).toBeLessThanOrEqual(metric.errorBound + 1e-12);
      }),
    );
  });

  it('is bounded to less than a thousandth on scores as a model gives them, rare classes and extreme odds included', () => {
    for (const [share, spread] of [
      [0.5, 1],
      [0.01, 1],
      [0.3, 3],
    ] as const) {
      // biome-ignore format: one line
      const random = seededRandom(1);
      const labels = Array.from({ length: 3000 }, () => Number(random.next() < share));
      const scores = labels.map((label) => 1 / (1 + Math.exp(-spread * (2 * label - 1 + 2 * nextNormal(random)))));
      const metric = rocAucOf(labels, scores);
      expect(metric.errorBound).toBeLessThan(0.003);
      expect(Math.abs(metric.value - exactAuc(labels, scores))).toBeLessThan(0.001);
    }
  });

  it('takes probabilities of exactly 0 and 1', () => {
    expect(rocAucOf([0, 1, 1], [0, 1, 0.5]).value).toBe(1);
    expect(rocAucOf([1, 0, 0], [0, 1, 0]).value).toBe(0.25);
  });

  it('is undefined until both classes have come', () => {
    expect(rocAucOf([1, 1], [0.2, 0.4]).value).toBeNaN();
    expect(rocAucOf([0], [0.2]).metrics()).toEqual({});
  });

  it('saves only what it has seen, and goes on from what it saved', () => {
    const metric = rocAucOf([0, 1, 1, 0], [0.1, 0.9, 0.4, 0.4]);
    const snapshot = metric.snapshot();
    expect(snapshotToText(snapshot).length).toBeLessThan(300);
    const restored = new RocAuc();
    restored.restore(snapshot);
    expect([restored.value, restored.snapshot()]).toEqual([metric.value, snapshot]);
  });

  it('goes on from all 2,048 bins, as they were saved at first, and from nothing else', () => {
    const [positives, negatives] = [new Float64Array(2048), new Float64Array(2048)];
    [positives[1500], positives[900], negatives[900]] = [3, 1, 2];
    const metric = new RocAuc();
    metric.restore({ positives, negatives });
    expect(metric.value).toBe((3 + 1 / 2) / 4);
    const before = metric.snapshot();
    const one = Float64Array.of(1);
    for (const bins of [Float64Array.of(-1), Float64Array.of(2048), Float64Array.of(0.5), Float64Array.of(1, 2)]) {
      expect(() => metric.restore({ bins, positives: one, negatives: one })).toThrow(StateError);
    }
    expect(metric.snapshot()).toEqual(before);
  });
});
