import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Examples, Features } from '../batch/examples.ts';
import { frozenSnapshot } from '../batch/frozen-snapshot.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledPoint } from '../batch/vector.ts';
import type { Learner } from '../contracts/learner.ts';
import type { DriftDetector, Metric, Outcomes } from '../contracts/monitor.ts';
import type { Stateful } from '../contracts/stateful.ts';
import type { DStream } from '../dstream/dstream.ts';
import { WindowBuffer } from '../dstream/window-buffer.ts';
import { excerpt, UsageError } from '../errors.ts';
import type { Guess } from '../monitors/baselines.ts';
import { type EvaluationResults, restoreAll, Scoreboard } from '../monitors/scoreboard.ts';
import { examplesOf, type LearnerRecord, type OnlineLearner } from './online-learner.ts';

/** What a learner says of a batch: columns that metrics read beside the labels. */
export type Answer = Pick<Outcomes, 'predictions' | 'probabilities' | 'squaredDistances'>;

export interface ProgressiveEvaluationOptions<L> {
  /** How long after its row a label comes, a multiple of the batch duration. Default: with the row. */
  readonly labelDelay?: Duration;
  /** The same in batches. */
  readonly labelDelayBatches?: number;
  /** What the learner says of rows; must change nothing. Default: `predict`, and `predictProbabilities` where it has that. */
  readonly answer?: (learner: L, features: Features) => Answer;
  /** Loss of each row, for detectors. Default: 1 for a wrong class, |y − ŷ|, or the squared distance to the nearest centre. */
  readonly loss?: (outcomes: Outcomes) => Float64Array;
  /** Name of its state in the checkpoint. Default `ProgressiveEvaluation`. */
  readonly id?: string;
}

/** A drift, as a reaction to it sees it. */
export interface Drift {
  /** The row that showed it, counted from 0 over all rows whose labels have come. */
  readonly position: number;
  /** Time of the batch under way, milliseconds since 1970. */
  readonly time: number;
  /** Lets the learner forget all that it learned; its version counts on. */
  restart(): void;
}

/** A batch that was predicted, with what the learner and the baselines said of it. Plain data: it may wait in the checkpoint. */
type Question = {
  readonly known: Pick<Outcomes, 'rows' | 'labels' | 'weights'>;
  readonly columns: readonly Float64Array[];
  readonly answer: Answer;
  readonly guesses: readonly Guess[];
};

/**
 * Tests and then trains a learner on a stream: each batch is predicted with the model as it was before, the metrics take in how
 * that went, and then it is learned. Beside the learner go the baselines that fit the metrics: the label before (`noChange`), and the
 * commonest label (`majority`) or the mean of all (`mean`); each says the same of all rows of a batch, from the labels that had come.
 *
 * With a label delay, predictions wait in the checkpoint, and a batch counts and is learned when its labels come: after the
 * prediction of the batch that comes with them. Don't train the learner by `trainOn` as well.
 * The figures are in each progress event, as `<metric>` and `<baseline>.<metric>`, and in `results()`.
 *
 * A learner that needs no labels, such as one that finds anomalies, is measured against labels where the metrics read them: the
 * stream's records then have labels, which the learner does not see.
 *
 * `metrics`: at least one, all for the same task, each of its own name; they are not changed. Throws `UsageError` (`bad-option`).
 * Cost: the learner's, the metrics' three times, O(n) a batch; memory O(d) for each row whose label is to come.
 * Source: Gama, Sebastião and Rodrigues, On Evaluating Stream Learning Algorithms, 2013.
 */
export function progressiveEvaluation<R extends LearnerRecord, L extends OnlineLearner<R>>(
  stream: DStream<R> | DStream<LabeledPoint>,
  learner: L & OnlineLearner<R>,
  metrics: readonly Metric[],
  options: ProgressiveEvaluationOptions<L> = {},
): ProgressiveEvaluation<L> {
  const { id } = options;
  const examples = examplesOf<R>(learner, stream, learner.supervised || needLabels(metrics));
  const evaluation = new ProgressiveEvaluation<L>(learner, metrics, options, delayOf(options, examples.slideDuration));
  const { waiting } = evaluation;
  const waitingId = id === undefined ? undefined : `${id}.waiting`;
  if (waiting !== undefined) stream.context.addState(waitingId, 'ProgressiveEvaluation.waiting', waiting);
  const update = (batch: Batch<Examples>, { time }: { readonly time: number }) =>
    evaluation.update(batch.first(), time);
  examples.updateFromBatches('ProgressiveEvaluation', evaluation, update, id);
  return evaluation;
}

/** What `progressiveEvaluation` gives. */
export class ProgressiveEvaluation<L extends OnlineLearner<never>> implements Stateful {
  readonly learner: L;
  /** The batches whose labels are to come, a part of the checkpoint of its own; undefined where labels come with their rows. */
  readonly waiting: WindowBuffer<Question> | undefined;
  readonly #scores: Scoreboard;
  readonly #answer: (learner: L, features: Features) => Answer;
  readonly #loss: (outcomes: Outcomes) => Float64Array;
  readonly #watches: { readonly detector: DriftDetector; readonly react: (learner: L, drift: Drift) => void }[] = [];
  /** The learner as it was given. */
  readonly #start: SnapshotRecord;

