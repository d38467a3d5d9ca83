import type { Examples, Features } from '../../src/batch/examples.ts';
import type { SnapshotRecord } from '../../src/batch/snapshot.ts';
import type { LabeledPoint } from '../../src/batch/vector.ts';
import { OnlineLearner } from '../../src/learners/online-learner.ts';

/** A scaler and a linear model with an intercept, row by row: scaled, stepped at rate 0.01. Plain, for reference values. */
export abstract class ScaledSGD extends OnlineLearner<LabeledPoint> {
  readonly supervised = true;
  readonly width: number;
  #count = 0;
  #means: Float64Array;
  #variances: Float64Array;
  weights: Float64Array;
  intercept = 0;

  constructor(width: number) {
    super();
    this.width = width;
    this.#means = new Float64Array(width);
    this.#variances = new Float64Array(width);
    this.weights = new Float64Array(width);
  }

  /** ∂loss / ∂(w·z + b) */
  protected abstract slope(margin: number, label: number): number;

  protected margins({ rows, columns }: Features): Float64Array {
    return Float64Array.from({ length: rows }, (_, row) => this.#margin(columns.map((column) => column[row]!)));
  }

  protected learn({ features: { rows, columns }, labels }: Examples): undefined {
    for (let row = 0; row < rows; row++) {
      const x = columns.map((column) => column[row]!);
      this.#count++;
      for (const [j, value] of x.entries()) {
        const apart = value - this.#means[j]!;
        this.#means[j]! += apart / this.#count;
        this.#variances[j]! += (apart * (value - this.#means[j]!) - this.#variances[j]!) / this.#count;
      }
      const slope = this.slope(this.#margin(x), labels![row]!);
      for (const [j, z] of this.#scaled(x).entries()) this.weights[j]! -= 0.01 * (slope * z);
      this.intercept -= 0.01 * slope;
    }
  }

  #scaled(x: readonly number[]): number[] {
    return x.map((value, j) => {
      const variance = this.#variances[j]!;
      return variance > 0 ? (value - this.#means[j]!) / Math.sqrt(variance) : 0;
    });
  }

  #margin(x: readonly number[]): number {
    return this.#scaled(x).reduce((sum, z, j) => sum + z * this.weights[j]!, this.intercept);
  }

  params(): SnapshotRecord {
    return {};
  }

  learnedValues(): Float64Array {
    return Float64Array.of(...this.weights, this.intercept);
  }

  protected learned(): SnapshotRecord {
    const [means, variances, weights] = [this.#means.slice(), this.#variances.slice(), this.weights.slice()];
    return { count: this.#count, means, variances, weights, intercept: this.intercept };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    this.#count = snapshot['count'] as number;
    this.#means = (snapshot['means'] as Float64Array).slice();
    this.#variances = (snapshot['variances'] as Float64Array).slice();
    this.weights = (snapshot['weights'] as Float64Array).slice();
    this.intercept = snapshot['intercept'] as number;
  }
}

/** With squared loss. */
export class ScaledLinear extends ScaledSGD {
  readonly kind = 'ScaledLinear';

  protected slope(margin: number, label: number): number {
    return 2 * (margin - label);
  }

  protected score(features: Features): Float64Array {
    return this.margins(features);
  }
}

/** With logistic loss; class 1 where its probability is above 0.5. */
export class ScaledLogistic extends ScaledSGD {
  readonly kind = 'ScaledLogistic';
  override readonly numClasses = 2;

  protected slope(margin: number, label: number): number {
    return sigmoid(margin) - label;
  }

  protected score(features: Features): Float64Array {
    return this.margins(features).map((margin) => Number(sigmoid(margin) > 0.5));
  }

  predictProbabilities(features: Features): readonly Float64Array[] {
    const ones = this.margins(features).map(sigmoid);
    return [ones.map((p) => 1 - p), ones];
  }
}

function sigmoid(margin: number): number {
  return 1 / (1 + Math.exp(-margin));
}
