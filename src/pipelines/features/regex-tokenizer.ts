import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { endsWithin } from '../../host/time-limit.ts';
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

/** Most time that the pattern may take for a text. Some patterns take twice as long for each character more: `(a+)+b`. */
const LIMIT_MS = 200;
/** Texts that are cut under one limit, as long as they keep it. */
const TOGETHER = 256;

/**
 * Cuts texts into words by a pattern. Null stays null.
 *
 * Throws `UsageError` (`bad-option`) for a pattern that can't be said in JavaScript, `BadRowsError` naming the texts for which the pattern
 * takes more than a fifth of a second. Cost: that of the pattern.
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
    const name = this.get('inputCol');
    const texts = table.strings(name);
    const values = new Array<readonly string[] | null>(texts.length).fill(null);
    const cut = this.#cutter();
    const cutAll = (from: number, to: number) => {
      for (let i = from; i < to; i++) values[i] = texts[i] === null ? null : cut(texts[i]!);
    };
    const slow = new Set<number>();
    for (let from = 0; from < texts.length; from += TOGETHER) {
      const to = Math.min(texts.length, from + TOGETHER);
      if (endsWithin(LIMIT_MS, () => cutAll(from, to))) continue;
      for (let i = from; i < to; i++) if (!endsWithin(LIMIT_MS, () => cutAll(i, i + 1))) slow.add(i);
    }
    if (slow.size === 0) return table.withColumn(this.get('outputCol'), { type: 'array<string>', values });
    const why = `column ${name}: the pattern ${this.get('pattern')} takes more than ${LIMIT_MS} ms for this text; write it otherwise`;
    throw table.badRows(this.uid, (i) => (slow.has(i) ? why : undefined));
  }

  #cutter(): (text: string) => string[] {
    const pattern = javaPattern(this.get('pattern'), this.uid);
    const cut = this.get('gaps') ? splitAt : wordsIn;
    const shortest = this.get('minTokenLength');
    const lower = this.get('toLowercase');
    return (text) => cut(pattern, lower ? text.toLowerCase() : text).filter((word) => word.length >= shortest);
  }
}

function wordsIn(pattern: RegExp, text: string): string[] {
  return text.match(pattern) ?? [];
}
