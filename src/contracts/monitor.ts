import type { Stateful } from './stateful.ts';

/** What became of n rows, as columns of n values each. Every column is optional; a metric says which it can't do without. */
export interface Outcomes {
  readonly rows: number;
  /** What was true; where rows are classified, the class: 0, 1, 2 … */
  readonly labels?: Float64Array;
  /** What the learner said. */
  readonly predictions?: Float64Array;
  /** One column for each class: how probable the learner held it. */
  readonly probabilities?: readonly Float64Array[];
  /** Squared distances of the row to the nearest of a clustering's centres and to the second nearest. */
  readonly squaredDistances?: readonly [nearest: Float64Array, second: Float64Array];
  /** How many rows a row counts as, finite and ≥ 0. Absent: each counts as one. */
  readonly weights?: Float64Array;
}

/**
 * How well a learner does, from statistics that are sums over rows. Since sums can be scaled and added, one metric serves whole
 * streams, windows (`windowed`) and fading memories (`fading`).
 *
 * Laws: what is passed in is neither changed nor kept; a refused batch changes nothing; the outcomes of a stream give the same
 * however they are cut into batches; two halves merged are the whole.
 */
export interface Metric extends Stateful {
  /** Its name among the figures of a progress event. */
  readonly name: string;
  /** What kind of learner it is for; from this, an evaluation knows which baselines fit. */
  readonly task: 'classification' | 'regression' | 'clustering';
  /** The figure; NaN while it is undefined, as before the first row. */
  readonly value: number;
  /** Takes in rows, in order. Throws `DataError` for a value that is none, `UsageError` (`wrong-type`) for columns that are. */
  update(outcomes: Outcomes): void;
  /** Lets all rows so far count `factor` times as much as they did, 0 ≤ factor ≤ 1. */
  decay(factor: number): void;
  /** Takes in what another of the same kind has seen, as if it came now. The other stays as it is. */
  merge(later: Metric): void;
  /** A new one of the same parameters that has seen nothing. */
  fresh(): Metric;
}

export type DriftSignal = 'stable' | 'warning' | 'drift';

/** Positions are counted from 0, the first value that the detector ever saw, through every drift and reset. */
export interface DriftPositions {
  readonly warnings: readonly number[];
  readonly drifts: readonly number[];
}

/** Watches one series of numbers, most often a learner's losses, and says when its level has changed. */
export interface DriftDetector extends Stateful {
  /** Takes in one value. Throws `DataError`, changing nothing, for one that it can't take. */
  update(value: number): DriftSignal;
  /** Takes in a column of values, and tells where in the series they gave warning and where they showed drift. */
  updateAll(values: Float64Array): DriftPositions;
  /** Forgets what it has learned of the series, but not where in the series it is. */
  reset(): void;
}
