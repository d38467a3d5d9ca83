import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = { ...inputCol, ...outputCol };

export type TokenizerOptions = OptionsOf<typeof PARAMS>;

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
    const values = texts.map((text) => (text === null ? null : wordsOf(text.toLowerCase())));
    return table.withColumn(this.get('outputCol'), { type: 'array<string>', values });
  }
}

/** The pieces between single white spaces, as Java has them, without empty pieces at the end; of an empty text, one that is empty. */
function wordsOf(text: string): string[] {
  if (text === '') return [''];
  const words: string[] = [];
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    if (!isSpace(text.charCodeAt(i))) continue;
    words.push(text.slice(from, i));
    from = i + 1;
  }
  words.push(text.slice(from));
  while (words.at(-1) === '') words.pop();
  return words;
}

/** A blank, or one of the characters from tab to carriage return. */
function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d);
}
