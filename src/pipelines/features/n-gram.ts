import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** How many terms in a row, ≥ 1. Default 2. */
  n: intParam({ atLeast: 1, default: 2 }),
};

export type NGramOptions = OptionsOf<typeof PARAMS>;

/**
 * Makes one term of every n in a row, with a blank between them. Fewer than n make none. Null stays null.
 *
 * Cost: O(n · terms). Source: Apache Spark, NGram.
 */
export class NGram extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.NGram';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('inputCol'), ['array<string>']);
    return schema.with({ name: this.get('outputCol'), type: 'array<string>' });
  }

  protected transformChecked(table: Table): Table {
    const values = table.terms(this.get('inputCol')).map((terms) => terms && joined(terms, this.get('n')));
    return table.withColumn(this.get('outputCol'), { type: 'array<string>', values });
  }
}

function joined(terms: readonly string[], n: number): string[] {
  const length = Math.max(0, terms.length - n + 1);
  return Array.from({ length }, (_, i) => terms.slice(i, i + n).join(' '));
}
