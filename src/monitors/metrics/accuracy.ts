import { sumOf } from '../../numeric/linear.ts';
import { ClassMetric } from './class-counts.ts';

/**
 * Tells which share of the rows was classified rightly. Where classes are unequally frequent, look at `Kappa`, `KappaM` or `F1`
 * as well; where a label tends to repeat the one before, at `KappaT`.
 *
 * Reads `labels` and `predictions`, both classes.
 */
export class Accuracy extends ClassMetric {
  readonly name = 'accuracy';

  get value(): number {
    return sumOf(this.sums.right) / sumOf(this.sums.actual);
  }

  fresh(): Accuracy {
    return new Accuracy();
  }
}
