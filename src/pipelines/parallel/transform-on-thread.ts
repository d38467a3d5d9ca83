import type { Transformer } from '../../contracts/transformer.ts';
import { loadStage } from '../load-stage.ts';
import type { Stage } from '../stage.ts';
import { type ShareResult, transformShare } from './share.ts';
import { sharedColumn, type TableMessage, tableOfMessage } from './table-message.ts';

/** What a thread is told to do; plain data. */
export interface TransformTask {
  /** The directory of the saved transformer. */
  readonly directory: string;
  readonly rows: TableMessage;
  readonly columns: readonly string[] | undefined;
}

/** A thread works for one transformer, which it loads once. */
let loaded: Promise<Stage & Transformer> | undefined;

/** Runs on a thread: what a saved transformer makes of some rows. */
export default async function transformOnThread({ directory, rows, columns }: TransformTask): Promise<[ShareResult]> {
  loaded ??= loadStage<Stage>(directory) as Promise<Stage & Transformer>;
  const result = await transformShare(await loaded, tableOfMessage(rows), columns);
  if (!('columns' in result)) return [result];
  const shared = result.columns.map(
    ([name, column]) => [name, column === 'unchanged' ? column : sharedColumn(column)] as const,
  );
  return [{ ...result, columns: shared }];
}