  /** Made by `progressiveEvaluation`. `delayMs`: a multiple of the time between batches. */
  constructor(learner: L, metrics: readonly Metric[], options: ProgressiveEvaluationOptions<L>, delayMs: number) {
    this.learner = learner;
    this.#scores = new Scoreboard(metrics);
    this.#answer = options.answer ?? answerOf;
    this.#loss = options.loss ?? ((outcomes) => lossOf(outcomes, this.#scores.task));
    this.#start = learner.snapshot();
    this.waiting = delayMs > 0 ? new WindowBuffer(delayMs) : undefined;
  }

  /**
   * Feeds the losses to a detector, and calls `react` when they show drift, before the batch with the drift is learned: after
   * `restart` the learner begins anew with that batch, after its `decay`, where it has that, with less of the past. Only what the learner's snapshot holds of what `react` changes survives a
   * crash. A detector of falls, such as `Adwin`, also shows drift where the learner gets better. The detector's figures are in the
   * progress as `drift.<figure>`, those of a second one as `drift-2.<figure>`.
   */
  onDrift(detector: DriftDetector, react: (learner: L, drift: Drift) => void): this {
    this.#watches.push({ detector, react });
    return this;
  }

  /** One batch; `time` is the batch time. */
  update(examples: Examples, time: number): void {
    const question = this.#ask(examples);
    if (this.waiting === undefined) this.#learn(question, time);
    else {
      this.waiting.add(time, Batch.of([frozenSnapshot(question)])); // a copy: columns are lent for one batch
      for (const batch of this.waiting.slideTo(time).left) this.#learn(batch.first(), time);
    }
  }

  results(): EvaluationResults {
    return this.#scores.results();
  }

  metrics(): Readonly<Record<string, number>> {
    const figures: Record<string, number> = { ...this.#scores.metrics() };
    for (const [index, { detector }] of this.#watches.entries()) {
      const prefix = index === 0 ? 'drift' : `drift-${index + 1}`;
      for (const [name, value] of Object.entries(detector.metrics?.() ?? {})) figures[`${prefix}.${name}`] = value;
    }
    return figures;
  }

  snapshot(): SnapshotRecord {
    return { parts: this.#parts().map((part) => part.snapshot()) };
  }

  restore({ parts }: SnapshotRecord): void {
    restoreAll(this.#parts(), parts, 'ProgressiveEvaluation');
  }

  #parts(): readonly Stateful[] {
    return [this.learner, this.#scores, ...this.#watches.map(({ detector }) => detector)];
  }

  #ask({ features, labels, weights }: Examples): Question {
    const { predictions, probabilities, squaredDistances } = this.#answer(this.learner, features);
    return {
      known: { rows: features.rows, ...(labels && { labels }), ...(weights && { weights }) },
      columns: features.columns,
      answer: {
        ...(predictions && { predictions }),
        ...(probabilities && { probabilities }),
        ...(squaredDistances && { squaredDistances }),
      },
      guesses: this.#scores.guesses(probabilities?.length ?? 0),
    };
  }

  /** The labels have come: how the predictions went counts, and then the batch is learned. */
  #learn({ known, columns, answer, guesses }: Question, time: number): void {
    const { rows } = known;
    const outcomes = { ...known, ...answer };
    this.#scores.update(outcomes, guesses);
    if (rows > 0) this.#watch(outcomes, time);
    const { labels: _, ...unlabeled } = known;
    const examples = { ...(this.learner.supervised ? known : unlabeled), features: { rows, columns } };
    this.learner.update(examples);
  }

  #watch(outcomes: Outcomes, time: number): void {
    if (this.#watches.length === 0) return;
    const losses = this.#loss(outcomes);
    const restart = () => this.learner.restore({ ...this.#start, version: this.learner.version });
    for (const { detector, react } of this.#watches) {
      for (const position of detector.updateAll(losses).drifts) react(this.learner, { position, time, restart });
    }
  }
}

function answerOf(learner: Learner, features: Features): Answer {
  const predictions = learner.predict(features);
  const probabilities = learner.predictProbabilities?.(features);
  return probabilities === undefined ? { predictions } : { predictions, probabilities };
}

function lossOf({ labels, predictions, squaredDistances }: Outcomes, task: Metric['task']): Float64Array {
  if (task === 'clustering') return squaredDistances![0];
  if (task === 'regression') return labels!.map((label, i) => Math.abs(label - predictions![i]!));
  return labels!.map((label, i) => (label === predictions![i] ? 0 : 1));
}

/** Clusterings alone are measured without. */
function needLabels(metrics: readonly Metric[]): boolean {
  return metrics.some(({ task }) => task !== 'clustering');
}

/** Milliseconds, a multiple of those between batches. */
function delayOf({ labelDelay, labelDelayBatches = 0 }: ProgressiveEvaluationOptions<never>, slideMs: number): number {
  if (!(Number.isSafeInteger(labelDelayBatches) && labelDelayBatches >= 0)) {
    throw badOption(`expected labelDelayBatches to be a whole number from 0, got ${excerpt(labelDelayBatches)}`);
  }
  if (labelDelay === undefined) return labelDelayBatches * slideMs;
  const delayMs = toMilliseconds(labelDelay, 'labelDelay');
  if (labelDelayBatches > 0) throw badOption('expected labelDelay or labelDelayBatches, got both');
  if (delayMs % slideMs === 0) return delayMs;
  throw badOption(`expected labelDelay to be a multiple of the batch duration ${slideMs} ms, got ${delayMs} ms`);
}

function badOption(message: string): UsageError {
  return new UsageError('bad-option', `progressiveEvaluation: ${message}`);
}
