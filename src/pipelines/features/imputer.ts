import type { NumberColumn } from '../../batch/column.ts';
import type { NumericType, Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam } from '../params/param-kinds.ts';
import { inputCol, inputCols, outputCol, outputCols, relativeError } from '../params/shared-params.ts';
import { quantile, sortedNumbers } from '../quantile.ts';
import { type DataColumns, double } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage, type Stage } from '../stage.ts';
import { columnPairs } from './column-pairs.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  ...relativeError,
  /** What stands in: the mean, the median, or the most frequent value, the smallest of several. Default `mean`. */
  strategy: choiceParam(['mean', 'median', 'mode'], 'mean'),
  /** The number that stands for a missing value, beside null. Default NaN. */
  missingValue: doubleParam({ default: Number.NaN }),
};

export type ImputerOptions = OptionsOf<typeof PARAMS>;

/**
 * Puts a number in the place of missing ones. Null, NaN and `missingValue` are not learned from. A column of whole numbers keeps its
 * type: what stands in loses its fraction.
 *
 * Throws `UsageError` (`too-few-records`) where a column has no value to learn from. Cost: O(n), or O(n · log n) for a median or mode.
 * Source: Apache Spark, Imputer (spark.ml).
 */
export class Imputer extends EstimatorStage<ImputerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.Imputer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return imputedSchema(this, schema);
  }

  fit(table: Table): ImputerModel {
    this.transformSchema(table.schema);
    const surrogates = columnPairs(this).map(({ input }): [string, number] => [input, this.#surrogate(table, input)]);
    return new ImputerModel(new Map(surrogates), this.set, this.uid);
  }

  #surrogate(table: Table, name: string): number {
    const missing = this.get('missingValue');
    const values = table.numbers(name).values.filter((value) => !Number.isNaN(value) && value !== missing);
    if (values.length === 0) {
      const what = `null, NaN or ${missing}`;
      throw new UsageError(
        'too-few-records',
        `${this.uid}: column ${name}: expected values to learn from, all are ${what}`,
      );
    }
    switch (this.get('strategy')) {
      case 'mean':
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      case 'median':
        return quantile(sortedNumbers(values), 0.5, this.get('relativeError'));
      case 'mode':
        return mode(sortedNumbers(values));
    }
  }
}

/** What `Imputer` has learned: what stands in, by input column. */
export class ImputerModel extends ModelStage<ReadonlyMap<string, number>, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.ImputerModel';
  static readonly params = PARAMS;

  /** What stands in, by input column. */
  get surrogates(): ReadonlyMap<string, number> {
    return this.learned;
  }

  static override async restore(saved: SavedStage): Promise<ImputerModel> {
    const options = saved.options(PARAMS);
    const names = options.inputCols ?? (options.inputCol === undefined ? [] : [options.inputCol]);
    const row = await saved.row(columnsOf(names));
    return new ImputerModel(new Map(Object.entries(row) as [string, number][]), options, saved.uid);
  }

  override savedData() {
    const columns = columnsOf([...this.surrogates.keys()]);
    return { data: { columns, rows: [Object.fromEntries(this.surrogates)] } };
  }

  transformSchema(schema: Schema): Schema {
    return imputedSchema(this, schema);
  }

  protected transformChecked(table: Table): Table {
    return columnPairs(this).reduce((current, { input, output }) => {
      const column = table.numbers(input);
      return current.withColumn(output, this.#imputed(column, asType(this.surrogates.get(input)!, column.type)));
    }, table);
  }

  #imputed({ type, values, nulls }: NumberColumn, surrogate: number): NumberColumn {
    const missing = this.get('missingValue');
    const isMissing = Number.isNaN(missing) ? Number.isNaN : (value: number) => value === missing;
    return { type, values: values.map((value, i) => (isMissing(value) || nulls?.[i] === 1 ? surrogate : value)) };
  }
}

function imputedSchema(stage: Stage, schema: Schema): Schema {
  return columnPairs(stage).reduce((current, { input, output }) => {
    const { type } = schema.requireNumeric(input);
    return current.with({ name: output, type: type === 'void' ? 'double' : type });
  }, schema);
}

function columnsOf(names: readonly string[]): DataColumns {
  return Object.fromEntries(names.map((name) => [name, double]));
}

/** A number as a column of this type can hold it. */
function asType(value: number, type: NumericType): number {
  if (type === 'double') return value;
  return type === 'float' ? Math.fround(value) : Math.trunc(value);
}

/** The most frequent of sorted numbers; the smallest of several. */
function mode(sorted: Float64Array): number {
  let [best, longest] = [Number.NaN, 0];
  for (let i = 0, from = 0; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[from]) continue;
    if (i - from > longest) [best, longest] = [sorted[from]!, i - from];
    from = i;
  }
  return best;
}
