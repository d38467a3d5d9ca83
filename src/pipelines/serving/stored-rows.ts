import { Batch } from '../../batch/batch.ts';
import { valueReader } from '../../batch/column-of-values.ts';
import type { Offset, OffsetRange } from '../../batch/offset.ts';
import { Table } from '../../batch/table.ts';
import type { PlanRequest, Source } from '../../contracts/source.ts';
import { jsonOf } from '../files/json-row.ts';
import type { RecordRows } from './record-rows.ts';

/** Most rows of a batch, unless the options say otherwise. */
const ROWS_PER_BATCH = 10_000;

/**
 * The rows of a table in memory as a stream that ends: each record is the place of a row, and `rows` gives the table of such places and a
 * row as a line of JSON. So millions of rows are scored without an object for each: see `scoreLines`. The offset is the number of rows
 * taken.
 */
export class StoredRows implements Source<number> {
  readonly replayable = true;
  readonly rows: RecordRows<number>;
  readonly #table: Table;
  readonly #maxRecordsPerBatch: number;

  constructor(table: Table, { maxRecordsPerBatch = ROWS_PER_BATCH }: { readonly maxRecordsPerBatch?: number } = {}) {
    this.#table = table;
    this.#maxRecordsPerBatch = maxRecordsPerBatch;
    this.rows = rowsAt(table);
  }

  async open(from: Offset | undefined): Promise<Offset> {
    return from ?? 0;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const taken = start as number;
    return Math.min(this.#table.rows, taken + Math.min(maxRecords, this.#maxRecordsPerBatch));
  }

  async read({ start, end }: OffsetRange): Promise<Batch<number>> {
    const from = start as number;
    return Batch.of(Array.from({ length: (end as number) - from }, (_, i) => from + i));
  }

  async commit(): Promise<void> {}

  endedAt(offset: Offset): boolean {
    return (offset as number) >= this.#table.rows;
  }

  async close(): Promise<void> {}
}

function rowsAt(table: Table): RecordRows<number> {
  const fields = table.schema.names.map((name) => ({
    start: `${JSON.stringify(name)}:`,
    read: valueReader(table.column(name)),
  }));
  return {
    tableOf: (places) => rowsOf(table, places),
    lineWith(place, names, values) {
      let line = '';
      for (const { start, read } of fields) line += `,${start}${jsonOf(read(place))}`;
      for (let j = 0; j < names.length; j++) line += `,${JSON.stringify(names[j])}:${jsonOf(values[j])}`;
      return `{${line.slice(1)}}`;
    },
  };
}

/** The rows at these places, which are ascending, as a table of its own; a run of them is not copied. */
function rowsOf(table: Table, places: readonly number[]): Table {
  const [first = 0, last = -1] = [places[0], places.at(-1)];
  if (last - first + 1 === places.length) return table.range(first, last + 1);
  const taken = table.take(Int32Array.from(places));
  return Table.of(taken.schema.names.map((name) => [name, taken.column(name)])); // positions count from its first row
}
