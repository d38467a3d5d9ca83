import { mean } from 'simple-statistics';
import type { Examples } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Stateful } from '../contracts/stateful.ts';
import type { DStream } from '../dstream/dstream.ts';
import { atPlace, MillraceError, UsageError } from '../errors.ts';
import { BoundedSeries } from '../monitors/bounded-series.ts';
import { changePoints } from '../monitors/change-points.ts';
import { LossDifferences } from '../monitors/loss-differences.ts';
import { distanceBetween, dot, sumOf } from '../numeric/linear.ts';
import { examplesOf, type LearnerRecord, type OnlineLearner } from './online-learner.ts';

export interface ComparisonOptions {
  /** Points kept of each series before neighbours merge. Default 512. */
  readonly maxPoints?: number;
}

/** How one candidate did. */
export interface CandidateSummary {
  readonly name: string;
  /** Mean prequential loss a row: of each batch before it was learned. */
  readonly meanCost: number;
  /** Whether it surely loses more than the best, and not for bad luck: `LossDifferences`. */
  readonly surelyWorse: boolean;
  /** Mean number of batches after a change that cost over 10 % more than the best candidate's; NaN without a change. */
  readonly adaptationBatches: number;
  /** The same after each of the changes by itself, in their order. */
  readonly adaptations: readonly number[];
  /** Mean distance that the learned values move a batch once they have settled, in the units of the features. */
  readonly oscillation: number;
}

export interface ComparisonSummary {
  /** Best mean cost first. */
  readonly candidates: readonly CandidateSummary[];
  /** Where the stream changed: batches with rows, counted from 0. */
  readonly changes: readonly number[];
}

/** One candidate over time, a value a point. */
export interface CandidateSeries {
  readonly name: string;
  readonly cost: Float64Array;
  readonly movement: Float64Array;
}

export interface ComparisonSeries {
  /** The first batch of each point. */
  readonly batch: Float64Array;
  readonly candidates: readonly CandidateSeries[];
}

/** A candidate has adapted when its cost, over three points, is within this share of the best candidate's. */
const ADAPTED_WITHIN = 0.1;
const SMOOTHED_POINTS = 3;

/**
 * Trains several learners side by side on one pass over the stream, to see which setting suits it: most often one learner
 * with several decay factors. All see the same rows, each batch first as a test and then for training.
 *
 * The cost is each learner's own loss. A change is where the means of the features change level (`changePoints`), or with labels
 * those of the label or of a feature times the label, in which a changed relation shows; unless the caller knows better. A
 * stretch between changes counts as settled in its second half.
 * Cost: the learners' own, and O(d) a batch.
 */
export class LearnerComparison<R extends LearnerRecord> implements Stateful {
  readonly #candidates: readonly (readonly [name: string, learner: OnlineLearner<R>])[];
  readonly #series: BoundedSeries;
  /** Of the stream, in the series before those of the candidates: the figures in which a change shows. */
  readonly #levels: number;
  /** By candidate: sum of the losses of all rows. */
  readonly #lossSums: Float64Array;
  #rows = 0;
  readonly #differences: LossDifferences;
  #id: string | undefined;

  /** `candidates`: the learners by the names that they have in tables and plots; all of one width. */
  constructor(candidates: Readonly<Record<string, OnlineLearner<R>>>, options: ComparisonOptions = {}) {
    this.#candidates = Object.entries(candidates);
    const widths = new Set(this.#candidates.map(([, learner]) => learner.width));
    if (widths.size !== 1) {
      throw new UsageError('bad-option', `comparison: expected candidates of one width, got ${[...widths].join(', ')}`);
    }
    const [width] = [...widths];
    this.#levels = this.#candidates[0]![1].supervised ? 2 * width! + 1 : width!;
    this.#lossSums = new Float64Array(this.#candidates.length);
    this.#differences = new LossDifferences(this.#candidates.length);
    this.#series = new BoundedSeries(this.#levels + 2 * this.#candidates.length, options.maxPoints);
  }

  /** Names the comparison's state in the checkpoint. Default `LearnerComparison`. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  /** Tests and then trains every candidate on every batch of the stream. */
  trainOn(stream: DStream<R>): void {
    const examples = examplesOf(this.#candidates[0]![1], stream);
    examples.updateFromBatches('LearnerComparison', this, (batch) => this.update(batch.first()), this.#id);
  }

  update(examples: Examples): void {
    const { rows } = examples.features;
    const figures = this.#levelsOf(examples);
    const losses: number[] = [];
    for (const [index, [, learner]] of this.#candidates.entries()) {
      const before = learner.learnedValues();
      const loss = learner.update(examples) ?? 0;
      losses.push(loss);
      this.#lossSums[index]! += loss * rows;
      figures.push(loss, movement(before, learner.learnedValues()));
    }
    this.#rows += rows;
    if (rows === 0) return;
    this.#series.add(figures);
    this.#differences.add(losses);
  }

  /** Metrics: `<name>.loss`, the last batch's. */
  metrics(): Readonly<Record<string, number>> {
    const metrics: Record<string, number> = {};
    for (const [name, learner] of this.#candidates) {
      const { loss } = learner.metrics();
      if (loss !== undefined) metrics[`${name}.loss`] = loss;
    }
    return metrics;
  }

  series(): ComparisonSeries {
    const { length, batchesPerPoint } = this.#series;
    return {
      batch: Float64Array.from({ length }, (_, point) => point * batchesPerPoint),
      candidates: this.#candidates.map(([name], index) => ({
        name,
        cost: this.#series.column(this.#levels + 2 * index),
        movement: this.#series.column(this.#levels + 2 * index + 1),
      })),
    };
  }

