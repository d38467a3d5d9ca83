import { BadRowsError } from '../batch/bad-rows.ts';
import { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import { type Row, Table } from '../batch/table.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Transformer } from '../contracts/transformer.ts';
import type { DStream } from '../dstream/dstream.ts';
import { DataError } from '../errors.ts';

export interface RowStreamOptions {
  /** The columns to take from each row, and their types. Default: all that occur in a batch, each of the type of its first value. */
  readonly schema?: Schema | undefined;
}

/** A stream of rows through a transformer, batch after batch. Rows that it can't take go to the bad-record policy. */
export function transformStream(
  transformer: Transformer,
  stream: DStream<Row>,
  { schema }: RowStreamOptions = {},
): DStream<Row> {
  const derived: DStream<Row> = stream.deriveBatches('transform', async (batch, context) => {
    const rows = batch.collect();
    const table = await transformRows(transformer, rows, schema, rejectTo(context, rows, derived.node.name));
    return Batch.of(table?.toRows() ?? []);
  });
  return derived;
}

/** Leaves a row that can't be taken to the bad-record policy. */
export function rejectTo(context: BatchContext, rows: readonly Row[], operator: string): RejectRow {
  return (position, why) => {
    context.reject(new DataError('bad-record', why), { operator, position: String(position), record: rows[position] });
  };
}

/** Called for a row that can't be taken. Throws, or returns to go on without it. */
export type RejectRow = (position: number, why: string) => void;

/** The table of all rows that the transformer takes; undefined for none. The others are rejected, each once. */
export function transformRows(
  transformer: Transformer,
  rows: readonly Row[],
  schema: Schema | undefined,
  reject: RejectRow,
): Promise<Table | undefined> {
  return withoutBadRows(rows, schema, (table) => transformer.transform(table), reject);
}

/** What `use` makes of the table of all rows that it takes; undefined for none. The others are rejected, each once. */
export async function withoutBadRows<R>(
  rows: readonly Row[],
  schema: Schema | undefined,
  use: (table: Table) => R | Promise<R>,
  reject: RejectRow,
): Promise<R | undefined> {
  let good = rows.map((_, i) => i);
  while (good.length > 0) {
    try {
      const table = Table.fromRows(
        good.map((i) => rows[i]!),
        schema,
      );
      return await use(table);
    } catch (error) {
      if (!(error instanceof BadRowsError)) throw error;
      const bad = new Set<number>();
      for (const { position, why } of error.rows) {
        const i = good[position]!;
        if (bad.has(i)) continue;
        bad.add(i);
        reject(i, why);
      }
      good = good.filter((i) => !bad.has(i));
    }
  }
  return undefined;
}
