import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import { StateError, UsageError } from '../errors.ts';
import { grown } from './grown.ts';
import { keyOf, UnitColumn, type UnitKey } from './unit-column.ts';

const FIRST_SLOTS = 2048;
const FIRST_BYTES = 16_384;
/** Slots in use ÷ slots, at most. */
const FULLEST = 0.6;

/**
 * Numbers units 0, 1, 2, … in the order in which they come. As a map from keys to numbers, but the keys lie one behind the other in
 * one array of bytes, so that a million of them are no million objects.
 *
 * The rows are found by hashing, with linear probing. Cost: O(length of the key). Memory: its characters, and about 25 bytes.
 */
export class UnitKeys {
  #size = 0;
  /** Two numbers a slot: the key's hash, and its row + 1, or 0 for a free slot. */
  #slots = new Int32Array(2 * FIRST_SLOTS);
  /** Where the key of each row begins, and behind the last, where the next will. */
  #starts = new Uint32Array(FIRST_SLOTS);
  #bytes = new Uint8Array(FIRST_BYTES);
  readonly #one = new UnitColumn(1);

  get size(): number {
    return this.#size;
  }

  /** The row of a key; the next row, `size` before the call, for one that is new. */
  rowOf(key: UnitKey): number {
    this.#one.clear();
    this.#one.push(key);
    return this.rowAt(this.#one, 0);
  }

  /** As `rowOf`, of the key in this row of a column. */
  rowAt(column: UnitColumn, index: number): number {
    const hash = column.hashOf(index);
    const mask = this.#slots.length / 2 - 1;
    let slot = hash & mask;
    for (let next = this.#slots[2 * slot + 1]!; next !== 0; next = this.#slots[2 * slot + 1]!) {
      if (this.#slots[2 * slot] === hash && this.#isAt(next - 1, column, index)) return next - 1;
      slot = (slot + 1) & mask;
    }
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = this.#size + 1;
    this.#append(column, index);
    if (this.#size > (mask + 1) * FULLEST) this.#index(4 * this.#slots.length);
    return this.#size - 1;
  }

  /**
   * Reads what will be needed to find `count` keys from `first` on, and gives the likely row of each, or 0. Among a million keys
   * each step of a search waits for the memory; a loop of nothing but reads waits for many at once. Returns what is of no use, but
   * must not be optimised away. `rows`: `count` numbers or more; written to.
   */
  fetch(column: UnitColumn, first: number, count: number, rows: Int32Array): number {
    const [slots, starts, bytes] = [this.#slots, this.#starts, this.#bytes];
    const mask = slots.length / 2 - 1;
    for (let i = 0; i < count; i++) rows[i] = Math.max(0, slots[2 * (column.hashOf(first + i) & mask) + 1]! - 1);
    let read = 0;
    for (let i = 0; i < count; i++) read ^= starts[rows[i]!]!;
    for (let i = 0; i < count; i++) read ^= bytes[starts[rows[i]!]!]!;
    return read;
  }

  keyAt(row: number): UnitKey {
    return keyOf(this.#bytes, this.#starts[row]!, this.#starts[row + 1]!);
  }

  /** The keys from a row on, as one text and where each ends in its bytes: a million keys are no million texts. */
  packedFrom(row: number): SnapshotRecord {
    const [from, to] = [this.#starts[row]!, this.#starts[this.#size]!];
    const ends = new Float64Array(this.#size - row);
    for (let i = 0; i < ends.length; i++) ends[i] = this.#starts[row + i + 1]! - from;
    return { bytes: Buffer.from(this.#bytes.buffer, from, to - from).toString('base64'), ends };
  }

  /** Adds what `packedFrom` gave. Throws `StateError` (`does-not-fit`) for something else. */
  addPacked(packed: Snapshot): void {
    const { bytes: text, ends } = (packed ?? {}) as { readonly bytes?: unknown; readonly ends?: unknown };
    if (typeof text !== 'string' || !(ends instanceof Float64Array)) {
      throw new StateError(
        'does-not-fit',
        'units: expected their keys as a text and where each ends, got something else',
      );
    }
    const bytes = Buffer.from(text, 'base64');
    let start = 0;
    for (const end of ends) {
      this.#one.clear();
      this.#one.pushKey(bytes, start, end);
      this.rowAt(this.#one, 0);
      start = end;
    }
  }

  /** Forgets all but the first `size` keys. Cost: O(keys). */
  truncate(size: number): void {
    this.#size = size;
    this.#index(this.#slots.length);
  }

  /** Makes the slots anew, of the rows that there are. */
  #index(length: number): void {
    const [old, slots] = [this.#slots, new Int32Array(length)];
    const mask = length / 2 - 1;
    for (let at = 0; at < old.length; at += 2) {
      const next = old[at + 1]!;
      if (next === 0 || next > this.#size) continue;
      let slot = old[at]! & mask;
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
      slots[2 * slot] = old[at]!;
      slots[2 * slot + 1] = next;
    }
    this.#slots = slots;
  }

  #isAt(row: number, column: UnitColumn, index: number): boolean {
    const from = this.#starts[row]!;
    const start = column.startOf(index);
    const length = column.endOf(index) - start;
    if (this.#starts[row + 1]! - from !== length) return false;
    const [bytes, others] = [this.#bytes, column.bytes];
    for (let i = 0; i < length; i++) if (bytes[from + i] !== others[start + i]) return false;
    return true;
  }

  #append(column: UnitColumn, index: number): void {
    const from = this.#starts[this.#size]!;
    const start = column.startOf(index);
    const length = column.endOf(index) - start;
    this.#makeRoom(from + length);
    const [bytes, others] = [this.#bytes, column.bytes];
    for (let i = 0; i < length; i++) bytes[from + i] = others[start + i]!;
    this.#size++;
    this.#starts[this.#size] = from + length;
  }

  #makeRoom(bytes: number): void {
    if (bytes >= 2 ** 32) throw new UsageError('bad-option', 'units: their names take up more than 4 GiB together');
    if (bytes > this.#bytes.length) {
      this.#bytes = grown(this.#bytes, new Uint8Array(Math.max(bytes, Math.ceil(1.5 * this.#bytes.length))));
    }
    if (this.#size + 1 === this.#starts.length) {
      this.#starts = grown(this.#starts, new Uint32Array(Math.ceil(1.5 * this.#starts.length)));
    }
  }
}
