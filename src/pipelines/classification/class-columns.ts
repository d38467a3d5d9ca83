import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { withPredictions } from '../prediction-schema.ts';

/** Names of the columns that a classifier adds; one that is empty or absent is not added. */
export interface ClassColumns {
  readonly rawPredictionCol?: string | undefined;
  readonly probabilityCol?: string | undefined;
  readonly predictionCol: string;
}

/** What a classifier says of n rows: k columns of each, and how the predicted class follows. */
export interface Classified {
  readonly raw: readonly Float64Array[];
  readonly probability?: readonly Float64Array[];
  /** Float64Array[n]. */
  readonly prediction: Float64Array;
}

/** The schema with what a classifier adds. `width`: how many classes there are, where that is known. */
export function withClassSchema(schema: Schema, names: ClassColumns, width?: number): Schema {
  const wide = width === undefined ? {} : { width };
  return withPredictions(schema, [
    { name: names.rawPredictionCol, type: 'vector', ...wide },
    { name: names.probabilityCol, type: 'vector', ...wide },
    { name: names.predictionCol, type: 'double' },
  ]);
}

export function withClassColumns(table: Table, names: ClassColumns, classified: Classified): Table {
  const { raw, probability, prediction } = classified;
  const { rows } = table;
  let out = table;
  if (names.rawPredictionCol)
    out = out.withColumn(names.rawPredictionCol, { type: 'vector', matrix: { rows, columns: raw } });
  if (names.probabilityCol && probability) {
    out = out.withColumn(names.probabilityCol, { type: 'vector', matrix: { rows, columns: probability } });
  }
  return names.predictionCol ? out.withColumn(names.predictionCol, { type: 'double', values: prediction }) : out;
}

/** The class with the largest score of each row; of equal ones the first. `scores`: k Float64Array[n]. Cost: O(n · k). */
export function likeliest(scores: readonly Float64Array[]): Float64Array {
  const n = scores[0]?.length ?? 0;
  const best = new Float64Array(n);
  const most = scores[0]?.slice() ?? new Float64Array();
  for (let c = 1; c < scores.length; c++) {
    const column = scores[c]!;
    for (let i = 0; i < n; i++) {
      if (!(column[i]! > most[i]!)) continue;
      most[i] = column[i]!;
      best[i] = c;
    }
  }
  return best;
}

/**
 * The class with the largest score / threshold, thresholds one a class; without, the likeliest. A threshold of 0 makes its class the
 * choice wherever it has any score.
 */
export function chosenClasses(
  scores: readonly Float64Array[],
  thresholds: readonly number[] | undefined,
): Float64Array {
  if (thresholds === undefined) return likeliest(scores);
  const over = (score: number, threshold: number) => (score === 0 ? 0 : score / threshold);
  return likeliest(scores.map((column, c) => column.map((score) => over(score, thresholds[c]!))));
}

/** Throws `UsageError` (`bad-option`) unless there is a threshold for each class, at most one of them 0. */
export function requireThresholds(who: string, thresholds: readonly number[] | undefined, numClasses: number): void {
  if (thresholds === undefined) return;
  if (thresholds.length !== numClasses) {
    throw new UsageError(
      'bad-option',
      `${who}: expected ${numClasses} thresholds, one a class, got ${thresholds.length}`,
    );
  }
  if (thresholds.filter((each) => each === 0).length > 1) {
    throw new UsageError('bad-option', `${who}: thresholds: expected at most one of 0, got ${thresholds.join(', ')}`);
  }
}

/** Each row's scores, which are not below 0, as shares of their sum; all 0 where that is. `scores`: k Float64Array[n], not changed. */
export function sharesOf(scores: readonly Float64Array[]): Float64Array[] {
  const sums = new Float64Array(scores[0]?.length ?? 0);
  for (const column of scores) for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + column[i]!;
  return scores.map((column) => column.map((score, i) => (sums[i] === 0 ? score : score / sums[i]!)));
}

/** e^score, each row as shares of its sum. `scores`: k Float64Array[n], not changed. Cost: O(n · k). */
export function softmaxOf(scores: readonly Float64Array[]): Float64Array[] {
  const n = scores[0]?.length ?? 0;
  const most = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  for (const column of scores) for (let i = 0; i < n; i++) if (column[i]! > most[i]!) most[i] = column[i]!;
  // Where a score is infinite, as of a model that saw one class only, all is there.
  const powers = scores.map((column) => column.map((score, i) => (score === most[i] ? 1 : Math.exp(score - most[i]!))));
  return sharesOf(powers);
}
