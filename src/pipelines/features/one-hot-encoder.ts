import type { Schema } from '../../batch/schema.ts';
import { SparseRowsBuilder } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, choiceParam } from '../params/param-kinds.ts';
import { inputCol, inputCols, outputCol, outputCols } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { int, list } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { columnPairs } from './column-pairs.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  /** Whether the last category is the vector of zeros. Default true. */
  dropLast: booleanParam(true),
  /** Numbers that are no category, and null: `error`, or `keep` as one category more. Default `error`. */
  handleInvalid: choiceParam(['error', 'keep'], 'error'),
};

export type OneHotEncoderOptions = OptionsOf<typeof PARAMS>;

/**
 * Makes of each category a vector with a single 1. How many there are says the column's `StringIndexer`, or else the largest number.
 *
 * Throws `UsageError` (`too-few-records`), `BadRowsError` for what is no whole number from 0. Cost: O(n). Source: Apache Spark, OneHotEncoder.
 */
export class OneHotEncoder extends EstimatorStage<OneHotEncoderModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.OneHotEncoder';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return columnPairs(this).reduce((current, { input, output }) => {
      schema.requireNumeric(input);
      return current.with({ name: output, type: 'vector' });
    }, schema);
  }

  fit(table: Table): OneHotEncoderModel {
    this.transformSchema(table.schema);
    requireRows(this.uid, table.rows);
    const sizes = columnPairs(this).map(({ input }) => {
      return table.schema.field(input).categories?.get(0)?.count ?? this.#sizeIn(table, input);
    });
    return new OneHotEncoderModel(sizes, this.set, this.uid);
  }

  #sizeIn(table: Table, name: string): number {
    const { values } = table.numbers(name);
    const isCategory = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 31 - 1;
    if (values.every(isCategory)) return values.reduce((most, value) => Math.max(most, value), 0) + 1;
    throw table.badRows(this.uid, (i) =>
      isCategory(values[i]!) ? undefined : `column ${name}: expected a whole number from 0, got ${values[i]}`,
    );
  }
}

const LEARNED = { categorySizes: list(int) };

/** What `OneHotEncoder` has learned. */
export class OneHotEncoderModel extends ModelStage<readonly number[], typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.OneHotEncoderModel';
  static readonly params = PARAMS;

  /** Of each column, how many categories it has. */
  get categorySizes(): readonly number[] {
    return this.learned;
  }

  static override async restore(saved: SavedStage): Promise<OneHotEncoderModel> {
    const { categorySizes } = await saved.row(LEARNED);
    const model = new OneHotEncoderModel(categorySizes, saved.options(PARAMS), saved.uid);
    const columns = columnPairs(model).length;
    if (categorySizes.length !== columns || categorySizes.some((size) => size < 0)) {
      throw saved.damaged(`sizes of ${columns} columns`, categorySizes);
    }
    return model;
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [{ categorySizes: this.categorySizes }] } };
  }

  transformSchema(schema: Schema): Schema {
    return columnPairs(this).reduce((current, { input, output }, at) => {
      schema.requireNumeric(input);
      const width = this.#widthOf(at);
      return current.with({ name: output, type: 'vector', width, categories: binarySlots(width) });
    }, schema);
  }

  protected transformChecked(table: Table): Table {
    const pairs = columnPairs(this);
    return pairs.reduce((current, { input, output }, at) => {
      const matrix = this.#encoded(table, input, at);
      return current.withColumn(output, { type: 'vector', matrix, categories: binarySlots(matrix.width) });
    }, table);
  }

  #encoded(table: Table, name: string, at: number) {
    const { values } = table.numbers(name);
    const size = this.categorySizes[at]!;
    const keeps = this.get('handleInvalid') === 'keep';
    const isCategory = (value: number) => value >= 0 && value < size;
    if (!keeps && !values.every(isCategory)) {
      throw table.badRows(this.uid, (i) => {
        if (isCategory(values[i]!)) return undefined;
        return `column ${name}: expected a category below ${size}, got ${values[i]}; set handleInvalid to keep`;
      });
    }
    const width = this.#widthOf(at);
    const builder = new SparseRowsBuilder(width);
    for (const value of values) {
      const slot = isCategory(value) ? Math.trunc(value) : size;
      if (slot < width) builder.add(slot, 1);
      builder.endRow();
    }
    return builder.build();
  }

  #widthOf(at: number): number {
    const size = this.categorySizes[at]! + (this.get('handleInvalid') === 'keep' ? 1 : 0);
    return Math.max(0, this.get('dropLast') ? size - 1 : size);
  }
}

/** Above this width, nothing is said of each slot: it would take more memory than the rows. */
const MOST_DESCRIBED = 1e5;

/** Each number of such a vector is 0 or 1. */
function binarySlots(width: number) {
  if (width > MOST_DESCRIBED) return undefined;
  return new Map(Array.from({ length: width }, (_, slot) => [slot, { count: 2 }]));
}
