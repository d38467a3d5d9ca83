import type { Table } from '../../batch/table.ts';
import { DataError } from '../../errors.ts';
import type { RejectRow } from '../row-stream.ts';

/** How records become rows of a table, and a record a line with what was predicted. */
export interface RecordRows<T> {
  /** The records as a table; a bad one is rejected, and is not in it. `positionOf` tells where in the batch each row's record stood. */
  tableOf(records: readonly T[], reject: RejectRow): Table;

  /** The record as a line of text, with these values at its end. `values[i]` is a number, a text, true or false, a vector, or null. */
  lineWith(record: T, names: readonly string[], values: readonly unknown[]): string;
}

/** Records that have a line of text in them, as the rows that their lines are. `lineOf` throws `DataError` for a record that has none. */
export function inLines<T>(rows: RecordRows<string>, lineOf: (record: T) => string): RecordRows<T> {
  return {
    tableOf(records, reject) {
      const without = new Set<number>();
      const lines = records.map((record, i) => {
        try {
          return lineOf(record);
        } catch (error) {
          if (!(error instanceof DataError)) throw error;
          without.add(i);
          reject(i, error.message);
          return '';
        }
      });
      const table = rows.tableOf(lines, (position, why) => {
        if (!without.has(position)) reject(position, why);
      });
      return without.size === 0 ? table : table.filter((i) => !without.has(table.positionOf(i)));
    },
    lineWith: (record, names, values) => rows.lineWith(lineOf(record), names, values),
  };
}
