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
  readonly schema?: Schema;
}

/** A stream of rows through a transformer, batch after batch. Rows that it can't take go to the bad-record policy. */
export function transformStream(
  transformer: Transformer & { readonly uid: string },
  stream: DStream<Row>,
  { schema }: RowStreamOptions = {},
): DStream<Row> {
  const derived: DStream<Row> = stream.deriveBatches('transform', async (batch, context) => {
    const rows = batch.collect();
    const table = await transformWithoutBadRows(transformer, rows, schema, context, derived.node.name);
    return Batch.of(table?.toRows() ?? []);
  });
  return derived;
}

/** The table of all rows that the transformer takes. The others are rejected, as many times as a stage finds some. */
async function transformWithoutBadRows(
  transformer: Transformer,
  rows: readonly Row[],
  schema: Schema | undefined,
  context: BatchContext,
  operator: string,
): Promise<Table | undefined> {
  let good = rows.map((_, i) => i);
  while (good.length > 0) {
    try {
      const table = Table.fromRows(
        good.map((i) => rows[i]!),
        schema,
      );
      return await transformer.transform(table);
    } catch (error) {
      if (!(error instanceof BadRowsError)) throw error;
      const bad = new Set<number>();
      for (const { position, why } of error.rows) {
        const i = good[position]!;
        if (bad.has(i)) continue;
        bad.add(i);
        context.reject(new DataError('bad-record', why), { operator, position: String(i), record: rows[i] });
      }
      good = good.filter((i) => !bad.has(i));
    }
  }
  return undefined;
}
