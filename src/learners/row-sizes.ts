import type { Examples } from '../batch/examples.ts';
import { DataError } from '../errors.ts';

/** Squares of numbers up to this, many of them, stay finite. */
const LARGEST = 1e100;

/**
 * For learners that can't undo a row: throws `DataError` (`not-finite`) where a number of the batch is so large that sums of squares could
 * leave the finite numbers. Cost: O(n · d).
 */
export function checkSizes(kind: string, { features, labels, weights }: Examples): void {
  for (const column of features.columns) checkColumn(kind, 'a feature', column);
  if (labels !== undefined) checkColumn(kind, 'a label', labels);
  if (weights !== undefined) checkColumn(kind, 'a weight', weights);
}

function checkColumn(kind: string, what: string, column: Float64Array): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (value <= LARGEST && value >= -LARGEST) continue;
    throw new DataError(
      'not-finite',
      `${kind}: row ${i}: sums of squares of ${what} of ${value} would leave the finite numbers; scale it`,
    );
  }
}