  /** `changes`: where the stream changed, in batches with rows, where that is known; else it is looked for. */
  summary(changes?: readonly number[]): ComparisonSummary {
    const { batchesPerPoint } = this.#series;
    const { candidates } = this.series();
    const found = changes?.map((batch) => Math.floor(batch / batchesPerPoint)) ?? this.#findChanges();
    const best = this.#lossSums.indexOf(Math.min(...this.#lossSums));
    const summaries = candidates.map(({ name, movement }, index) => ({
      name,
      meanCost: this.#lossSums[index]! / this.#rows,
      surelyWorse: this.#differences.between(index, best).verdict === 'worse',
      ...adaptationOf(candidates, index, found, batchesPerPoint),
      oscillation: meanOrNaN(settledPoints(movement.length, found).map((point) => movement[point]!)),
    }));
    return {
      candidates: summaries.sort((a, b) => a.meanCost - b.meanCost),
      changes: found.map((point) => point * batchesPerPoint),
    };
  }

  snapshot(): SnapshotRecord {
    return {
      learners: Object.fromEntries(this.#candidates.map(([name, learner]) => [name, learner.snapshot()])),
      series: this.#series.snapshot(),
      differences: this.#differences.snapshot(),
      lossSums: this.#lossSums.slice(),
      rows: this.#rows,
    };
  }

  restore(snapshot: SnapshotRecord): void {
    const saved = snapshot['learners'] as Readonly<Record<string, SnapshotRecord>>;
    const before = this.snapshot();
    try {
      this.#restoreLearners(saved);
      this.#series.restore(snapshot['series'] as SnapshotRecord);
      // A checkpoint of before there were any goes on without.
      const { differences } = snapshot;
      if (differences !== undefined) this.#differences.restore(differences as SnapshotRecord);
    } catch (error) {
      this.#restoreLearners(before['learners'] as typeof saved);
      throw error;
    }
    this.#lossSums.set(snapshot['lossSums'] as Float64Array);
    this.#rows = snapshot['rows'] as number;
  }

  #restoreLearners(saved: Readonly<Record<string, SnapshotRecord>>): void {
    for (const [name, learner] of this.#candidates) {
      try {
        learner.restore(saved[name] ?? {});
      } catch (error) {
        throw error instanceof MillraceError ? atPlace(error, { candidate: name }) : error;
      }
    }
  }

  #findChanges(): readonly number[] {
    return changePoints(Array.from({ length: this.#levels }, (_, level) => this.#series.column(level)));
  }

  /** The means of the features, and where there are labels, of the label and of each feature times the label. */
  #levelsOf({ features: { rows, columns }, labels }: Examples): number[] {
    const means = columns.map((column) => sumOf(column) / rows);
    if (labels === undefined || this.#levels === columns.length) return means;
    return [...means, sumOf(labels) / rows, ...columns.map((column) => dot(column, labels) / rows)];
  }
}

/** How far the learned values moved; those that came or went moved from, or to, 0. */
function movement(before: Float64Array, after: Float64Array): number {
  const shared = Math.min(before.length, after.length);
  const rest = (before.length > shared ? before : after).subarray(shared);
  const moved = distanceBetween(before.subarray(0, shared), after.subarray(0, shared));
  return Math.hypot(moved, Math.sqrt(dot(rest, rest)));
}

/** After each change, the batches in the first half of the new stretch at which a candidate has not adapted. */
function adaptationOf(
  candidates: readonly CandidateSeries[],
  index: number,
  changes: readonly number[],
  batchesPerPoint: number,
): Pick<CandidateSummary, 'adaptationBatches' | 'adaptations'> {
  const { length } = candidates[index]!.cost;
  const adaptations = changes.map((start, change) => {
    const end = changes[change + 1] ?? length;
    let behind = 0;
    for (let point = start; point < middleOf(start, end); point++) {
      const costs = candidates.map(({ cost }) => meanOf(cost, point, Math.min(point + SMOOTHED_POINTS, end)));
      if (costs[index]! > Math.min(...costs) * (1 + ADAPTED_WITHIN)) behind++;
    }
    return behind * batchesPerPoint;
  });
  return { adaptationBatches: meanOrNaN(adaptations), adaptations };
}

/** The second half of every stretch between changes. */
function settledPoints(length: number, changes: readonly number[]): number[] {
  const bounds = [0, ...changes, length];
  return bounds.slice(1).flatMap((end, stretch) => {
    const middle = middleOf(bounds[stretch]!, end);
    return Array.from({ length: Math.max(0, end - middle) }, (_, point) => middle + point);
  });
}

function middleOf(start: number, end: number): number {
  return Math.floor((start + end) / 2);
}

function meanOf(values: Float64Array, start: number, end: number): number {
  return mean(Array.from(values.subarray(start, end)));
}

function meanOrNaN(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : mean([...values]);
}
