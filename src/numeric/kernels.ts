import { KERNEL_BYTES } from './kernel-bytes.ts';

/** Places in the kernels' memory are byte offsets; `assembly/` tells what each kernel does. */
export interface Kernels {
  assign(
    n: number,
    d: number,
    k: number,
    x: number,
    stride: number,
    centers: number,
    labels: number,
    nearest: number,
  ): void;
  addRows(
    n: number,
    d: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    sums: number,
    counts: number,
  ): void;
  addUp(n: number, values: number, weights: number, from: number): number;
  margins(n: number, d: number, x: number, stride: number, w: number, first: number, last: number, out: number): void;
  toSlopes(n: number, margins: number, labels: number, weights: number, logistic: boolean): number;
  logisticLosses(n: number, margins: number, labels: number): number;
  addProducts(n: number, d: number, x: number, stride: number, slopes: number, into: number): void;
  descend(
    n: number,
    d: number,
    m: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    loss: number,
    optimizer: number,
    stepSize: number,
    penalties: number,
    w: number,
    squares: number,
    means: number,
    steps: number,
    row: number,
    margins: number,
  ): void;
  descendSoftmax(
    n: number,
    d: number,
    m: number,
    k: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    optimizer: number,
    stepSize: number,
    penalties: number,
    w: number,
    squares: number,
    means: number,
    steps: number,
    row: number,
    classes: number,
    losses: number,
  ): void;
  followProximally(
    n: number,
    d: number,
    m: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    alpha: number,
    beta: number,
    l1: number,
    l2: number,
    w: number,
    z: number,
    squares: number,
    row: number,
    margins: number,
  ): void;
  stepProximally(
    m: number,
    row: number,
    slope: number,
    alpha: number,
    beta: number,
    l1: number,
    l2: number,
    w: number,
    z: number,
    squares: number,
  ): void;
  stepAggressively(
    n: number,
    d: number,
    m: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    variant: number,
    aggressiveness: number,
    epsilon: number,
    w: number,
    row: number,
    losses: number,
  ): void;
  leastSquares(
    n: number,
    d: number,
    m: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    factor: number,
    mostTrace: number,
    w: number,
    covariance: number,
    row: number,
    spread: number,
    errors: number,
  ): void;
  learnGaussian(
    n: number,
    d: number,
    k: number,
    x: number,
    stride: number,
    labels: number,
    weights: number,
    floor: number,
    most: number,
    counts: number,
    means: number,
    squares: number,
    certainties: number,
    offsets: number,
    row: number,
    scores: number,
    odds: number,
  ): void;
  weigh(d: number, floor: number, count: number, squares: number, certainties: number, offset: number): void;
  scoreGaussian(
    n: number,
    d: number,
    k: number,
    x: number,
    stride: number,
    means: number,
    certainties: number,
    offsets: number,
    scores: number,
  ): void;
  standardise(
    n: number,
    d: number,
    x: number,
    stride: number,
    weights: number,
    counts: number,
    means: number,
    variances: number,
    withMean: boolean,
    withStd: boolean,
  ): void;
  readJsonRows(
    n: number,
    d: number,
    classes: number,
    places: number,
    bytes: number,
    names: number,
    powers: number,
    row: number,
    out: number,
    stride: number,
  ): number;
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** As much of JavaScript's WebAssembly as is used here; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (descriptor: { readonly initial: number }) => Memory;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** Stretches of the kernels' memory, side by side, until the next call of `reserve`. */
export interface Room {
  readonly kernels: Kernels;
  /** All of the memory. */
  readonly numbers: Float64Array;
  /** Where each stretch begins. */
  readonly at: readonly number[];
}

const PAGE_BYTES = 65_536;

/** A cache line: where a stretch may begin. */
const ALIGNMENT_BYTES = 64;

/** Numbers of a block: so many that copying is quick, and few enough to stay in the processor's own cache. */
const BLOCK_NUMBERS = 65_536;
const MOST_BLOCK_ROWS = 1024;

let loaded: { readonly kernels: Kernels; readonly memory: Memory } | undefined;

/** Room for stretches of so many numbers each; what was there before is overwritten. */
export function reserve(...lengths: readonly number[]): Room {
  loaded ??= load();
  const { kernels, memory } = loaded;
  const at: number[] = [];
  let end = ALIGNMENT_BYTES; // a place of 0 stands for none
  for (const length of lengths) {
    at.push(end);
    end += Math.ceil((8 * length) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return { kernels, numbers: new Float64Array(memory.buffer), at };
}

/** How rows of d features are worked on: block after block, each copied to the kernels' memory column after column. */
export interface Blocks {
  /** Rows of a block, a multiple of 8. */
  readonly rows: number;
  /** Bytes from one column to the next. */
  readonly stride: number;
  /** Numbers that a block takes, with room for one column more. */
  readonly length: number;
}

export function blocksOf(d: number): Blocks {
  const rows = Math.max(8, Math.min(MOST_BLOCK_ROWS, Math.floor(BLOCK_NUMBERS / d / 8) * 8));
  // A line more than the rows take: columns a power of two apart would share the same few places of a cache.
  const stride = 8 * rows + ALIGNMENT_BYTES;
  return { rows, stride, length: ((d + 1) * stride) / 8 };
}

/** Copies so many rows, from row `start` on, to the place of a block. */
export function copyBlock(
  columns: readonly Float64Array[],
  start: number,
  rows: number,
  { numbers }: Room,
  at: number,
  stride: number,
): void {
  for (let f = 0; f < columns.length; f++) copyRows(columns[f]!, start, rows, numbers, at + f * stride);
}

/** As `copyBlock`, of one column. */
export function copyRows(column: Float64Array, start: number, rows: number, numbers: Float64Array, at: number): void {
  numbers.set(start === 0 && rows === column.length ? column : column.subarray(start, start + rows), at / 8);
}

function load() {
  const memory = new WebAssembly.Memory({ initial: 4 });
  const module = new WebAssembly.Module(Buffer.from(KERNEL_BYTES, 'base64'));
  const numberOf = (start: number, end: number) =>
    Number(Buffer.from(memory.buffer, start, end - start).toString('latin1'));
  const { exp, log, pow } = Math;
  const imports = { env: { memory }, row: { exp, log, pow }, 'json-rows': { numberOf } };
  const { exports } = new WebAssembly.Instance(module, imports);
  return { kernels: exports as Kernels, memory };
}
