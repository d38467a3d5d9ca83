import type { Features } from '../../batch/examples.ts';
import type { Table } from '../../batch/table.ts';

/** The rows brought to length 1. Throws `BadRowsError` naming those that have none: cosine distance is not defined for them. */
export function unitRows(table: Table, who: string, { rows, columns }: Features): Features {
  const lengths = new Float64Array(rows);
  for (const column of columns) for (let i = 0; i < rows; i++) lengths[i] = lengths[i]! + column[i]! ** 2;
  let zero = false;
  for (let i = 0; i < rows; i++) {
    zero ||= lengths[i] === 0;
    lengths[i] = Math.sqrt(lengths[i]!);
  }
  if (zero) {
    throw table.badRows(who, (i) =>
      lengths[i] === 0 ? 'cosine distance is not defined for zero-length vectors' : undefined,
    );
  }
  return { rows, columns: columns.map((column) => column.map((value, i) => value / lengths[i]!)) };
}
