import type { Table } from '../batch/table.ts';

/** Gives one figure for how good the predictions of a table are. */
export interface Evaluator {
  readonly uid: string;

  /** Whether larger figures are better ones. */
  readonly isLargerBetter: boolean;

  /** Throws `UsageError` where the table has not the columns, or no rows; `BadRowsError` for rows that can't be judged. */
  evaluate(table: Table): number;
}
