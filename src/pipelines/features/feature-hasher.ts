import { isNumberColumn } from '../../batch/column.ts';
import { isNumeric, type Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { javaNumberText } from '../java-number-text.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam, stringsParam } from '../params/param-kinds.ts';
import { inputCols, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { SparseCounts } from './sparse-counts.ts';
import { TermIndex } from './term-index.ts';

const PARAMS = {
  ...inputCols,
  ...outputCol,
  /** Columns of numbers that are names of categories. Texts and truth values always are. Default none. */
  categoricalCols: stringsParam(),
  /** Length of the vectors, ≥ 1. Default 2^18. */
  numFeatures: intParam({ atLeast: 1, default: 2 ** 18 }),
};

export type FeatureHasherOptions = OptionsOf<typeof PARAMS>;

/** Adds what a column says of a row, if anything. */
type Adder = (row: number) => void;

/**
 * Hashes columns of any kind into one sparse vector: a number counts where its column's name hashes to, a category counts 1 where
 * `column=category` does. Null counts nothing. What meets is summed.
 *
 * Cost: O(n · columns). Source: Apache Spark, FeatureHasher.
 */
export class FeatureHasher extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.FeatureHasher';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    for (const name of this.get('inputCols')) {
      const { type } = schema.field(name);
      if (isNumeric(type) || type === 'string' || type === 'void') continue;
      throw new UsageError(
        'wrong-type',
        `${this.uid}: column ${name}: expected numbers, texts or truth values, got ${type}`,
      );
    }
    return schema.with({ name: this.get('outputCol'), type: 'vector', width: this.get('numFeatures') });
  }

  protected transformChecked(table: Table): Table {
    const counts = new SparseCounts(this.get('numFeatures'));
    const index = new TermIndex(this.get('numFeatures'));
    const adders = this.get('inputCols').map((name) => this.#adder(table, name, counts, index));
    for (let i = 0; i < table.rows; i++) {
      for (const add of adders) add(i);
      counts.endRow();
    }
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: counts.build() });
  }

  #adder(table: Table, name: string, counts: SparseCounts, index: TermIndex): Adder {
    const column = table.column(name);
    const addCategory = (text: string) => counts.add(index.of(`${name}=${text}`), 1);
    if (!isNumberColumn(column)) {
      const texts = table.strings(name);
      return (i) => {
        if (texts[i] !== null) addCategory(texts[i]!);
      };
    }
    const { type, values, nulls } = column;
    const isCategory = type === 'boolean' || (this.find('categoricalCols') ?? []).includes(name);
    const place = index.of(name);
    return (i) => {
      if (nulls?.[i] === 1) return;
      if (isCategory) addCategory(javaNumberText(values[i]!, type));
      else counts.add(place, values[i]!);
    };
  }
}
