import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, stringParam, stringsParam } from '../params/param-kinds.ts';
import { inputCol, inputCols, outputCol, outputCols } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';
import { columnPairs } from './column-pairs.ts';
import { ENGLISH_STOP_WORDS } from './english-stop-words.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...inputCols,
  ...outputCols,
  /** The words to leave out. Default: 181 English ones. */
  stopWords: stringsParam(ENGLISH_STOP_WORDS),
  /** Whether upper and lower case differ. Default false. */
  caseSensitive: booleanParam(false),
  /** By whose rules a word becomes lower case, as Java names it. Default `en_US`. */
  locale: stringParam('en_US'),
};

export type StopWordsRemoverOptions = OptionsOf<typeof PARAMS>;

/**
 * Leaves out words that say little from lists of terms. Null stays null.
 *
 * Cost: O(terms). Source: Apache Spark, StopWordsRemover.
 */
export class StopWordsRemover extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.StopWordsRemover';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return columnPairs(this).reduce((current, { input, output }) => {
      schema.require(input, ['array<string>']);
      return current.with({ name: output, type: 'array<string>' });
    }, schema);
  }

  protected transformChecked(table: Table): Table {
    const spelled = this.get('caseSensitive') ? (term: string) => term : lowerCaseOf(this.get('locale'));
    const stopWords = new Set(this.get('stopWords').map(spelled));
    return columnPairs(this).reduce((current, { input, output }) => {
      const values = table
        .terms(input)
        .map((terms) => (terms === null ? null : terms.filter((term) => !stopWords.has(spelled(term)))));
      return current.withColumn(output, { type: 'array<string>', values });
    }, table);
  }
}

/** Lower case by the rules of a place; by those of English where the machine does not know it. */
function lowerCaseOf(locale: string): (term: string) => string {
  const tag = locale.replaceAll('_', '-');
  const known = !/^(en.*)?$/.test(tag) && isKnown(tag);
  return known ? (term) => term.toLocaleLowerCase(tag) : (term) => term.toLowerCase();
}

function isKnown(tag: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
