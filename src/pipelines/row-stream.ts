import { BadRowsError } from '../batch/bad-rows.ts';
import { Batch } from '../batch/batch.ts';
import type { Schema } from '../batch/schema.ts';
import { type Row, Table } from '../batch/table.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Transformer } from '../contracts/transformer.ts';
import type { DStream } from '../dstream/dstream.ts';
import { DataError } from '../errors.ts';
import { ParallelTransformer } from './parallel/parallel-transformer.ts';
import type { TransformerOf } from './pipeline.ts';

export interface RowStreamOptions {
  /** The columns to take from each row, and their types. Default: all that occur in a batch, each of the type of its first value. */
  readonly schema?: Schema | undefined;
}

export interface TransformStreamOptions extends RowStreamOptions {
  /** Which columns the result has; fewer are faster. Default: all. */
  readonly columns?: readonly string[] | undefined;
  /** Threads that share the rows of a batch as `ParallelTransformer` shares them, at least 1. Default 1. */
  readonly threads?: number | undefined;
}

/** A stream of rows, or of tables of rows, through a transformer, batch after batch. Rows that it can't take go to the bad-record policy. */
export function transformStream<T extends Row | Table>(
  transformer: TransformerOf,
  stream: DStream<T>,
  { schema, columns, threads = 1 }: TransformStreamOptions = {},
): DStream<T> {
  const shared = new ParallelTransformer(transformer, { threads, columns });
  const derived: DStream<T> = stream.deriveBatches('transform', async (batch, context) => {
    const records = batch.collect();
    const operator = derived.node.name;
    if (holdsTables(records)) {
      const tables: Table[] = [];
      for (const table of records) {
        const taken = await usedRows(table, (good) => shared.transform(good), rejectFrom(context, table, operator));
        if (taken !== undefined) tables.push(taken);
      }
      return Batch.of(tables as T[]);
    }
    const rows = records as readonly Row[];
    const table = await transformRows(shared, rows, schema, rejectTo(context, rows, operator));
    return Batch.of((table?.toRows() ?? []) as T[]);
  });
  stream.context.graph.closeAtEnd(shared);
  return derived;
}

function holdsTables(records: readonly unknown[]): records is readonly Table[] {
  return records[0] instanceof Table;
}

/** As `rejectTo`, of the rows of a table. */
function rejectFrom(context: BatchContext, table: Table, operator: string): RejectRow {
  return (position, why) => {
    const row = findPosition(table, position);
    const [record] = table.take(Int32Array.of(row)).toRows();
    context.reject(new DataError('bad-record', why), { operator, position: String(position), record });
  };
}

function findPosition(table: Table, position: number): number {
  let row = 0;
  while (row < table.rows - 1 && table.positionOf(row) !== position) row++;
  return row;
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
  return usedRows(tableOfRows(rows, schema, reject), use, reject);
}

/** The table of all rows that fit their columns; the others are rejected. `positionOf` tells where in `rows` each stood. */
export function tableOfRows(rows: readonly Row[], schema: Schema | undefined, reject: RejectRow): Table {
  try {
    return Table.fromRows(rows, schema);
  } catch (error) {
    const bad = rejectedRows(error, reject);
    const fit = rows.map((row, i) => (bad.has(i) ? {} : row));
    return Table.fromRows(fit, schema).filter((i) => !bad.has(i));
  }
}

/** What `use` makes of the rows of a table that it takes, tried again without those that it names; undefined for none. */
export async function usedRows<R>(
  table: Table,
  use: (table: Table) => R | Promise<R>,
  reject: RejectRow,
): Promise<R | undefined> {
  let good = table;
  while (good.rows > 0) {
    try {
      return await use(good);
    } catch (error) {
      const bad = rejectedRows(error, reject);
      const tried = good;
      good = tried.filter((row) => !bad.has(tried.positionOf(row)));
      if (good === tried) throw error; // it would be tried for ever
    }
  }
  return undefined;
}

/** Rejects the rows that an error names, each once, and gives their positions. Throws any other error. */
function rejectedRows(error: unknown, reject: RejectRow): ReadonlySet<number> {
  if (!(error instanceof BadRowsError)) throw error;
  const why = new Map(error.rows.map((row) => [row.position, row.why]));
  for (const [position, reason] of why) reject(position, reason);
  return new Set(why.keys());
}
