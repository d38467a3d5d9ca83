import { KERNEL_BYTES } from './kernel-bytes.ts';
import type { Kernels } from './kernel-calls.ts';

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

/** Stretches of the kernels' memory, of lengths `L`, side by side, until the next call of `reserve`. */
export interface Room<L extends readonly number[] = readonly number[]> {
  readonly kernels: Kernels;
  /** All of the memory. */
  readonly numbers: Float64Array;
  /** Where each stretch begins. */
  readonly at: { readonly [K in keyof L]: number };
}

const PAGE_BYTES = 65_536;

/** A cache line: where a stretch may begin. */
const ALIGNMENT_BYTES = 64;

/** Numbers of a block: so many that copying is quick, and few enough to stay in the processor's own cache. */
const BLOCK_NUMBERS = 65_536;
const MOST_BLOCK_ROWS = 1024;

let loaded: ReturnType<typeof load> | undefined;
/** What `reserve` gave last. */
let latest: Room | undefined;

/** Room for stretches of so many numbers each; what was there before is overwritten. */
export function reserve<L extends readonly number[]>(...lengths: L): Room<L> {
  loaded ??= load();
  const { kernels, memory } = loaded;
  const at: number[] = [];
  let end = loaded.free;
  for (const length of lengths) {
    at.push(end);
    end = aligned(end + 8 * length);
  }
  const missing = end - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  const room = { kernels, numbers: new Float64Array(memory.buffer), at: at as Room<L>['at'] };
  latest = room;
  return room;
}

/** Whether nothing was reserved after this: what was written there is there still. */
export function isLatest(room: Room | undefined): boolean {
  return room !== undefined && room === latest;
}

/** The next place where a stretch may begin. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
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
  const stride = strideOf(rows);
  return { rows, stride, length: ((d + 1) * stride) / 8 };
}

/** Bytes from one column of so many rows to the next, with room for up to the next multiple of 8. */
export function strideOf(rows: number): number {
  // A line more than the rows take: columns a power of two apart would share the same few places of a cache.
  return aligned(8 * rows) + ALIGNMENT_BYTES;
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
  const { free, ...kernels } = exports as Kernels & { readonly free: { readonly value: number } };
  return { kernels, memory, free: aligned(free.value) };
}
