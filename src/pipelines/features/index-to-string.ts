import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { stringsParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** The labels in the order of their numbers. Default: those that the column has from a `StringIndexer`. */
  labels: stringsParam(),
};

export type IndexToStringOptions = OptionsOf<typeof PARAMS>;

/**
 * Gives the labels of numbers: what `StringIndexer` does, back. A number without a label is an error.
 *
 * Throws `UsageError` (`bad-option`) where there are no labels. Cost: O(n). Source: Apache Spark, IndexToString.
 */
export class IndexToString extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.IndexToString';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    schema.requireNumeric(this.get('inputCol'));
    return schema.with({ name: this.get('outputCol'), type: 'string' });
  }

  protected transformChecked(table: Table): Table {
    const name = this.get('inputCol');
    const labels = this.#labels(table.schema);
    const { values } = table.numbers(name);
    const given = Array.from(values, (value) => labels[Math.trunc(value)]);
    if (given.includes(undefined)) {
      throw table.badRows(this.uid, (i) =>
        given[i] === undefined
          ? `column ${name}: expected a number below ${labels.length}, got ${values[i]}`
          : undefined,
      );
    }
    return table.withColumn(this.get('outputCol'), { type: 'string', values: given as string[] });
  }

  #labels(schema: Schema): readonly string[] {
    const own = this.find('labels');
    if (own !== undefined && own.length > 0) return own;
    const labels = schema.field(this.get('inputCol')).categories?.get(0)?.labels;
    if (labels !== undefined) return labels;
    const name = this.get('inputCol');
    throw new UsageError('bad-option', `${this.uid}: column ${name} has no labels from a StringIndexer; give labels`);
  }
}
