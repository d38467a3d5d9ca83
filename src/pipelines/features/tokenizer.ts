import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { splitAt } from './java-split.ts';

const PARAMS = { ...inputCol, ...outputCol };

export type TokenizerOptions = OptionsOf<typeof PARAMS>;

/** White space, as Java has it. */
const SPACE = /[ \t\n\v\f\r]/g;

/**
 * Cuts texts into words in lower case, at every single white space: two in a row have an empty word between them. Null stays null.
 * Use `RegexTokenizer` for other rules.
 *
 * Cost: O(length of the texts). Source: Apache Spark, Tokenizer.
 */
export class Tokenizer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.Tokenizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('inputCol'), ['string']);
    return schema.with({ name: this.get('outputCol'), type: 'array<string>' });
  }

  protected transformChecked(table: Table): Table {
    const texts = table.strings(this.get('inputCol'));
    const values = texts.map((text) => (text === null ? null : splitAt(SPACE, text.toLowerCase())));
    return table.withColumn(this.get('outputCol'), { type: 'array<string>', values });
  }
}
