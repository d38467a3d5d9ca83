/** How a split tells rows apart: at most a threshold or above it, one nominal value or another, or each nominal value by itself. */
export type SplitKind = 'threshold' | 'value' | 'values';

/** A split of a leaf's rows by one feature. An object that searches write over, so that they allocate nothing. */
export class FeatureSplit {
  kind: SplitKind = 'threshold';
  /** Position of the feature among those of its kind, numeric or nominal, that are watched. */
  position = -1;
  /** Rows at or below it are one part; of the kind `value`, rows that have it. */
  threshold = 0;
  /** Which of the thresholds that were tried it is. */
  index = 0;
  /** By how much impurity or variance falls. */
  gain = Number.NEGATIVE_INFINITY;
}

/** The best of the splits that were offered since `begin`, one for each feature, and how good the next best is. */
export class BestSplit extends FeatureSplit {
  /** The gain of the next best, at least 0. */
  second = 0;

  begin(): void {
    this.position = -1;
    this.gain = Number.NEGATIVE_INFINITY;
    this.second = 0;
  }

  /** Takes in the best split of a feature; of equal ones the first is kept. */
  offer(split: FeatureSplit): void {
    if (split.gain > this.gain) {
      this.second = Math.max(0, this.gain);
      this.kind = split.kind;
      this.position = split.position;
      this.threshold = split.threshold;
      this.index = split.index;
      this.gain = split.gain;
    } else this.second = Math.max(this.second, split.gain);
  }

  /** Whether there is one that gains anything. */
  get exists(): boolean {
    return this.gain > 0;
  }
}
