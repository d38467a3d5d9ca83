/** What a transformer makes of one share of a table's rows, and how the shares are put together again. */
import { type BadRow, BadRowsError } from '../../batch/bad-rows.ts';
import type { Column } from '../../batch/column.ts';
import { joinedColumns } from '../../batch/joined-tables.ts';
import type { Table } from '../../batch/table.ts';
import type { Transformer } from '../../contracts/transformer.ts';

/** `unchanged`: it is the column of that name that the transformer was given. */
type SharedColumn = readonly [name: string, column: Column | 'unchanged'];

interface Taken {
  readonly columns: readonly SharedColumn[];
  /** Int32Array: which of the share's rows are left. Absent where all are. */
  readonly places?: Int32Array;
}

/** Rows that the transformer can't take, by their place in the share. */
interface Refused {
  readonly who: string;
  readonly bad: readonly BadRow[];
}

export type ShareResult = Taken | Refused;

/** `columns`: which of the result's; undefined for all. */
export async function transformShare(
  transformer: Transformer,
  share: Table,
  columns: readonly string[] | undefined,
): Promise<ShareResult> {
  try {
    const result = await transformer.transform(share);
    const names = columns ?? result.schema.names;
    if (result.rows === share.rows) {
      const isUnchanged = (name: string) => share.schema.has(name) && share.column(name) === result.column(name);
      return { columns: names.map((name) => [name, isUnchanged(name) ? 'unchanged' : result.column(name)]) };
    }
    const places = Int32Array.from({ length: result.rows }, (_, i) => result.positionOf(i));
    return { columns: names.map((name) => [name, result.column(name)]), places };
  } catch (error) {
    if (!(error instanceof BadRowsError)) throw error;
    return { who: error.who, bad: error.rows };
  }
}

/** The table of all shares, `starts` the row of `table` that each begins with. Throws `BadRowsError` where rows of any were refused. */
export function joinedShares(table: Table, starts: readonly number[], results: readonly ShareResult[]): Table {
  const refused = results.flatMap((result) => ('bad' in result ? [result] : []));
  const bad = results.flatMap((result, s) =>
    'bad' in result
      ? result.bad.map(({ position, why }) => ({ position: table.positionOf(starts[s]! + position), why }))
      : [],
  );
  if (refused.length > 0) throw new BadRowsError(refused[0]!.who, bad);
  const taken = results as readonly Taken[];
  const rowsOf = (s: number) => (starts[s + 1] ?? table.rows) - starts[s]!;
  const columns = taken[0]!.columns.map(([name], j) => {
    const parts = taken.map(({ columns: own }) => own[j]![1]);
    if (parts.every((part) => part === 'unchanged')) return [name, table.column(name)] as const;
    const known = parts.map((part, s) =>
      part === 'unchanged' ? table.range(starts[s]!, starts[s]! + rowsOf(s)).column(name) : part,
    );
    return [name, joinedColumns(name, known)] as const;
  });
  if (taken.every(({ places }) => places === undefined)) return table.withColumns(columns);
  const places = taken.flatMap(({ places: own }, s) =>
    Array.from(own ?? { length: rowsOf(s) }, (place, i) => starts[s]! + (own === undefined ? i : place!)),
  );
  return table.take(Int32Array.from(places)).withColumns(columns);
}
