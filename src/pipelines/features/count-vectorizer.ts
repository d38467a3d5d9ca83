import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, doubleParam, intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { list, string } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { presentTerms } from './present-terms.ts';
import { SparseCounts } from './sparse-counts.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** At most so many terms, the most frequent ones. Default 2^18. */
  vocabSize: intParam({ above: 0, default: 2 ** 18 }),
  /** A term must be in so many documents, or below 1 in such a share of them. Default 1. */
  minDF: doubleParam({ atLeast: 0, default: 1 }),
  /** A term may be in so many documents, or below 1 in such a share of them. Default 2^63. */
  maxDF: doubleParam({ atLeast: 0, default: 2 ** 63 }),
  /** A count below this, or below 1 below such a share of the document's terms, is left out. Default 1. */
  minTF: doubleParam({ atLeast: 0, default: 1 }),
  /** Whether a term counts once, however often it occurs. Default false. */
  binary: booleanParam(false),
};

export type CountVectorizerOptions = OptionsOf<typeof PARAMS>;

/**
 * Learns which terms there are, and turns lists of terms into sparse vectors of their counts. The term that occurs most has index 0;
 * of equals the first by alphabet.
 *
 * Throws `UsageError` (`too-few-records`) where no term is left. Cost: O(terms + different terms · log). Source: Apache Spark, CountVectorizer.
 */
export class CountVectorizer extends EstimatorStage<CountVectorizerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.CountVectorizer';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('inputCol'), ['array<string>']);
    return schema.with({ name: this.get('outputCol'), type: 'vector' });
  }

  fit(table: Table): CountVectorizerModel {
    this.transformSchema(table.schema);
    requireRows(this.uid, table.rows);
    const documents = (share: number) => (share >= 1 ? share : share * table.rows);
    const [least, most] = [documents(this.get('minDF')), documents(this.get('maxDF'))];
    if (least > most)
      throw new UsageError('bad-option', `${this.uid}: expected minDF of at most maxDF, got ${least} and ${most}`);
    const counted = [...countTerms(presentTerms(table, this.get('inputCol'), this.uid))]
      .filter(([, { documents }]) => documents >= least && documents <= most)
      .sort(([a, { count: countA }], [b, { count: countB }]) => countB - countA || (a < b ? -1 : 1));
    if (counted.length === 0) {
      throw new UsageError(
        'too-few-records',
        `${this.uid}: expected terms in minDF to maxDF documents, found none; change them`,
      );
    }
    const vocabulary = counted.slice(0, this.get('vocabSize')).map(([term]) => term);
    return new CountVectorizerModel(vocabulary, this.set, this.uid);
  }
}

const LEARNED = { vocabulary: list(string) };

/** What `CountVectorizer` has learned. */
export class CountVectorizerModel extends ModelStage<readonly string[], typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.CountVectorizerModel';
  static readonly params = PARAMS;
  readonly #indices = new Map(this.learned.map((term, i) => [term, i]));

  /** The terms in the order of their indices. */
  get vocabulary(): readonly string[] {
    return this.learned;
  }

  static override async restore(saved: SavedStage): Promise<CountVectorizerModel> {
    const { vocabulary } = await saved.row(LEARNED);
    return new CountVectorizerModel(vocabulary, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [{ vocabulary: this.vocabulary }] } };
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('inputCol'), ['array<string>']);
    return schema.with({ name: this.get('outputCol'), type: 'vector', width: this.vocabulary.length });
  }

  protected transformChecked(table: Table): Table {
    const counts = new SparseCounts(this.vocabulary.length);
    const [minTF, binary] = [this.get('minTF'), this.get('binary')];
    for (const terms of presentTerms(table, this.get('inputCol'), this.uid)) {
      for (const term of terms) {
        const index = this.#indices.get(term);
        if (index !== undefined) counts.add(index, 1);
      }
      const least = minTF >= 1 ? minTF : minTF * terms.length;
      counts.endRow((count) => (count < least ? undefined : binary ? 1 : count));
    }
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: counts.build() });
  }
}

/** How many times each term occurs, and in how many documents. */
function countTerms(documents: readonly (readonly string[])[]) {
  const counted = new Map<string, { count: number; documents: number; last: number }>();
  documents.forEach((terms, i) => {
    for (const term of terms) {
      const soFar = counted.get(term);
      if (soFar === undefined) counted.set(term, { count: 1, documents: 1, last: i });
      else {
        soFar.count++;
        if (soFar.last !== i) soFar.documents++;
        soFar.last = i;
      }
    }
  });
  return counted;
}
