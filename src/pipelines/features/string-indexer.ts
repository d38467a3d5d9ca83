import { type Column, isNumberColumn } from '../../batch/column.ts';
import { type Field, isNumeric, type Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { javaNumberText } from '../java-number-text.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam } from '../params/param-kinds.ts';
import { handleInvalid, inputCol, inputCols, outputCol, outputCols } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { list, optional, string } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage, type Stage } from '../stage.ts';
import { type ColumnPair, columnPairs } from './column-pairs.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  ...handleInvalid,
  /** Which label gets 0: by how often it occurs, then by alphabet; or by alphabet. Default `frequencyDesc`. */
  stringOrderType: choiceParam(['frequencyDesc', 'frequencyAsc', 'alphabetDesc', 'alphabetAsc'], 'frequencyDesc'),
};

export type StringIndexerOptions = OptionsOf<typeof PARAMS>;

/** How many times each label occurs. */
type Counts = ReadonlyMap<string, number>;

/** What labels that were not learned are called among the categories. */
const UNKNOWN = '__unknown';

/**
 * Numbers labels: texts, or numbers as texts. Null is not learned from.
 *
 * `handleInvalid`, of the model: rows with null or a label that was not learned are an `error` (the default), are left out (`skip`), or
 * get one number more (`keep`). Throws `UsageError` (`too-few-records`). Cost: O(n + labels · log labels). Source: Apache Spark, StringIndexer.
 */
export class StringIndexer extends EstimatorStage<StringIndexerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.StringIndexer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return columnPairs(this).reduce((current, { input, output }) => {
      requireLabels(this, schema.field(input));
      return current.with({ name: output, type: 'double' });
    }, schema);
  }

  fit(table: Table): StringIndexerModel {
    this.transformSchema(table.schema);
    requireRows(this.uid, table.rows);
    const compare = ORDERS[this.get('stringOrderType')];
    const labels = columnPairs(this).map(({ input }) => {
      const counts = countsOf(labelsOf(table.column(input)));
      return [...counts.keys()].sort((a, b) => compare(a, b, counts));
    });
    return new StringIndexerModel(labels, this.set, this.uid);
  }
}

const ORDERS = {
  frequencyDesc: (a: string, b: string, counts: Counts) => counts.get(b)! - counts.get(a)! || alphabetical(a, b),
  frequencyAsc: (a: string, b: string, counts: Counts) => counts.get(a)! - counts.get(b)! || alphabetical(a, b),
  alphabetDesc: (a: string, b: string) => alphabetical(b, a),
  alphabetAsc: alphabetical,
};

const LEARNED = { labels: optional(list(string)), labelsArray: optional(list(list(string))) };
const SAVED = { labelsArray: list(list(string)) };

/** What `StringIndexer` has learned. It leaves out columns that a table lacks, such as the label where rows are scored. */
export class StringIndexerModel extends ModelStage<readonly (readonly string[])[], typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.StringIndexerModel';
  static readonly params = PARAMS;

  /** Of each column, its labels in the order of their numbers. */
  get labelsArray(): readonly (readonly string[])[] {
    return this.learned;
  }

  static override async restore(saved: SavedStage): Promise<StringIndexerModel> {
    const { labels, labelsArray = labels && [labels] } = await saved.row(LEARNED);
    const model = new StringIndexerModel(labelsArray ?? [], saved.options(PARAMS), saved.uid);
    const columns = columnPairs(model).length;
    if (model.labelsArray.length !== columns)
      throw saved.damaged(`labels of ${columns} columns`, model.labelsArray.length);
    return model;
  }

  override savedData() {
    return { data: { columns: SAVED, rows: [{ labelsArray: this.labelsArray }] } };
  }

  transformSchema(schema: Schema): Schema {
    return this.#columnsOf(schema).reduce((current, { input, output, labels }) => {
      requireLabels(this, schema.field(input));
      return current.with({ name: output, type: 'double', categories: this.#categories(labels) });
    }, schema);
  }

  protected transformChecked(table: Table): Table {
    return this.#columnsOf(table.schema).reduce((current, each) => this.#indexed(current, each), table);
  }

  #indexed(table: Table, { input, output, labels }: ColumnPair & { readonly labels: readonly string[] }): Table {
    const numbers = new Map(labels.map((label, i) => [label, i]));
    const given = labelsOf(table.column(input));
    const invalid = this.get('handleInvalid') === 'keep' ? labels.length : -1;
    const values = new Float64Array(table.rows);
    let isWhole = true;
    for (let i = 0; i < values.length; i++) {
      const label = given[i]!;
      const number = (label === null ? undefined : numbers.get(label)) ?? invalid;
      values[i] = number;
      if (number < 0) isWhole = false;
    }
    const indexed = table.withColumn(output, { type: 'double', values, categories: this.#categories(labels) });
    if (isWhole) return indexed;
    if (this.get('handleInvalid') === 'skip') return indexed.filter((i) => values[i]! >= 0);
    throw table.badRows(this.uid, (i) => {
      if (values[i]! >= 0) return undefined;
      const what = given[i] === null ? 'null' : `the unseen label ${given[i]}`;
      return `column ${input}: ${what}; set handleInvalid to skip or keep`;
    });
  }

  #columnsOf(schema: Schema) {
    const pairs = columnPairs(this).map((pair, i) => ({ ...pair, labels: this.labelsArray[i]! }));
    return pairs.filter(({ input }) => schema.has(input));
  }

  #categories(labels: readonly string[]) {
    const all = this.get('handleInvalid') === 'keep' ? [...labels, UNKNOWN] : labels;
    return new Map([[0, { count: all.length, labels: all }]]);
  }
}

function requireLabels(stage: Stage, { name, type }: Field): void {
  if (type === 'string' || type === 'void' || (isNumeric(type) && type !== 'boolean')) return;
  throw new UsageError('wrong-type', `${stage.uid}: column ${name}: expected texts or numbers, got ${type}`);
}

/** The values of a column as texts. */
function labelsOf(column: Column): readonly (string | null)[] {
  if (column.type === 'string') return column.values;
  if (!isNumberColumn(column)) return new Array('rows' in column ? column.rows : 0).fill(null);
  const { type, values, nulls } = column;
  return Array.from(values, (value, i) => (nulls?.[i] === 1 ? null : javaNumberText(value, type)));
}

function countsOf(labels: readonly (string | null)[]): Counts {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== null) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function alphabetical(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
