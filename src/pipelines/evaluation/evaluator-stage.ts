import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Evaluator } from '../../contracts/evaluator.ts';
import type { Params } from '../params/param.ts';
import { requireRows } from '../require-rows.ts';
import { Stage } from '../stage.ts';

/** An evaluator, with parameters, that can be saved. */
export abstract class EvaluatorStage<P extends Params = Params> extends Stage<P> implements Evaluator {
  abstract readonly isLargerBetter: boolean;

  evaluate(table: Table): number {
    this.transformSchema(table.schema);
    requireRows(this.uid, table.rows);
    return this.evaluateChecked(table);
  }

  /** The schema as it is: an evaluator adds nothing. Throws `UsageError` where a column that it reads is not there. */
  abstract override transformSchema(schema: Schema): Schema;

  /** `evaluate`, on a table with rows whose schema fits. */
  protected abstract evaluateChecked(table: Table): number;
}

/** The numbers of a column, none of them null or NaN. Throws `BadRowsError`. */
export function judgedNumbers(table: Table, who: string, name: string): Float64Array {
  const { values } = table.numbers(name);
  if (!values.some(Number.isNaN)) return values;
  throw table.badRows(who, (i) =>
    Number.isNaN(values[i]!) ? `column ${name}: expected a number, got null or NaN` : undefined,
  );
}

/** The weights of the rows; undefined where no column of weights is named. */
export function judgedWeights(table: Table, who: string, name: string | undefined): Float64Array | undefined {
  return name ? judgedNumbers(table, who, name) : undefined;
}
