import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';
import { hashOf, type UnitKey, UnitKeys } from './unit-keys.ts';

/** In place of an arm: the unit was seen in more than one, and counts in none. */
export const CROSSED = 255;

const FIRST_CAPACITY = 1024;

/** Units whose rows are fetched together: what is read for them fits into a processor's own memory. */
export const MOST_FETCHED = 1024;

/**
 * One row of numbers a unit, in columns, so that a million units are no million objects. What a batch changes is remembered
 * until `keepChanges` or `undoChanges`.
 *
 * Cost: O(variables) a unit and batch. Memory: 8 bytes a variable, 7 beside them, and the key (`UnitKeys`).
 */
export class UnitTable {
  readonly #width: number;
  readonly #keys = new UnitKeys();
  #values: Float64Array;
  #arms = new Uint8Array(FIRST_CAPACITY);
  #epochs = new Uint16Array(FIRST_CAPACITY);
  /** The batch that last changed the unit. */
  #changedIn = new Uint32Array(FIRST_CAPACITY);
  #batch = 1;
  readonly #fetched = new Int32Array(MOST_FETCHED);
  /** Units before this batch. */
  #knownBefore = 0;
  /** The units that this batch touched, as they were: row, arm, and the variables one after the other. */
  #touchedRows: number[] = [];
  #touchedArms: number[] = [];
  #touchedValues: number[] = [];

  /** `width`: variables a unit. */
  constructor(width: number) {
    this.#width = width;
    this.#values = new Float64Array(FIRST_CAPACITY * width);
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Brings the rows of so many units from the memory, all at once. */
  fetch(hashes: Int32Array, count: number): void {
    const rows = this.#fetched;
    let read = this.#keys.fetch(hashes, rows, count);
    for (let i = 0; i < count; i++) read ^= this.#changedIn[rows[i]!]!;
    for (let i = 0; i < count; i++) read ^= this.#arms[rows[i]!]!;
    for (let i = 0; i < count; i++) read ^= this.#values[rows[i]! * this.#width]!;
    rows[0] = read;
  }

  /**
   * The row of a unit, which begins with zeros in this arm and epoch if it is new. Call `touch` before a change. `hash`: the key's,
   * `hashOf`.
   */
  rowOf(unit: UnitKey, hash: number, arm: number, epoch: number): number {
    const known = this.#keys.size;
    const row = this.#keys.rowOf(unit, hash);
    if (row < known) return row;
    if (row === this.#arms.length) this.#grow();
    this.#arms[row] = arm;
    this.#epochs[row] = epoch;
    this.#changedIn[row] = this.#batch;
    return row;
  }

  armOf(row: number): number {
    return this.#arms[row]!;
  }

  epochOf(row: number): number {
    return this.#epochs[row]!;
  }

  valueAt(row: number, variable: number): number {
    return this.#values[row * this.#width + variable]!;
  }

  setValueAt(row: number, variable: number, value: number): void {
    this.#values[row * this.#width + variable] = value;
  }

  /** Remembers what the unit was before this batch. */
  touch(row: number): void {
    if (this.#changedIn[row] === this.#batch) return;
    this.#changedIn[row] = this.#batch;
    this.#touchedRows.push(row);
    this.#touchedArms.push(this.#arms[row]!);
    for (let variable = 0; variable < this.#width; variable++) this.#touchedValues.push(this.valueAt(row, variable));
  }

  setArm(row: number, arm: number): void {
    this.touch(row);
    this.#arms[row] = arm;
  }

  /** Calls `visit` for each unit that was there before this batch and was touched by it, with what it was. */
  forEachTouched(visit: (row: number, armBefore: number, valuesBefore: readonly number[]) => void): void {
    const width = this.#width;
    const values = new Array<number>(width);
    for (const [i, row] of this.#touchedRows.entries()) {
      for (let variable = 0; variable < width; variable++)
        values[variable] = this.#touchedValues[i * width + variable]!;
      visit(row, this.#touchedArms[i]!, values);
    }
  }

  /** The first row that is new in this batch. */
  get firstNewRow(): number {
    return this.#knownBefore;
  }

  keepChanges(): void {
    this.#knownBefore = this.#keys.size;
    this.#touchedRows = [];
    this.#touchedArms = [];
    this.#touchedValues = [];
    this.#batch++;
  }

  undoChanges(): void {
    this.forEachTouched((row, arm, values) => {
      this.#arms[row] = arm;
      this.#values.set(values, row * this.#width);
    });
    const [known, all] = [this.#knownBefore, this.#keys.size];
    if (known < all) this.#keys.truncate(known);
    this.#values.fill(0, known * this.#width, all * this.#width);
    this.keepChanges();
  }

  /** The rows that this batch made or changed. */
  changes(): SnapshotRecord {
    const [known, touched] = [this.#knownBefore, this.#touchedRows];
    const rows = new Float64Array(touched.length + this.#keys.size - known);
    rows.set(touched);
    for (let i = touched.length; i < rows.length; i++) rows[i] = known + i - touched.length;
    return { keys: this.#keysFrom(known), ...this.#columnsOf(rows) };
  }

  applyChanges(changes: SnapshotRecord): void {
    const { keys, rows, arms, epochs, values } = changes as unknown as Columns;
    for (const key of keys) this.rowOf(key, hashOf(key), 0, 0);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      this.#arms[row] = arms[i]!;
      this.#epochs[row] = epochs[i]!;
      this.#values.set(values.subarray(i * this.#width, (i + 1) * this.#width), row * this.#width);
    }
    this.keepChanges();
  }

  snapshot(): SnapshotRecord {
    const rows = Float64Array.from({ length: this.#keys.size }, (_, row) => row);
    return { keys: this.#keysFrom(0), ...this.#columnsOf(rows) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { keys, rows, values } = snapshot as unknown as Columns;
    if (!Array.isArray(keys) || values?.length !== rows?.length * this.#width) {
      throw new StateError('does-not-fit', `units: expected ${this.#width} variables a unit, got another number`);
    }
    this.#keys.truncate(0);
    this.#values.fill(0);
    this.applyChanges(snapshot);
  }

  #keysFrom(first: number): UnitKey[] {
    return Array.from({ length: this.#keys.size - first }, (_, i) => this.#keys.keyAt(first + i));
  }

  #columnsOf(rows: Float64Array) {
    const width = this.#width;
    const [arms, epochs] = [new Float64Array(rows.length), new Float64Array(rows.length)];
    const values = new Float64Array(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      arms[i] = this.#arms[row]!;
      epochs[i] = this.#epochs[row]!;
      for (let variable = 0; variable < width; variable++) {
        values[i * width + variable] = this.#values[row * width + variable]!;
      }
    }
    return { rows, arms, epochs, values } satisfies Record<string, Snapshot>;
  }

  #grow(): void {
    const capacity = 2 * this.#arms.length;
    this.#values = grown(this.#values, new Float64Array(capacity * this.#width));
    this.#arms = grown(this.#arms, new Uint8Array(capacity));
    this.#epochs = grown(this.#epochs, new Uint16Array(capacity));
    this.#changedIn = grown(this.#changedIn, new Uint32Array(capacity));
  }
}

interface Columns {
  readonly keys: readonly UnitKey[];
  readonly rows: Float64Array;
  readonly arms: Float64Array;
  readonly epochs: Float64Array;
  readonly values: Float64Array;
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
