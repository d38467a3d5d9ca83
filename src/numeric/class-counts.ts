/** How often classes were right and were predicted, by weight. Figures whose denominator is 0 are 0. */
export class ClassCounts {
  readonly #right = new Map<number, number>();
  readonly #labelled = new Map<number, number>();
  readonly #predicted = new Map<number, number>();
  #total = 0;

  constructor(predictions: Float64Array, labels: Float64Array, weights?: Float64Array) {
    const add = (to: Map<number, number>, key: number, weight: number) => to.set(key, (to.get(key) ?? 0) + weight);
    for (let i = 0; i < labels.length; i++) {
      const weight = weights?.[i] ?? 1;
      add(this.#labelled, labels[i]!, weight);
      add(this.#predicted, predictions[i]!, weight);
      if (predictions[i] === labels[i]) add(this.#right, labels[i]!, weight);
      this.#total += weight;
    }
  }

  get accuracy(): number {
    let right = 0;
    for (const weight of this.#right.values()) right += weight;
    return share(right, this.#total);
  }

  precision(label: number): number {
    return share(this.#right.get(label) ?? 0, this.#predicted.get(label) ?? 0);
  }

  recall(label: number): number {
    return share(this.#right.get(label) ?? 0, this.#labelled.get(label) ?? 0);
  }

  /** Of the rows of other classes, the share for which this one was predicted. */
  falsePositiveRate(label: number): number {
    const wrong = (this.#predicted.get(label) ?? 0) - (this.#right.get(label) ?? 0);
    return share(wrong, this.#total - (this.#labelled.get(label) ?? 0));
  }

  /** (1 + β²) · precision · recall / (β² · precision + recall). */
  fMeasure(label: number, beta: number): number {
    const [precision, recall] = [this.precision(label), this.recall(label)];
    return share((1 + beta ** 2) * precision * recall, beta ** 2 * precision + recall);
  }

  /** The mean over the classes that occur, each by its weight. */
  weighted(of: (label: number) => number): number {
    let sum = 0;
    for (const [label, weight] of this.#labelled) sum += weight * of(label);
    return share(sum, this.#total);
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
