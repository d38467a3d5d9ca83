import { isSparseRows, type Matrix } from '../batch/column.ts';
import type { Table } from '../batch/table.ts';
import { UsageError } from '../errors.ts';
import { sumOf } from '../numeric/linear.ts';
import { requireRows } from './require-rows.ts';

/** Which columns an estimator learns from. An empty name, or none, is no column. */
export interface TrainingColumns {
  readonly featuresCol: string;
  readonly labelCol?: string | undefined;
  readonly weightCol?: string | undefined;
}

/** What a model is learned from, every number checked. */
export interface TrainingRows {
  /** Finite numbers. */
  readonly matrix: Matrix;
  /** Float64Array[n], finite; none where no label was asked for. */
  readonly labels: Float64Array;
  /** Float64Array[n], each finite and ≥ 0, with some weight among them; absent where every row weighs 1. */
  readonly weights: Float64Array | undefined;
}

/**
 * The rows of a table to learn from. Throws `BadRowsError` naming all rows with a feature, a label or a weight that is null, NaN or
 * infinite, or a weight below 0; `UsageError` (`too-few-records`) where there are none, or none with a weight.
 */
export function trainingRows(
  table: Table,
  who: string,
  { featuresCol, labelCol, weightCol }: TrainingColumns,
): TrainingRows {
  requireRows(who, table.rows);
  const matrix = table.matrix(featuresCol);
  const labels = labelCol ? table.numbers(labelCol).values : new Float64Array();
  const weights = weightCol ? table.numbers(weightCol).values : undefined;
  const badFeature = rowsNotFinite(matrix);
  const isBad = (i: number) =>
    badFeature?.has(i) ||
    (labelCol !== undefined && !Number.isFinite(labels[i]!)) ||
    (weights !== undefined && !(Number.isFinite(weights[i]!) && weights[i]! >= 0));
  for (let i = 0; i < table.rows; i++) {
    if (!isBad(i)) continue;
    throw table.badRows(who, (row) => {
      if (badFeature?.has(row)) return `column ${featuresCol}: expected finite numbers, got NaN or an infinite one`;
      if (labelCol && !Number.isFinite(labels[row]!)) {
        return `column ${labelCol}: expected a finite label, got ${labels[row]}`;
      }
      if (weights === undefined || (Number.isFinite(weights[row]!) && weights[row]! >= 0)) return undefined;
      return `column ${weightCol}: expected a weight of 0 or more, got ${weights[row]}`;
    });
  }
  if (weights !== undefined && !(sumOf(weights) > 0)) {
    throw new UsageError('too-few-records', `${who}: expected rows with a weight above 0, got none`);
  }
  return { matrix, labels, weights };
}

/** Most classes that labels may stand for. */
const MOST_CLASSES = 1 << 16;

/**
 * How many classes the labels stand for: as many as the column says that there are, or the largest and one. Throws `BadRowsError` naming
 * the rows whose label is not a whole number from 0 to below that.
 */
export function classesOf(table: Table, who: string, labelCol: string, labels: Float64Array): number {
  const said = table.schema.field(labelCol).categories?.get(0)?.count;
  const most = said ?? MOST_CLASSES;
  let largest = 0;
  let bad = false;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < most)) bad = true;
    else if (label > largest) largest = label;
  }
  if (!bad) return said ?? largest + 1;
  throw table.badRows(who, (row) => {
    const label = labels[row]!;
    if (Number.isInteger(label) && label >= 0 && label < most) return undefined;
    return `column ${labelCol}: expected a class, a whole number from 0 to ${most - 1}, got ${label}`;
  });
}

function rowsNotFinite(matrix: Matrix): ReadonlySet<number> | undefined {
  let bad: Set<number> | undefined;
  const note = (i: number) => {
    bad ??= new Set();
    bad.add(i);
  };
  if (isSparseRows(matrix)) {
    const { rows, starts, values } = matrix;
    for (let i = 0; i < rows; i++) {
      for (let p = starts[i]!; p < starts[i + 1]!; p++) if (!Number.isFinite(values[p]!)) note(i);
    }
    return bad;
  }
  for (const column of matrix.columns) {
    for (let i = 0; i < column.length; i++) if (column[i]! - column[i]! !== 0) note(i);
  }
  return bad;
}
