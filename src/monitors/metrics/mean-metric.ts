import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { DataError } from '../../errors.ts';
import { weightsOf } from './outcome-columns.ts';
import { SumMetric } from './sum-metric.ts';

/** Σ w · loss and Σ w. */
type WeightedSum = { readonly sum: number; readonly weight: number };

/** A metric that is the weighted mean of a loss a row, or a function of it. */
export abstract class MeanMetric extends SumMetric<WeightedSum> {
  constructor() {
    super({ sum: 0, weight: 0 });
  }

  /** The loss of each row, a column that is the caller's to keep; throws where the rows can't be taken. */
  protected abstract lossesOf(outcomes: Outcomes): Float64Array;

  /** The figure from the mean loss. */
  protected finish(mean: number): number {
    return mean;
  }

  get value(): number {
    return this.finish(this.sums.sum / this.sums.weight);
  }

  protected plus(outcomes: Outcomes): WeightedSum {
    const weights = weightsOf(outcomes, this.name);
    const losses = this.lossesOf(outcomes);
    let { sum, weight } = this.sums;
    for (let i = 0; i < losses.length; i++) {
      const w = weights === undefined ? 1 : weights[i]!;
      sum += w * losses[i]!;
      weight += w;
    }
    if (sum - sum !== 0) throw new DataError('not-finite', `${this.name}: the sum would leave the finite numbers`);
    return { sum, weight };
  }

  protected both(a: WeightedSum, b: WeightedSum): WeightedSum {
    return { sum: a.sum + b.sum, weight: a.weight + b.weight };
  }

  protected scaled({ sum, weight }: WeightedSum, factor: number): WeightedSum {
    return { sum: sum * factor, weight: weight * factor };
  }

  protected fits(saved: SnapshotRecord): saved is WeightedSum {
    return typeof saved['sum'] === 'number' && typeof saved['weight'] === 'number';
  }
}
