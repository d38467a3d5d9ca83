import type { Features } from '../../batch/examples.ts';
import type { LearnedColumns } from '../learned-columns.ts';
import { ColumnTransform } from './column-transform.ts';

/** What the transforms share that learn a feature at a time. Each loops over a column itself, since a call for a value would allocate it. */
export abstract class ValueTransform<S extends LearnedColumns> extends ColumnTransform<S> {
  /** Learns the values of feature `j` of positive weight, in `state`, and writes each to `out` as it is once it was learned. */
  protected abstract learnColumn(
    state: S,
    j: number,
    column: Float64Array,
    weights: Float64Array | undefined,
    out: Float64Array,
  ): void;

  protected learnRows(state: S, { rows, columns }: Features, weights?: Float64Array): Float64Array[] {
    return columns.map((column, j) => {
      const out = new Float64Array(rows);
      this.learnColumn(state, j, column, weights, out);
      return out;
    });
  }
}
