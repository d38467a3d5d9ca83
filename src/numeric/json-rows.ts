import { decimalPowers } from './decimal-powers.ts';
import { blocksOf, type Room, reserve } from './kernels.ts';

/** Bytes of texts that are copied to the kernels' memory at a time; they stay in the processor's own cache. */
const BLOCK_BYTES = 128 * 1024;
/** What the kernel may look at behind the texts. */
const SLACK_BYTES = 64;
/** As the kernel has it: a name's first eight bytes, which of them count, its length, and where the whole of it is. */
const NAME_BYTES = 24;

/** Texts in UTF-8: the bytes in which they lie one after the other, and where each begins and ends; −1 where there is none. */
export interface Texts {
  readonly bytes: Uint8Array;
  /** Int32Array[2n] */
  readonly places: Int32Array;
}

/** Called for text `index`, which is not of the usual form. Fills row `row` and returns true, or returns false to leave it out. */
export type ReadUnusual = (index: number, row: number) => boolean;

/**
 * Reads the numbers of flat JSON objects, or of arrays, from their bytes into columns. It knows the usual only, and asks where
 * it meets anything else: escapes, a field that is an object, what is no JSON, a number that is not finite. What it does read
 * is what `JSON.parse` reads, to the bit (`test/oracle/json-rows.test.ts`).
 *
 * `names`: of the fields, none twice. With `numClasses`, the last one is a class, and usual only as a whole number from 0 to
 * numClasses − 1.
 */
export class JsonRows {
  readonly #width: number;
  readonly #numClasses: number | undefined;
  readonly #names: Uint8Array;

  constructor(names: readonly string[], numClasses?: number) {
    this.#width = names.length;
    this.#numClasses = numClasses;
    this.#names = tableOf(names);
  }

  /**
   * Fills `columns` from row `row` on, where there must be room for n, and gives the row behind the last one. `unusual` must use
   * no kernel. Cost: some nanoseconds a number.
   */
  read(texts: Texts, columns: readonly Float64Array[], row: number, unusual: ReadUnusual): number {
    const n = texts.places.length / 2;
    const room = this.#room();
    let next = row;
    for (let first = 0; first < n; ) {
      const block = blockFrom(texts.places, first, room.rows);
      copyBlock(texts, block, room);
      for (let i = first; i < block.last; ) {
        const read = this.#readBlock(room, i - first, block.last - i);
        for (let f = 0, at = room.out / 8; f < columns.length; f++, at += room.stride / 8) {
          columns[f]!.set(room.numbers.subarray(at, at + read), next);
        }
        next += read;
        i += read;
        if (i < block.last && unusual(i++, next)) next++;
      }
      first = block.last;
      if (first < n && isTooLong(texts.places, first) && unusual(first++, next)) next++;
    }
    return next;
  }

  /** Room for a block of texts and its rows, beside what is the same for all blocks. */
  #room(): BlockRoom {
    const powers = decimalPowers();
    const { rows, stride } = blocksOf(this.#width);
    const lengths = [this.#width * stride, 8 * (this.#width + 1), 8 * rows, powers.length, this.#names.length];
    const { kernels, numbers, at } = reserve(...lengths.map((bytes) => bytes / 8), (BLOCK_BYTES + SLACK_BYTES) / 8);
    const memory = new Uint8Array(numbers.buffer);
    memory.set(powers, at[3]);
    memory.set(this.#names, at[4]);
    const places = { out: at[0]!, scratch: at[1]!, places: at[2]!, powers: at[3]!, names: at[4]!, bytes: at[5]! };
    return { kernels, numbers, memory, rows, stride, ...places };
  }

  /** Reads `count` texts of the block from `first` on, and gives how many came before one that is unusual. */
  #readBlock(room: BlockRoom, first: number, count: number): number {
    const { kernels, bytes, names, powers, scratch, out, stride } = room;
    const places = room.places + 8 * first;
    const classes = this.#numClasses ?? 0;
    return kernels.readJsonRows(count, this.#width, classes, places, bytes, names, powers, scratch, out, stride);
  }
}

/** The kernels' memory, and what begins where in it. */
interface BlockRoom extends Omit<Room, 'at'> {
  readonly memory: Uint8Array;
  /** Of a block, and bytes from one column to the next. */
  readonly rows: number;
  readonly stride: number;
  readonly out: number;
  readonly scratch: number;
  readonly places: number;
  readonly powers: number;
  readonly names: number;
  readonly bytes: number;
}

/** Texts from one on up to `last`, and the bytes in which they lie. */
interface TextBlock {
  readonly first: number;
  readonly last: number;
  readonly start: number;
  readonly end: number;
}

function copyBlock({ bytes, places }: Texts, { first, last, start, end }: TextBlock, room: BlockRoom): void {
  room.memory.set(bytes.subarray(start, end), room.bytes);
  room.memory.fill(0, room.bytes + end - start, room.bytes + end - start + SLACK_BYTES);
  const copied = new Int32Array(room.numbers.buffer, room.places, 2 * (last - first));
  for (let i = 0; i < copied.length; i++) {
    copied[i] = Math.max(places[2 * first + i]! - start, -(i & 1)); // of an absent text, the end is before the start
  }
}

/** As many texts from `first` on as a block has room for, and the bytes in which they lie. */
function blockFrom(places: Int32Array, first: number, mostRows: number): TextBlock {
  const most = Math.min(first + mostRows, places.length / 2);
  let [last, start, end] = [first, 0, 0];
  for (; last < most; last++) {
    const textEnd = places[2 * last + 1]!;
    if (textEnd < 0) continue;
    if (end === 0) start = places[2 * last]!;
    if (textEnd - start > BLOCK_BYTES) break;
    end = textEnd;
  }
  return { first, last, start, end: Math.max(start, end) };
}

function isTooLong(places: Int32Array, index: number): boolean {
  return places[2 * index + 1]! - places[2 * index]! > BLOCK_BYTES;
}

/** An entry for each name, then their texts. One that can't stand in JSON as it is has no length, and is never met. */
function tableOf(names: readonly string[]): Uint8Array {
  const texts = names.map((name) => Buffer.from(isPlain(name) ? `"${name}":` : ''));
  const table = Buffer.alloc(NAME_BYTES * names.length);
  let textAt = table.length;
  for (const [i, text] of texts.entries()) {
    const entry = i * NAME_BYTES;
    text.copy(table, entry, 0, 8);
    table.fill(0xff, entry + 8, entry + 8 + Math.min(8, text.length));
    table.writeUInt32LE(text.length, entry + 16);
    table.writeUInt32LE(textAt, entry + 20);
    textAt += text.length;
  }
  return Buffer.concat([table, ...texts], Math.ceil((textAt + 8) / 8) * 8);
}

function isPlain(name: string): boolean {
  return !/[\p{Cc}"\\\p{Surrogate}]/u.test(name);
}
