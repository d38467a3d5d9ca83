import { Batch } from '../../batch/batch.ts';
import type { NumberColumn } from '../../batch/column.ts';
import type { Row } from '../../batch/table.ts';
import type { DStream } from '../../dstream/dstream.ts';
import { rejectTo, transformRows } from '../row-stream.ts';
import { WatchedModel, type WatchedModelOptions } from './watched-model.ts';

export interface VersionedScoringOptions extends WatchedModelOptions {
  /** The column that says which version made the row's predictions. Default `modelVersion`. */
  readonly versionCol?: string;
}

/**
 * Scores a stream with the newest model of a directory of versions: see `WatchedModel`. Rows in, the same rows out with the
 * model's columns and one more, the version that made them, which never goes down.
 */
export function scoreWithVersions(
  stream: DStream<Row>,
  directory: string,
  { versionCol = 'modelVersion', ...options }: VersionedScoringOptions = {},
): DStream<Row> {
  const { clock, log } = stream.context;
  const watched = new WatchedModel(directory, { clock, log, ...options });
  const scored: DStream<Row> = stream.deriveBatches(
    'scoreWithVersions',
    async (batch, context) => {
      const rows = batch.collect();
      const { model, version } = await watched.forBatch((atMost) => rows.slice(0, atMost));
      const table = await transformRows(model, rows, options.schema, rejectTo(context, rows, scored.node.name));
      return Batch.of(table?.withColumn(versionCol, constantColumn(table.rows, version)).toRows() ?? []);
    },
    { state: watched },
  );
  return scored;
}

function constantColumn(rows: number, value: number): NumberColumn {
  return { type: 'double', values: new Float64Array(rows).fill(value) };
}
