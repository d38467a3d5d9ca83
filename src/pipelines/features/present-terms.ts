import type { Table } from '../../batch/table.ts';

/** The lists of a column of terms. Throws `BadRowsError` naming the rows where there is none. */
export function presentTerms(table: Table, name: string, who: string): readonly (readonly string[])[] {
  const lists = table.terms(name);
  if (!lists.includes(null)) return lists as readonly (readonly string[])[];
  throw table.badRows(who, (i) =>
    lists[i] === null ? `column ${name}: expected a list of terms, got null` : undefined,
  );
}
