import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { TransformerStage } from '../stage.ts';
import { presentTerms } from './present-terms.ts';
import { SparseCounts } from './sparse-counts.ts';
import { TermIndex } from './term-index.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** Length of the vectors, ≥ 1. Default 2^18. */
  numFeatures: intParam({ atLeast: 1, default: 2 ** 18 }),
  /** Whether a term counts once, however often it occurs. Default false. */
  binary: booleanParam(false),
};

export type HashingTFOptions = OptionsOf<typeof PARAMS>;

/**
 * Turns lists of terms into sparse vectors of their counts, without a dictionary. Terms whose hashes meet are counted together.
 *
 * One saved by Spark before 3.0 hashes as that did; it can't be saved again, since Spark would then hash otherwise.
 * Cost: O(terms). Source: Apache Spark, HashingTF (spark.ml).
 */
export class HashingTF extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.HashingTF';
  static readonly params = PARAMS;
  readonly #index: TermIndex;
  readonly #legacy: boolean;

  constructor(options: HashingTFOptions = {}, uid?: string, { legacy = false }: { readonly legacy?: boolean } = {}) {
    super(options, uid);
    this.#legacy = legacy;
    this.#index = new TermIndex(this.get('numFeatures'), { legacy });
  }

  static override restore(saved: SavedStage): HashingTF {
    return new HashingTF(saved.options(PARAMS), saved.uid, { legacy: saved.isBefore(3) });
  }

  protected override remade(options: HashingTFOptions): this {
    return new HashingTF(options, this.uid, { legacy: this.#legacy }) as this;
  }

  override savedParams(): Readonly<Record<string, string>> {
    if (!this.#legacy) return super.savedParams();
    throw new UsageError(
      'bad-option',
      `${this.uid}: it hashes as Spark before 3.0 did; make a new HashingTF to save one`,
    );
  }

  /** Where a term is counted, in [0, numFeatures). */
  indexOf(term: string): number {
    return this.#index.of(term);
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('inputCol'), ['array<string>']);
    return schema.with({ name: this.get('outputCol'), type: 'vector', width: this.get('numFeatures') });
  }

  protected transformChecked(table: Table): Table {
    const counts = new SparseCounts(this.get('numFeatures'));
    const keep = this.get('binary') ? () => 1 : undefined;
    for (const terms of presentTerms(table, this.get('inputCol'), this.uid)) {
      for (const term of terms) counts.add(this.#index.of(term), 1);
      counts.endRow(keep);
    }
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: counts.build() });
  }
}
