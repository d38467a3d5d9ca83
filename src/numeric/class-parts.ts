import type { SplitCriterion } from './split-criterion.ts';

/** Room for the parts that splits would make of a leaf's rows: P parts, each with the weights of K classes. */
export class ClassParts {
  readonly numClasses: number;
  /** Float64Array[P·K], part after part. */
  readonly weights: Float64Array;
  /** Float64Array[P]: what the classes of a part weigh together, and how mixed they are. */
  readonly totals: Float64Array;
  readonly impurities: Float64Array;

  constructor(numParts: number, numClasses: number) {
    this.numClasses = numClasses;
    this.weights = new Float64Array(numParts * numClasses);
    this.totals = new Float64Array(numParts);
    this.impurities = new Float64Array(numParts);
  }

  /** Makes all rows the first part. */
  measureAll(counts: Float64Array, criterion: SplitCriterion): void {
    let total = 0;
    for (let k = 0; k < counts.length; k++) {
      this.weights[k] = counts[k]!;
      total += counts[k]!;
    }
    this.totals[0] = total;
    criterion.writeImpurities(this, 1);
  }
}
