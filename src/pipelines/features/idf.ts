import { isSparseRows, type Matrix, matrixWidth } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { OptionsOf } from '../params/param.ts';
import { intParam } from '../params/param-kinds.ts';
import { inputCol, outputCol } from '../params/shared-params.ts';
import { requireRows } from '../require-rows.ts';
import { list, long, optional, type RowOf, vector } from '../saved/data-types.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { matrixOfWidth, scaledColumns } from './scaled-columns.ts';
import { withVectorOutput } from './vector-output.ts';

const PARAMS = {
  ...inputCol,
  ...outputCol,
  /** A term in fewer documents counts nothing. Default 0. */
  minDocFreq: intParam({ atLeast: 0, default: 0 }),
};

export type IDFOptions = OptionsOf<typeof PARAMS>;

/**
 * Weighs counts of terms by how rare they are: count · ln((m + 1) / (df + 1)), with m documents, of which df have the term.
 *
 * Throws `UsageError` (`too-few-records`). Cost: O(values). Source: Apache Spark, IDF (spark.ml).
 */
export class IDF extends EstimatorStage<IDFModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.IDF';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  fit(table: Table): IDFModel {
    this.transformSchema(table.schema);
    const matrix = table.matrix(this.get('inputCol'));
    requireRows(this.uid, matrix.rows);
    const docFreq = documentFrequencies(matrix);
    const least = this.get('minDocFreq');
    const idf = Float64Array.from(docFreq, (df) => (df < least ? 0 : Math.log((matrix.rows + 1) / (df + 1))));
    return new IDFModel({ idf, docFreq: Array.from(docFreq), numDocs: matrix.rows }, this.set, this.uid);
  }
}

const SAVED = { idf: vector, docFreq: list(long), numDocs: long };

/** Spark before 3.0 saves the weights only. */
const LEARNED = { idf: vector, docFreq: optional(list(long)), numDocs: optional(long) };

/** Weights Float64Array[d], in how many documents each term was, of how many. */
export type IDFLearned = RowOf<typeof SAVED>;

/** What `IDF` has learned. */
export class IDFModel extends ModelStage<IDFLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.IDFModel';
  static readonly params = PARAMS;

  static override async restore(saved: SavedStage): Promise<IDFModel> {
    const { idf, docFreq = Array.from(idf, () => 0), numDocs = 0 } = await saved.row(LEARNED);
    if (docFreq.length !== idf.length) throw saved.damaged(`${idf.length} frequencies`, docFreq.length);
    return new IDFModel({ idf, docFreq, numDocs }, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    return { data: { columns: SAVED, rows: [this.learned] } };
  }

  transformSchema(schema: Schema): Schema {
    return withVectorOutput(schema, this.get('inputCol'), this.get('outputCol'));
  }

  protected transformChecked(table: Table): Table {
    const { idf } = this.learned;
    const matrix = matrixOfWidth(table, this.get('inputCol'), idf.length, this.uid);
    return table.withColumn(this.get('outputCol'), { type: 'vector', matrix: scaledColumns(matrix, idf) });
  }
}

/** In how many rows each feature is above 0. */
function documentFrequencies(matrix: Matrix): Float64Array {
  const frequencies = new Float64Array(matrixWidth(matrix));
  if (isSparseRows(matrix)) {
    matrix.indices.forEach((j, p) => {
      if (matrix.values[p]! > 0) frequencies[j] = frequencies[j]! + 1;
    });
    return frequencies;
  }
  return frequencies.map((_, j) => matrix.columns[j]!.reduce((sum, value) => (value > 0 ? sum + 1 : sum), 0));
}
