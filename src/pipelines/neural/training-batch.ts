import { rowMajor } from '../../numeric/row-major.ts';
import type { FitRows } from './fit-settings.ts';

/** Rows to learn from. */
export interface TrainingBatch {
  /** Float32Array[n · d], row after row. */
  readonly rows: Float32Array;
  /** Float64Array[n]. */
  readonly labels: ArrayLike<number>;
  /** Float64Array[n], each ≥ 0, with some weight among them; absent where each row weighs 1. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Some of the rows, in the order of their places. */
export function batchOf({ features, labels, weights }: FitRows, places: Int32Array): TrainingBatch {
  return {
    rows: rowMajor(features.columns, places),
    labels: Float64Array.from(places, (i) => labels[i]!),
    weights: weights && Float64Array.from(places, (i) => weights[i]!),
  };
}

/** The places of the rows that count for something. */
export function placesWithWeight(rows: number, weights: Float64Array | undefined): Int32Array {
  const places = Int32Array.from({ length: rows }, (_, i) => i);
  return weights === undefined ? places : places.filter((i) => weights[i]! > 0);
}
