import { isSparseRows, type Matrix } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import { SparseRowsBuilder } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { independenceTest } from '../independence-test.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, doubleParam, intParam } from '../params/param-kinds.ts';
import { featuresCol, labelCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { int, list } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { withVectorOutput } from './vector-output.ts';

const share = (defaultValue: number) => doubleParam({ atLeast: 0, atMost: 1, default: defaultValue });

const PARAMS = {
  ...featuresCol,
  ...labelCol,
  ...outputCol,
  /** What decides: how many, which share, or the rate of false ones: each by itself, as expected, or any at all. Default `numTopFeatures`. */
  selectorType: choiceParam(['numTopFeatures', 'percentile', 'fpr', 'fdr', 'fwe'], 'numTopFeatures'),
  /** Default 50. */
  numTopFeatures: intParam({ atLeast: 1, default: 50 }),
  /** Share of the features that stay, in [0, 1]. Default 0.1. */
  percentile: share(0.1),
  /** Largest p-value of a feature that stays. Default 0.05. */
  fpr: share(0.05),
  /** Largest share of false ones among those that stay (Benjamini–Hochberg). Default 0.05. */
  fdr: share(0.05),
  /** Largest chance that one that stays is false (Bonferroni). Default 0.05. */
  fwe: share(0.05),
};

export type ChiSqSelectorOptions = OptionsOf<typeof PARAMS>;

/**
 * Keeps those features, all of them categories, that hang together with the label by a chi-square test of independence.
 *
 * Throws `UsageError` (`too-few-records`). Cost: O(n · d). Source: Apache Spark, ChiSqSelector (spark.ml).
 */
export class ChiSqSelector extends EstimatorStage<ChiSqSelectorModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.ChiSqSelector';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    schema.requireNumeric(this.get('labelCol'));
    return withVectorOutput(schema, this.get('featuresCol'), this.get('outputCol'), () => undefined);
  }

  fit(table: Table): ChiSqSelectorModel {
    this.transformSchema(table.schema);
    const { rows, columns } = table.features(this.get('featuresCol'));
    requireRows(this.uid, rows);
    const labels = table.numbers(this.get('labelCol')).values;
    const pValues = columns.map((column) => independenceTest(column, labels).pValue);
    const byPValue = pValues.map((_, j) => j).sort((a, b) => pValues[a]! - pValues[b]!);
    return new ChiSqSelectorModel(
      this.#selected(pValues, byPValue).sort((a, b) => a - b),
      this.set,
      this.uid,
    );
  }

  #selected(pValues: readonly number[], byPValue: readonly number[]): number[] {
    const d = pValues.length;
    switch (this.get('selectorType')) {
      case 'numTopFeatures':
        return byPValue.slice(0, this.get('numTopFeatures'));
      case 'percentile':
        return byPValue.slice(0, Math.trunc(d * this.get('percentile')));
      case 'fpr':
        return byPValue.filter((j) => pValues[j]! < this.get('fpr'));
      case 'fdr':
        return byPValue.slice(0, byPValue.findLastIndex((j, i) => pValues[j]! <= (this.get('fdr') / d) * (i + 1)) + 1);
      case 'fwe':
        return byPValue.filter((j) => pValues[j]! < this.get('fwe') / d);
    }
  }
}

const LEARNED = { selectedFeatures: list(int) };

/** What `ChiSqSelector` has learned. */
export class ChiSqSelectorModel extends ModelStage<readonly number[], typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.ChiSqSelectorModel';
  static readonly params = PARAMS;

  /** Which features stay, in ascending order. */
  get selectedFeatures(): readonly number[] {
    return this.learned;
  }

  static override async restore(saved: SavedStage): Promise<ChiSqSelectorModel> {
    const { selectedFeatures } = await saved.row(LEARNED);
    const ascending = selectedFeatures.every((j, i) => j >= 0 && (i === 0 || j > selectedFeatures[i - 1]!));
    if (!ascending) throw saved.damaged('indices that increase', selectedFeatures);
    return new ChiSqSelectorModel(selectedFeatures, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [{ selectedFeatures: this.selectedFeatures }] } };
  }

  transformSchema(schema: Schema): Schema {
    const { length } = this.selectedFeatures;
    return withVectorOutput(schema, this.get('featuresCol'), this.get('outputCol'), () => length);
  }

  protected transformChecked(table: Table): Table {
    const name = this.get('featuresCol');
    const matrix = table.matrix(name);
    const width = isSparseRows(matrix) ? matrix.width : matrix.columns.length;
    const needed = (this.selectedFeatures.at(-1) ?? -1) + 1;
    if (width < needed && matrix.rows > 0) {
      throw table.badRows(this.uid, () => `column ${name}: expected at least ${needed} numbers, got ${width}`);
    }
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: slice(matrix, this.selectedFeatures) });
  }
}

/** These features only; `kept` in ascending order. */
function slice(matrix: Matrix, kept: readonly number[]): Matrix {
  if (!isSparseRows(matrix))
    return { rows: matrix.rows, columns: kept.map((j) => matrix.columns[j] ?? new Float64Array()) };
  const places = new Map(kept.map((j, place) => [j, place]));
  const builder = new SparseRowsBuilder(kept.length);
  for (let i = 0; i < matrix.rows; i++) {
    for (let p = matrix.starts[i]!; p < matrix.starts[i + 1]!; p++) {
      const place = places.get(matrix.indices[p]!);
      if (place !== undefined) builder.add(place, matrix.values[p]!);
    }
    builder.endRow();
  }
  return builder.build();
}
