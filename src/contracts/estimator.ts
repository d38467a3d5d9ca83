import type { Schema } from '../batch/schema.ts';
import type { Table } from '../batch/table.ts';
import type { Transformer } from './transformer.ts';

/**
 * Learns from a whole table how to transform others: a stage of a pipeline before it is fitted.
 *
 * Laws (the stage suite checks them): fitting changes neither the estimator nor the table; the same table and seed give the
 * same model; the model has the estimator's uid and parameters.
 */
export interface Estimator<M extends Transformer = Transformer> {
  /** Names this one among the stages of a pipeline. */
  readonly uid: string;

  /** The schema that the model will give. Throws `UsageError` where tables of this one can't be learned from. Sees no data. */
  transformSchema(schema: Schema): Schema;

  /** Throws as `transformSchema`; `BadRowsError` or `UsageError` (`too-few-records`) where the rows can't be learned from. */
  fit(table: Table): M | Promise<M>;
}
