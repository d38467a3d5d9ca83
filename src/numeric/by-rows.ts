import type { Kernels } from './kernel-calls.ts';
import { blocksOf, copyBlock, copyRows, reserve } from './kernels.ts';
import type { LabeledRows } from './linear.ts';

/** Numbers that a kernel reads and changes, `width` of them after the other. */
export interface Stretch {
  readonly numbers: Float64Array;
  readonly width: number;
}

/** A block of rows in the kernels' memory, as places there. */
interface RowBlock {
  /** How many rows. */
  readonly n: number;
  /** The first column, and bytes from one column to the next. */
  readonly x: number;
  readonly stride: number;
  readonly labels: number;
  /** 0 where every row weighs 1. */
  readonly weights: number;
  /** For one number a row. */
  readonly out: number;
}

/** Works on one block. */
export type BlockWork<S> = (kernels: Kernels, block: RowBlock, at: Places<S>) => void;

/** Where each stretch is. */
type Places<S> = { readonly [K in keyof S]: number };

/**
 * Has a kernel learn row after row, block by block, and what it learns in `stretches`, which are changed. In the kernels' memory a stretch has
 * room for one number more after each `width`, where that is odd.
 *
 * `out`: Float64Array[n], one number a row from the kernel; 0 for a row of weight 0, if the kernel leaves it alone.
 * Cost: O(n · d) and the kernel's; no allocation for a row.
 */
export function learnByRows<S extends readonly Stretch[]>(
  { columns, labels, weights }: LabeledRows,
  stretches: readonly [...S],
  out: Float64Array,
  work: BlockWork<S>,
): void {
  const { rows, stride, length } = blocksOf(columns.length);
  const room = reserve(length, rows, rows, rows, ...stretches.map(paddedLength));
  const { kernels, numbers } = room;
  const [x, y, weighing, results, ...at] = room.at;
  for (const [i, stretch] of stretches.entries()) writeStretch(stretch, numbers, at[i]!);
  for (let start = 0; start < out.length; start += rows) {
    const n = Math.min(rows, out.length - start);
    copyBlock(columns, start, n, room, x, stride);
    copyRows(labels, start, n, numbers, y);
    if (weights !== undefined) {
      copyRows(weights, start, n, numbers, weighing);
      numbers.fill(0, results / 8, results / 8 + n);
    }
    work(
      kernels,
      { n, x, stride, labels: y, weights: weights === undefined ? 0 : weighing, out: results },
      at as Places<S>,
    );
    out.set(numbers.subarray(results / 8, results / 8 + n), start);
  }
  for (const [i, stretch] of stretches.entries()) readStretch(stretch, numbers, at[i]!);
}

/** Has a kernel work on `stretches` alone, which are changed. */
export function workOn<S extends readonly Stretch[]>(
  stretches: readonly [...S],
  work: (kernels: Kernels, at: Places<S>) => void,
): void {
  const { kernels, numbers, at } = reserve(...stretches.map(paddedLength));
  for (const [i, stretch] of stretches.entries()) writeStretch(stretch, numbers, at[i]!);
  work(kernels, at as unknown as Places<S>);
  for (const [i, stretch] of stretches.entries()) readStretch(stretch, numbers, at[i]!);
}

/** Numbers of the same width, one after the other. */
export function stretchesOf<C extends readonly Float64Array[]>(
  width: number,
  ...columns: C
): { [K in keyof C]: Stretch } {
  return columns.map((numbers) => ({ numbers, width })) as { [K in keyof C]: Stretch };
}

/** `width` numbers, and one more where that is odd. */
export function paddedWidth(width: number): number {
  return width + (width & 1);
}

/** Numbers that a stretch takes in the kernels' memory. */
export function paddedLength({ numbers, width }: Stretch): number {
  return (numbers.length / width) * paddedWidth(width);
}

/** Copies a stretch to its place; the room for one more is 0. */
export function writeStretch({ numbers: from, width }: Stretch, numbers: Float64Array, place: number): void {
  const padded = paddedWidth(width);
  if (width === padded) numbers.set(from, place / 8);
  else {
    for (let start = 0, at = place / 8; start < from.length; start += width, at += padded) {
      numbers.set(from.subarray(start, start + width), at);
      numbers[at + width] = 0;
    }
  }
}

function readStretch({ numbers: into, width }: Stretch, numbers: Float64Array, place: number): void {
  for (let start = 0, at = place / 8; start < into.length; start += width, at += paddedWidth(width)) {
    into.set(numbers.subarray(at, at + width), start);
  }
}
