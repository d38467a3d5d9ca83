import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { DataError } from '../../errors.ts';
import { numbersOf, weightsOf } from './outcome-columns.ts';
import { SumMetric } from './sum-metric.ts';

/** Σ w, the mean of the labels, Σ w · (y − mean)² and Σ w · (y − ŷ)². */
type Spread = {
  readonly weight: number;
  readonly mean: number;
  readonly around: number;
  readonly missed: number;
};

/**
 * Tells which share of the labels' variance the predictions explain: 1 all of it, 0 no more than the labels' own mean does,
 * below 0 less than that.
 *
 *     r2 = 1 − Σ w · (y − ŷ)² / Σ w · (y − ȳ)²
 *
 * Undefined (NaN) while all labels are equal. Reads `labels` and `predictions`. Cost: O(n) a batch. Sums around the mean after
 * Chan, Golub and LeVeque, Updating Formulae, 1979.
 */
export class R2 extends SumMetric<Spread> {
  readonly name = 'r2';
  readonly task = 'regression';

  constructor() {
    super({ weight: 0, mean: 0, around: 0, missed: 0 });
  }

  get value(): number {
    const { around, missed } = this.sums;
    return around > 0 ? 1 - missed / around : Number.NaN;
  }

  fresh(): R2 {
    return new R2();
  }

  protected plus(outcomes: Outcomes): Spread {
    const labels = numbersOf(outcomes, 'labels', this.name);
    const predictions = numbersOf(outcomes, 'predictions', this.name);
    const weights = weightsOf(outcomes, this.name);
    let { weight, mean, around, missed } = this.sums;
    for (let i = 0; i < labels.length; i++) {
      const w = weights === undefined ? 1 : weights[i]!;
      if (w === 0) continue;
      const apart = labels[i]! - mean;
      weight += w;
      mean += (w / weight) * apart;
      around += w * apart * (labels[i]! - mean);
      missed += w * (labels[i]! - predictions[i]!) ** 2;
    }
    if (!(Number.isFinite(around) && Number.isFinite(missed))) {
      throw new DataError('not-finite', `${this.name}: the sum of squares would leave the finite numbers`);
    }
    return { weight, mean, around, missed };
  }

  protected both(a: Spread, b: Spread): Spread {
    const weight = a.weight + b.weight;
    if (weight === 0) return a;
    const apart = b.mean - a.mean;
    return {
      weight,
      mean: a.mean + (b.weight / weight) * apart,
      around: a.around + b.around + ((a.weight * b.weight) / weight) * apart * apart,
      missed: a.missed + b.missed,
    };
  }

  protected scaled({ weight, mean, around, missed }: Spread, factor: number): Spread {
    return { weight: weight * factor, mean, around: around * factor, missed: missed * factor };
  }

  protected fits(saved: SnapshotRecord): saved is Spread {
    return ['weight', 'mean', 'around', 'missed'].every((part) => typeof saved[part] === 'number');
  }
}
