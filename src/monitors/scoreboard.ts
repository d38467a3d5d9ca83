import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Metric, Outcomes } from '../contracts/monitor.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { StateError, UsageError } from '../errors.ts';
import { baselinesFor, type Guess, outcomesOfGuess } from './baselines.ts';
import { MetricSet } from './metric-set.ts';

/** How a learner and its baselines do, by name of the metric; NaN where a metric is yet undefined. */
export interface EvaluationResults {
  /** Rows whose labels have come. */
  readonly rows: number;
  readonly learner: Readonly<Record<string, number>>;
  /** By name of the baseline: `noChange`, and `majority` or `mean`. */
  readonly baselines: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The metrics of a learner, beside those of the baselines that fit them. */
export class Scoreboard implements Stateful {
  readonly task: Metric['task'];
  readonly #learner: MetricSet;
  readonly #baselines;
  #rows = 0;

  /** `metrics`: at least one, all for one task, each of its own name. Throws `UsageError` (`bad-option`). */
  constructor(metrics: readonly Metric[]) {
    this.task = commonTask(metrics);
    this.#learner = new MetricSet(metrics);
    this.#baselines = baselinesFor(this.task).map((baseline) => ({ baseline, scores: new MetricSet(metrics) }));
  }

  /** What each baseline says of the rows that come next. `numClasses`: 0 where the learner gives no probabilities. */
  guesses(numClasses: number): readonly Guess[] {
    return this.#baselines.map(({ baseline }) => baseline.guess(numClasses));
  }

  /** Takes in how the learner's predictions and the baselines' guesses went; then the baselines learn the labels. */
  update(outcomes: Outcomes, guesses: readonly Guess[]): void {
    const { rows, labels, weights } = outcomes;
    this.#learner.update(outcomes);
    for (const [index, { baseline, scores }] of this.#baselines.entries()) {
      scores.update({ ...outcomes, ...outcomesOfGuess(guesses[index]!, rows) });
      baseline.learn(labels!, weights);
    }
    this.#rows += rows;
  }

  results(): EvaluationResults {
    const baselines = this.#baselines.map(({ baseline, scores }) => [baseline.name, scores.values()]);
    return { rows: this.#rows, learner: this.#learner.values(), baselines: Object.fromEntries(baselines) };
  }

  /** `rows`, the learner's figures, and those of the baselines after their names. */
  metrics(): Readonly<Record<string, number>> {
    const figures: Record<string, number> = { rows: this.#rows, ...this.#learner.metrics() };
    for (const { baseline, scores } of this.#baselines) {
      for (const [name, value] of Object.entries(scores.metrics())) figures[`${baseline.name}.${name}`] = value;
    }
    return figures;
  }

  snapshot(): SnapshotRecord {
    return { rows: this.#rows, parts: this.#parts().map((part) => part.snapshot()) };
  }

  restore({ rows, parts }: SnapshotRecord): void {
    if (typeof rows !== 'number') {
      throw new StateError('does-not-fit', 'scores: expected their saved number of rows, got none');
    }
    restoreAll(this.#parts(), parts, 'scores');
    this.#rows = rows;
  }

  #parts(): readonly Stateful[] {
    return [this.#learner, ...this.#baselines.flatMap(({ baseline, scores }) => [baseline, scores])];
  }
}

/** Restores several states from as many snapshots, all or none. Throws `StateError` (`does-not-fit`), naming `owner`. */
export function restoreAll(parts: readonly Stateful[], saved: unknown, owner: string): void {
  if (!Array.isArray(saved) || saved.length !== parts.length) {
    throw new StateError('does-not-fit', `${owner}: expected ${parts.length} saved parts, got others`);
  }
  const before = parts.map((part) => part.snapshot());
  try {
    for (const [index, part] of parts.entries()) part.restore(saved[index]);
  } catch (error) {
    for (const [index, part] of parts.entries()) part.restore(before[index]!);
    throw error;
  }
}

function commonTask(metrics: readonly Metric[]): Metric['task'] {
  const tasks = [...new Set(metrics.map(({ task }) => task))];
  const names = metrics.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (tasks.length !== 1) throw badOption(`expected metrics for one task, got ${tasks.join(', ') || 'none'}`);
  if (twice !== undefined) throw badOption(`expected each metric once, got ${twice} twice`);
  return tasks[0]!;
}

function badOption(message: string): UsageError {
  return new UsageError('bad-option', `progressiveEvaluation: ${message}`);
}
