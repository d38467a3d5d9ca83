import type { Kernels } from './kernel-calls.ts';
import { blocksOf, copyBlock, copyRows, isLatest, type Room, reserve, strideOf } from './kernels.ts';
import type { LabeledRows, Link } from './linear.ts';

/** Rows of no more numbers than this stay in the kernels' memory from one step to the next. */
const MOST_KEPT_NUMBERS = 2 ** 20;

/** Some rows in the kernels' memory, as places there, and their margins. */
interface Tile {
  /** The first row, and how many. */
  readonly start: number;
  readonly n: number;
  readonly x: number;
  readonly margins: number;
  readonly labels: number;
  /** 0 where every row weighs 1. */
  readonly weights: number;
  /** For d numbers, 0 at the first tile. */
  readonly sums: number;
}

type DescentRoom = Room<[x: number, labels: number, weights: number, w: number, sums: number, margins: number]>;

/** The rows that a descent goes over again and again: copied once where they are few enough, else block by block each time. */
export class DescentRows implements LabeledRows {
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  /** So many rows are worked on at once. */
  readonly #tileRows: number;
  /** So many are copied at once. */
  readonly #blockRows: number;
  readonly #stride: number;
  /** Where they were copied to last. */
  #room: DescentRoom | undefined;

  /** What is given must not change as long as this is used. */
  constructor({ columns, labels, weights }: LabeledRows) {
    this.columns = columns;
    this.labels = labels;
    this.weights = weights;
    this.#tileRows = blocksOf(columns.length).rows;
    this.#blockRows = columns.length * labels.length <= MOST_KEPT_NUMBERS ? labels.length : this.#tileRows;
    this.#stride = strideOf(this.#blockRows);
  }

  /** w·x + intercept of each row, Float64Array[n], to the bit as `linearPredictions`. `weights`: Float64Array[d]. Cost: O(n · d). */
  margins(weights: Float64Array, intercept: number): Float64Array {
    const all = new Float64Array(this.labels.length);
    this.#eachTile(weights, intercept, (_, { start, n, margins }, numbers) => {
      all.set(numbers.subarray(margins / 8, margins / 8 + n), start);
    });
    return all;
  }

  /**
   * The gradient of the squared or the logistic loss, but for its factor, over all rows: with m = w·x + intercept and
   * slope = weight · (link(m) − y),
   *
   *     out[f] = Σ_i slope_i · columns[f][i]        out[d] = Σ_i slope_i
   *
   * Within a relative 1e-12 of Σ|…| of what a row-by-row loop gives (`test/oracle/descent-kernels.test.ts`): the sums are taken in another
   * order. `weights`: Float64Array[d]. Gives Float64Array[d + 1]. Cost: O(n · d).
   */
  gradientSums(weights: Float64Array, intercept: number, link: Link): Float64Array {
    const d = this.columns.length;
    const out = new Float64Array(d + 1);
    this.#eachTile(weights, intercept, (kernels, { n, x, margins, labels, weights: weighing, sums }, numbers) => {
      out[d] = out[d]! + kernels.toSlopes(n, margins, labels, weighing, link === 'logistic');
      kernels.addProducts(n, d, x, this.#stride, margins, sums);
      out.set(numbers.subarray(sums / 8, sums / 8 + d));
    });
    return out;
  }

  #eachTile(
    weights: Float64Array,
    intercept: number,
    use: (kernels: Kernels, tile: Tile, numbers: Float64Array) => void,
  ): void {
    const [rows, d] = [this.labels.length, this.columns.length];
    const isThere = this.#blockRows === rows && isLatest(this.#room);
    const room = isThere ? this.#room! : this.#reserve();
    const { kernels, numbers } = room;
    const [x, labels, weighing, w, sums, margins] = room.at;
    numbers.set(weights, w / 8);
    numbers.fill(0, sums / 8, sums / 8 + d);
    for (let block = 0; block < rows; block += this.#blockRows) {
      const blockEnd = Math.min(block + this.#blockRows, rows);
      if (!isThere) this.#copy(block, blockEnd - block, room);
      for (let start = block; start < blockEnd; start += this.#tileRows) {
        const n = Math.min(this.#tileRows, blockEnd - start);
        const skip = 8 * (start - block);
        numbers.fill(intercept, margins / 8, margins / 8 + n);
        kernels.addColumns(n, d, x + skip, this.#stride, w, margins, -0);
        const weighs = this.weights === undefined ? 0 : weighing + skip;
        use(kernels, { start, n, x: x + skip, margins, labels: labels + skip, weights: weighs, sums }, numbers);
      }
    }
  }

  #reserve(): DescentRoom {
    const [d, rows] = [this.columns.length, this.#blockRows];
    this.#room = reserve((d * this.#stride) / 8, rows, this.weights === undefined ? 0 : rows, d, d, this.#tileRows);
    return this.#room;
  }

  /** The rows up to the next multiple of 8 become zeros: what another call left there times a slope of 0 may be no number. */
  #copy(start: number, n: number, room: DescentRoom): void {
    const [x, labels, weighing] = room.at;
    copyBlock(this.columns, start, n, room, x, this.#stride);
    copyRows(this.labels, start, n, room.numbers, labels);
    if (this.weights !== undefined) copyRows(this.weights, start, n, room.numbers, weighing);
    if (n % 8 === 0) return;
    for (let f = 0, at = x / 8 + n; f < this.columns.length; f++, at += this.#stride / 8) {
      room.numbers.fill(0, at, at + 8 - (n % 8));
    }
  }
}
