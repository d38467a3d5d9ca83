import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, intParam, stringParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { javaPattern } from './java-pattern.ts';
import { splitAt } from './java-split.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** Whether the pattern matches what is between the words (true), or the words. Default true. */
  gaps: booleanParam(true),
  /** Words of fewer characters are left out. Default 1. */
  minTokenLength: intParam({ atLeast: 0, default: 1 }),
  /** A pattern of Java, as far as JavaScript has the like. Default `\s+`. */
  pattern: stringParam('\\s+'),
  /** Whether texts become lower case first. Default true. */
  toLowercase: booleanParam(true),
};

export type RegexTokenizerOptions = OptionsOf<typeof PARAMS>;

/**
 * Cuts texts into words by a pattern. Null stays null.
 *
 * Throws `UsageError` (`bad-option`) for a pattern that can't be said in JavaScript. Cost: that of the pattern.
 * Source: Apache Spark, RegexTokenizer.
 */
export class RegexTokenizer extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.RegexTokenizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    javaPattern(this.get('pattern'), this.uid);
    schema.require(this.get('inputCol'), ['string']);
    return schema.with({ name: this.get('outputCol'), type: 'array<string>' });
  }

  protected transformChecked(table: Table): Table {
    const pattern = javaPattern(this.get('pattern'), this.uid);
    const cut = this.get('gaps') ? splitAt : wordsIn;
    const shortest = this.get('minTokenLength');
    const lower = this.get('toLowercase');
    const values = table.strings(this.get('inputCol')).map((text) => {
      if (text === null) return null;
      return cut(pattern, lower ? text.toLowerCase() : text).filter((word) => word.length >= shortest);
    });
    return table.withColumn(this.get('outputCol'), { type: 'array<string>', values });
  }
}

function wordsIn(pattern: RegExp, text: string): string[] {
  return text.match(pattern) ?? [];
}
