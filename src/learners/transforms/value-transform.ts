import type { Features } from '../../batch/examples.ts';
import type { LearnedColumns } from '../learned-columns.ts';
import { ColumnTransform } from './column-transform.ts';

/** What the transforms share that learn value by value. */
export abstract class ValueTransform<S extends LearnedColumns> extends ColumnTransform<S> {
  /** Learns one value of positive weight of feature `j`. */
  protected abstract learnValue(state: S, j: number, value: number, weight: number): void;

  /** A value of feature `j`, by what has been learned. */
  protected abstract give(state: S, j: number, value: number): number;

  protected giveColumn(state: S, j: number, column: Float64Array): Float64Array {
    return column.map((value) => this.give(state, j, value));
  }

  protected learnRows(state: S, { rows, columns }: Features, weights?: Float64Array): Float64Array[] {
    return columns.map((column, j) => {
      const out = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        const weight = weights === undefined ? 1 : weights[i]!;
        if (weight > 0) this.learnValue(state, j, column[i]!, weight);
        out[i] = this.give(state, j, column[i]!);
      }
      return out;
    });
  }
}
