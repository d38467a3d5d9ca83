import { isVectorColumn, matrixWidth } from '../../batch/column.ts';
import { lengthOf, vectorColumn } from '../../batch/column-of-values.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Vector } from '../../batch/vector.ts';
import { UsageError } from '../../errors.ts';
import type { OptionsOf } from '../params/param.ts';
import { choiceParam, intParam } from '../params/param-kinds.ts';
import { inputCol } from '../params/shared-params.ts';
import { TransformerStage } from '../stage.ts';

const PARAMS = {
  ...inputCol,
  /** How many numbers each vector has. */
  size: intParam({ atLeast: 0 }),
  /** Rows whose vector is null or of another length: `error`, `skip`, or `optimistic`, which does not look. Default `error`. */
  handleInvalid: choiceParam(['error', 'skip', 'optimistic'], 'error'),
};

export type VectorSizeHintOptions = OptionsOf<typeof PARAMS>;

/**
 * Says how long the vectors of a column are, before there is data, and sorts out those that are not.
 *
 * Throws `UsageError` (`wrong-width`) where the schema knows another length. Cost: O(1), or O(n) where lengths differ.
 * Source: Apache Spark, VectorSizeHint.
 */
export class VectorSizeHint extends TransformerStage<typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.feature.VectorSizeHint';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    const [name, size] = [this.get('inputCol'), this.get('size')];
    const field = schema.require(name, ['vector']);
    if (field.width !== undefined && field.width !== size && this.get('handleInvalid') === 'error') {
      throw new UsageError(
        'wrong-width',
        `${this.uid}: column ${name}: expected vectors of ${size}, got ${field.width}`,
      );
    }
    return schema.replace({ ...field, type: 'vector', width: size });
  }

  protected transformChecked(table: Table): Table {
    const [name, size] = [this.get('inputCol'), this.get('size')];
    const column = table.column(name);
    if (this.get('handleInvalid') === 'optimistic') return table;
    if (isVectorColumn(column) && matrixWidth(column.matrix) === size) return table;
    const vectors: readonly (Vector | null)[] =
      'ragged' in column ? column.ragged : table.toRows().map((row) => row[name] as Vector | null);
    const fits = (i: number) => vectors[i] !== null && lengthOf(vectors[i]!) === size;
    if (this.get('handleInvalid') === 'skip') {
      const kept = table.filter(fits);
      return kept.withColumn(
        name,
        vectorColumn(
          vectors.filter((_, i) => fits(i)),
          size,
        ),
      );
    }
    throw table.badRows(this.uid, (i) =>
      fits(i)
        ? undefined
        : `column ${name}: expected a vector of ${size}, got ${vectors[i] === null ? 'null' : lengthOf(vectors[i]!)}`,
    );
  }
}
