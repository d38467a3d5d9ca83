import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { booleanParam, doubleParam } from '../params/param-kinds.ts';
import { inputCol, outputCol, relativeError } from '../params/shared-params.ts';
import { quantile, sortedNumbers } from '../quantile.ts';
import { requireRows } from '../require-rows.ts';
import { type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth, scaledColumns } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  ...relativeError,
  /** Lower quantile of the range, in (0, 1). Default 0.25. */
  lower: doubleParam({ above: 0, below: 1, default: 0.25 }),
  /** Upper quantile of the range, in (0, 1). Default 0.75. */
  upper: doubleParam({ above: 0, below: 1, default: 0.75 }),
  /** Whether the median is taken off. Sparse vectors become dense then. Default false. */
  withCentering: booleanParam(false),
  /** Whether features are divided by their range. Default true. */
  withScaling: booleanParam(true),
};

export type RobustScalerOptions = OptionsOf<typeof PARAMS>;

/**
 * Scales features by figures that outliers do not move: (x − median) / (upper quantile − lower quantile). A feature whose range is 0
 * becomes 0. NaN is not learned from.
 *
 * Throws `UsageError` (`too-few-records`; `bad-option` unless lower < upper). Cost: O(n · d · log n). Source: Apache Spark, RobustScaler.
 */
export class RobustScaler extends EstimatorStage<RobustScalerModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.RobustScaler';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    const [lower, upper] = [this.get('lower'), this.get('upper')];
    if (lower >= upper) {
      throw new UsageError('bad-option', `${this.uid}: expected lower below upper, got ${lower} and ${upper}`);
    }
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  fit(table: Table): RobustScalerModel {
    this.transformSchema(table.schema);
    const { rows, columns } = table.features(this.get('inputCol'));
    requireRows(this.uid, rows);
    const sorted = columns.map(sortedNumbers);
    const at = (p: number) => Float64Array.from(sorted, (column) => quantile(column, p, this.get('relativeError')));
    const low = at(this.get('lower'));
    const range = at(this.get('upper')).map((high, j) => high - low[j]!);
    return new RobustScalerModel({ range, median: at(0.5) }, this.set, this.uid);
  }
}

const LEARNED = { range: vector, median: vector };

/** Each Float64Array[d]. */
export type RobustScalerLearned = RowOf<typeof LEARNED>;

/** What `RobustScaler` has learned. */
export class RobustScalerModel extends ModelStage<RobustScalerLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.RobustScalerModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<RobustScalerModel> {
    const learned = await saved.row(LEARNED);
    if (learned.range.length !== learned.median.length) {
      throw saved.damaged(`${learned.range.length} medians`, learned.median.length);
    }
    return new RobustScalerModel(learned, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: LEARNED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const { range, median } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), range.length, this.uid);
    const scale = range.map((each) => (!this.get('withScaling') ? 1 : each === 0 ? 0 : 1 / each));
    const scaled = scaledColumns(matrix, scale, this.get('withCentering') ? median : undefined);
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: scaled });
  }
}
