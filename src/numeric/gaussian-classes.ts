import { learnByRows, paddedLength, paddedWidth, stretchesOf, workOn, writeStretch } from './by-rows.ts';
import { blocksOf, copyBlock, reserve } from './kernels.ts';
import type { LabeledRows } from './linear.ts';

/** `counts`: Float64Array[K], weights of the classes. The others: Float64Array[K·d], class after class. */
export type GaussianClasses = {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  /** Σ (x − mean)². */
  readonly squares: Float64Array;
};

/** What a score is made of beside the means: Float64Array[K·d] and Float64Array[K]. */
interface Weighing {
  /** 1 / variance; 0 where a class has no variance yet. */
  readonly certainties: Float64Array;
  /** ln n − Σ_j ln(2π · variance_j) / 2. */
  readonly offsets: Float64Array;
}

/**
 * Tests each row and then learns it, one after the other. A class of weight n has the variances squares / (n − 1), at least `floor`, and
 * none while n ≤ 1: its features say nothing. A row of weight 0 is passed over. Within a relative 1e-9 of what a loop over rows gives
 * (`test/oracle/row-kernels.test.ts`).
 *
 * Changes `classes`. `odds`: Float64Array[n], 1 / P(label) before the row was learned, at most `mostOdds`; overwritten. Cost: O(n · K · d).
 */
export function learnGaussianByRows(
  rows: LabeledRows,
  classes: GaussianClasses,
  odds: Float64Array,
  floor: number,
  mostOdds: number,
): void {
  const [width, k] = [rows.columns.length, classes.counts.length];
  const { certainties, offsets } = weighed(classes, width, floor);
  const wide = stretchesOf(width, classes.means, classes.squares, certainties, new Float64Array(width));
  const single = stretchesOf(k, classes.counts, offsets, new Float64Array(k));
  learnByRows(rows, [...wide, ...single], odds, (kernels, block, at) => {
    const [means, squares, certain, row, counts, first, scores] = at;
    const { n, x, stride, labels, weights, out } = block;
    kernels.learnGaussian(
      n,
      width,
      k,
      x,
      stride,
      labels,
      weights,
      floor,
      mostOdds,
      counts,
      means,
      squares,
      certain,
      first,
      row,
      scores,
      out,
    );
  });
}

/**
 * ln n_k + Σ_j ln N(x_j; mean_kj, variance_kj) for each class k and row, variances as in `learnGaussianByRows`: K Float64Array[n].
 * Cost: O(n · K · d).
 */
export function gaussianScores(
  columns: readonly Float64Array[],
  rowCount: number,
  classes: GaussianClasses,
  floor: number,
): Float64Array[] {
  const [width, k] = [columns.length, classes.counts.length];
  const { certainties, offsets } = weighed(classes, width, floor);
  const { rows, stride, length } = blocksOf(width);
  const [means, certain] = stretchesOf(width, classes.means, certainties);
  const room = reserve(length, (k * stride) / 8, paddedLength(means), paddedLength(certain), k);
  const { kernels, numbers } = room;
  const [x, scores, mean, certainty, offset] = room.at;
  writeStretch(means, numbers, mean);
  writeStretch(certain, numbers, certainty);
  numbers.set(offsets, offset / 8);
  const out = Array.from({ length: k }, () => new Float64Array(rowCount));
  for (let start = 0; start < rowCount; start += rows) {
    const n = Math.min(rows, rowCount - start);
    copyBlock(columns, start, n, room, x, stride);
    kernels.scoreGaussian(n, width, k, x, stride, mean, certainty, offset, scores);
    for (let j = 0, at = scores / 8; j < k; j++, at += stride / 8) out[j]!.set(numbers.subarray(at, at + n), start);
  }
  return out;
}

function weighed({ counts, squares }: GaussianClasses, width: number, floor: number): Weighing {
  const [certainties, offsets] = [new Float64Array(squares.length), new Float64Array(counts.length)];
  const k = counts.length;
  workOn([...stretchesOf(width, squares, certainties), ...stretchesOf(k, offsets)], (kernels, [from, to, offset]) => {
    for (let j = 0; j < k; j++) {
      const skip = 8 * j * paddedWidth(width);
      kernels.weigh(width, floor, counts[j]!, from + skip, to + skip, offset + 8 * j);
    }
  });
  return { certainties, offsets };
}
