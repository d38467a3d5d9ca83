import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { classesOf, weightsOf } from './outcome-columns.ts';
import { SumMetric } from './sum-metric.ts';

/** By class, Float64Array[k]: the weight of the rows that were right, that were of the class, and that were said to be. */
export type ClassCounts = {
  readonly right: Float64Array;
  readonly actual: Float64Array;
  readonly predicted: Float64Array;
};

const PARTS = ['right', 'actual', 'predicted'] as const;

/**
 * A metric that is a function of how often each class came, was said, and was said rightly. All classes up to the largest seen
 * are counted. Cost: O(n + k) a batch, memory O(k).
 */
export abstract class ClassMetric extends SumMetric<ClassCounts> {
  readonly task = 'classification';

  constructor() {
    super({ right: new Float64Array(0), actual: new Float64Array(0), predicted: new Float64Array(0) });
  }

  protected plus(outcomes: Outcomes): ClassCounts {
    const labels = classesOf(outcomes, 'labels', this.name);
    const predictions = classesOf(outcomes, 'predictions', this.name);
    const weights = weightsOf(outcomes, this.name);
    let k = this.sums.actual.length;
    for (let i = 0; i < labels.length; i++) k = Math.max(k, labels[i]! + 1, predictions[i]! + 1);
    const counts = widened(this.sums, k);
    const { right, actual, predicted } = counts;
    for (let i = 0; i < labels.length; i++) {
      const w = weights === undefined ? 1 : weights[i]!;
      const label = labels[i]!;
      const prediction = predictions[i]!;
      actual[label] = actual[label]! + w;
      predicted[prediction] = predicted[prediction]! + w;
      if (label === prediction) right[label] = right[label]! + w;
    }
    return counts;
  }

  protected both(a: ClassCounts, b: ClassCounts): ClassCounts {
    const sums = widened(a, Math.max(a.actual.length, b.actual.length));
    for (const part of PARTS) for (let k = 0; k < b[part].length; k++) sums[part][k]! += b[part][k]!;
    return sums;
  }

  protected scaled({ right, actual, predicted }: ClassCounts, factor: number): ClassCounts {
    const scale = (weight: number) => weight * factor;
    return { right: right.map(scale), actual: actual.map(scale), predicted: predicted.map(scale) };
  }

  protected fits(saved: SnapshotRecord): saved is ClassCounts {
    const { right, actual, predicted } = saved;
    const k = actual instanceof Float64Array ? actual.length : -1;
    return [right, predicted].every((part) => part instanceof Float64Array && part.length === k);
  }
}

/** A copy with room for `k` classes. */
function widened(counts: ClassCounts, k: number): ClassCounts {
  const widen = (column: Float64Array) => {
    const wider = new Float64Array(k);
    wider.set(column);
    return wider;
  };
  return { right: widen(counts.right), actual: widen(counts.actual), predicted: widen(counts.predicted) };
}
