import { Batch } from '../../batch/batch.ts';
import { valueReader } from '../../batch/column-of-values.ts';
import type { Table } from '../../batch/table.ts';
import type { DStream } from '../../dstream/dstream.ts';
import type { PipelineModel } from '../pipeline.ts';
import { rejectTo, usedRows } from '../row-stream.ts';
import type { RecordRows } from './record-rows.ts';
import { WatchedModel, type WatchedModelOptions } from './watched-model.ts';

export interface LineScoringOptions<T> extends Omit<WatchedModelOptions, 'schema'> {
  /** How a record becomes a row, and a line again. */
  readonly rows: RecordRows<T>;
  /** The model's columns that go to the end of each line. Default: its predictions. */
  readonly columns?: readonly string[];
  /** The name of the model's version at the end of each line, where a directory of versions is watched. Default `modelVersion`. */
  readonly versionCol?: string;
}

/** A model, or the directory of versions of which the newest is used: see `WatchedModel`. */
export type ScoringModel = PipelineModel | string;

/**
 * Scores records as whole columns, batch after batch, and gives each as a line with its predictions at the end: for many records that
 * need not become objects. Records that are no rows, or that the model can't take, are bad records; those that a stage leaves out are left out.
 */
export function scoreLines<T>(
  stream: DStream<T>,
  model: ScoringModel,
  { rows, columns, versionCol = 'modelVersion', ...options }: LineScoringOptions<T>,
): DStream<string> {
  const { clock, log } = stream.context;
  const watched = typeof model === 'string' ? new WatchedModel(model, { clock, log, ...options }) : undefined;
  const scored: DStream<string> = stream.deriveBatches(
    'scoreLines',
    async (batch, context) => {
      const records = batch.collect();
      const reject = rejectTo(context, records as never, scored.node.name);
      const table = rows.tableOf(records, reject);
      const sample = (atMost: number) => firstOf(table, atMost).toRows();
      const used = (await watched?.forBatch(sample)) ?? { model: model as PipelineModel, version: undefined };
      const result = await usedRows(table, (good) => used.model.transform(good), reject);
      if (result === undefined) return Batch.empty<string>();
      const wanted = columns ?? predictionsOf(result, table);
      return Batch.of(
        linesOf(result, records, rows, wanted, used.version === undefined ? [] : [versionCol, used.version]),
      );
    },
    watched && { state: watched },
  );
  return scored;
}

function firstOf(table: Table, atMost: number): Table {
  return table.rows <= atMost ? table : table.take(Int32Array.from({ length: atMost }, (_, i) => i));
}

/** The column of predictions; where a pipeline makes none, all that it adds. */
function predictionsOf({ schema }: Table, before: Table): readonly string[] {
  const added = schema.names.filter((name) => !before.schema.has(name));
  return added.includes('prediction') ? ['prediction'] : added;
}

function linesOf<T>(
  table: Table,
  records: readonly T[],
  rows: RecordRows<T>,
  columns: readonly string[],
  [versionCol, version]: readonly [] | readonly [string, number],
): string[] {
  const names = versionCol === undefined ? columns : [...columns, versionCol];
  const readers: ((row: number) => unknown)[] = columns.map((name) => valueReader(table.column(name)));
  if (versionCol !== undefined) readers.push(() => version);
  return Array.from({ length: table.rows }, (_, i) => {
    const values = readers.map((read) => read(i));
    return rows.lineWith(records[table.positionOf(i)]!, names, values);
  });
}
