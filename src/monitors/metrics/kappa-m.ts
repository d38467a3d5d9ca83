import { sumOf } from '../../numeric/linear.ts';
import { ClassMetric } from './class-counts.ts';

/**
 * Tells how much better the learner does than one that always says the commonest class: 0 no better, 1 never wrong.
 *
 *     kappaM = (p₀ − p_m) / (1 − p_m)        p₀ accuracy, p_m share of the commonest class among the labels
 *
 * Undefined (NaN) while all labels are of one class. Reads `labels` and `predictions`, both classes.
 * Source: Bifet et al., Efficient Online Evaluation of Big Data Stream Classifiers, 2015.
 */
export class KappaM extends ClassMetric {
  readonly name = 'kappaM';

  get value(): number {
    const { right, actual } = this.sums;
    const n = sumOf(actual);
    const commonest = actual.reduce((most, weight) => Math.max(most, weight), 0) / n;
    return (sumOf(right) / n - commonest) / (1 - commonest);
  }

  fresh(): KappaM {
    return new KappaM();
  }
}
