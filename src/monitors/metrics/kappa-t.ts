import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Outcomes } from '../../contracts/monitor.ts';
import { classesOf, weightsOf } from './outcome-columns.ts';
import { SumMetric } from './sum-metric.ts';

type Succession = {
  /** Weight of all rows, and of those that were classified rightly. */
  readonly weight: number;
  readonly right: number;
  /** Weight of the rows that another came before, and of those with the label of the one before. */
  readonly followers: number;
  readonly repeats: number;
  /** The first label with its row's weight, and the last label; null before the first. */
  readonly first: number | null;
  readonly firstWeight: number;
  readonly last: number | null;
};

/**
 * Tells how much better the learner does than one that always says the label before: 0 no better, 1 never wrong. For streams
 * in which labels come in runs.
 *
 *     kappaT = (p₀ − p_t) / (1 − p_t)        p₀ accuracy, p_t share of the rows, from the second on, that repeat the label before
 *
 * Undefined (NaN) while every label repeats the one before. Reads `labels` and `predictions`, both classes. Cost: O(n) a batch.
 * Source: Žliobaitė et al., Evaluation Methods and Decision Theory for Classification of Streaming Data with Temporal
 * Dependence, 2015.
 */
export class KappaT extends SumMetric<Succession> {
  readonly name = 'kappaT';
  readonly task = 'classification';

  constructor() {
    super({ weight: 0, right: 0, followers: 0, repeats: 0, first: null, firstWeight: 0, last: null });
  }

  get value(): number {
    const { weight, right, followers, repeats } = this.sums;
    const byRepeating = repeats / followers;
    return (right / weight - byRepeating) / (1 - byRepeating);
  }

  fresh(): KappaT {
    return new KappaT();
  }

  protected plus(outcomes: Outcomes): Succession {
    const labels = classesOf(outcomes, 'labels', this.name);
    const predictions = classesOf(outcomes, 'predictions', this.name);
    const weights = weightsOf(outcomes, this.name);
    let { weight, right, followers, repeats, first, firstWeight, last } = this.sums;
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      const w = weights === undefined ? 1 : weights[i]!;
      weight += w;
      if (label === predictions[i]) right += w;
      if (last === null) {
        first = label;
        firstWeight = w;
      } else {
        followers += w;
        if (label === last) repeats += w;
      }
      last = label;
    }
    return { weight, right, followers, repeats, first, firstWeight, last };
  }

  protected both(a: Succession, b: Succession): Succession {
    if (a.last === null) return b;
    if (b.first === null) return a;
    return {
      weight: a.weight + b.weight,
      right: a.right + b.right,
      followers: a.followers + b.followers + b.firstWeight,
      repeats: a.repeats + b.repeats + (a.last === b.first ? b.firstWeight : 0),
      first: a.first,
      firstWeight: a.firstWeight,
      last: b.last,
    };
  }

  protected scaled(sums: Succession, factor: number): Succession {
    return {
      ...sums,
      weight: sums.weight * factor,
      right: sums.right * factor,
      followers: sums.followers * factor,
      repeats: sums.repeats * factor,
      firstWeight: sums.firstWeight * factor,
    };
  }

  protected fits(saved: SnapshotRecord): saved is Succession {
    const isNumber = (part: string) => typeof saved[part] === 'number';
    const isLabel = (part: string) => saved[part] === null || isNumber(part);
    return (
      ['weight', 'right', 'followers', 'repeats', 'firstWeight'].every(isNumber) && ['first', 'last'].every(isLabel)
    );
  }
}
