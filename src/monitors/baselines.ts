import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { Metric, Outcomes } from '../contracts/monitor.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { excerpt, StateError } from '../errors.ts';

/** What a baseline says of all rows of a batch alike. */
export type Guess = {
  readonly value: number;
  /** By class, how probable; empty where there are no classes. */
  readonly probabilities: Float64Array;
};

/** A predictor that never looks at the features: what a learner has to beat. */
export interface Baseline extends Stateful {
  readonly name: string;
  guess(numClasses: number): Guess;
  learn(labels: Float64Array, weights?: Float64Array): void;
}

/** The baselines that fit a task: the label before, and the commonest or the mean of all. A clustering has none. */
export function baselinesFor(task: Metric['task']): readonly Baseline[] {
  if (task === 'classification') return [new NoChange(), new Majority()];
  return task === 'regression' ? [new NoChange(), new Mean()] : [];
}

/** A guess as columns, for so many rows. */
export function outcomesOfGuess({ value, probabilities }: Guess, rows: number): Outcomes {
  const column = (number: number) => new Float64Array(rows).fill(number);
  const predictions = column(value);
  if (probabilities.length === 0) return { rows, predictions };
  return { rows, predictions, probabilities: Array.from(probabilities, column) };
}

/** Says the last label; 0 before the first. */
class NoChange implements Baseline {
  readonly name = 'noChange';
  #last: number | null = null;

  guess(numClasses: number): Guess {
    if (this.#last === null) return { value: 0, probabilities: new Float64Array(numClasses).fill(1 / numClasses) };
    const probabilities = new Float64Array(numClasses);
    probabilities[this.#last] = 1;
    return { value: this.#last, probabilities };
  }

  learn(labels: Float64Array): void {
    this.#last = labels.at(-1) ?? this.#last;
  }

  snapshot(): SnapshotRecord {
    return { last: this.#last };
  }

  restore({ last }: SnapshotRecord): void {
    this.#last = last === null ? null : numberOf(last, this.name);
  }
}

/** Says the commonest label so far, the smallest of equals; 0 before the first. */
class Majority implements Baseline {
  readonly name = 'majority';
  /** Weight of each class. */
  #counts = new Float64Array(0);

  guess(numClasses: number): Guess {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    const commonest = this.#counts.indexOf(Math.max(...this.#counts));
    const probabilities = new Float64Array(numClasses).map((_, k) =>
      total > 0 ? (this.#counts[k] ?? 0) / total : 1 / numClasses,
    );
    return { value: Math.max(0, commonest), probabilities };
  }

  learn(labels: Float64Array, weights?: Float64Array): void {
    const classes = labels.reduce((most, label) => Math.max(most, label + 1), this.#counts.length);
    const counts = new Float64Array(classes);
    counts.set(this.#counts);
    for (let i = 0; i < labels.length; i++) counts[labels[i]!] = counts[labels[i]!]! + (weights?.[i] ?? 1);
    this.#counts = counts;
  }

  snapshot(): SnapshotRecord {
    return { counts: this.#counts.slice() };
  }

  restore({ counts }: SnapshotRecord): void {
    if (!(counts instanceof Float64Array)) throw misfit(this.name, counts);
    this.#counts = counts.slice();
  }
}

/** Says the mean of all labels so far; 0 before the first. */
class Mean implements Baseline {
  readonly name = 'mean';
  #weight = 0;
  #mean = 0;

  guess(): Guess {
    return { value: this.#mean, probabilities: new Float64Array(0) };
  }

  learn(labels: Float64Array, weights?: Float64Array): void {
    for (let i = 0; i < labels.length; i++) {
      const weight = weights === undefined ? 1 : weights[i]!;
      if (weight === 0) continue;
      this.#weight += weight;
      this.#mean += (weight / this.#weight) * (labels[i]! - this.#mean);
    }
  }

  snapshot(): SnapshotRecord {
    return { weight: this.#weight, mean: this.#mean };
  }

  restore({ weight, mean }: SnapshotRecord): void {
    const restored = { weight: numberOf(weight, this.name), mean: numberOf(mean, this.name) };
    this.#weight = restored.weight;
    this.#mean = restored.mean;
  }
}

function numberOf(saved: Snapshot | undefined, name: string): number {
  if (typeof saved === 'number') return saved;
  throw misfit(name, saved);
}

function misfit(name: string, saved: unknown): StateError {
  return new StateError('does-not-fit', `baseline ${name}: expected its saved state, got ${excerpt(saved)}`);
}
