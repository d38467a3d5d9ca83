import type { Field } from '../../batch/schema.ts';
import { Schema } from '../../batch/schema.ts';
import type { Row } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { loadStage } from '../load-stage.ts';
import { Pipeline } from '../pipeline.ts';
import { withoutBadRows } from '../row-stream.ts';

/** What a thread is told to do; plain data. */
export interface FitTask {
  /** The directory of the saved pipeline. */
  readonly pipeline: string;
  readonly rows: readonly Row[];
  readonly fields: readonly Field[] | undefined;
  /** The directory that the model is saved to. */
  readonly target: string;
}

/** Runs on a thread: fits a saved pipeline on rows, and saves the model. Gives the number of rows that it could not take. */
export default async function fitOnThread({ pipeline, rows, fields, target }: FitTask): Promise<readonly number[]> {
  const estimator = await loadStage(pipeline, Pipeline);
  let rejected = 0;
  const schema = fields && new Schema(fields);
  const model = await withoutBadRows(
    rows,
    schema,
    (table) => estimator.fit(table),
    () => void rejected++,
  );
  if (model === undefined) throw new UsageError('too-few-records', 'it takes none of the rows');
  await model.save(target, { overwrite: true });
  return [rejected];
}
