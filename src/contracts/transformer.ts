import type { Schema } from '../batch/schema.ts';
import type { Table } from '../batch/table.ts';

/**
 * Gives a table with more columns, or fewer rows, than it is given: a stage of a pipeline that has nothing to learn, or has learned.
 *
 * Laws (the stage suite checks them): what it is given stays as it was; the same table gives the same; a row's result does not
 * hang on the other rows, nor on whether its vectors are sparse or dense; the table has the schema that `transformSchema` says.
 */
export interface Transformer {
  /** Names this one among the stages of a pipeline. */
  readonly uid: string;

  /** The schema that `transform` gives for tables of this one. Throws `UsageError` where it can't take them. Sees no data. */
  transformSchema(schema: Schema): Schema;

  /** Throws as `transformSchema`; `BadRowsError` naming all rows that it can't take, unless its parameters say what to do. */
  transform(table: Table): Table | Promise<Table>;
}
