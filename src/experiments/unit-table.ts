import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';
import { grown } from './grown.ts';
import type { UnitColumn } from './unit-column.ts';
import { UnitKeys } from './unit-keys.ts';

/** In place of an arm: the unit was seen in more than one, and counts in none. */
export const CROSSED = 255;

const FIRST_CAPACITY = 1024;

/** Units whose rows are fetched together: what is read for them fits into a processor's own memory. */
export const MOST_FETCHED = 1024;

/** In the first word of a row, as two whole numbers: the batch that last changed it, and arm + 256 · epoch. */
const [CHANGED_IN, ARM_AND_EPOCH] = [0, 1];

/**
 * One row of numbers a unit, one behind the other, so that a million units are no million objects, and all that is known of one
 * comes from the memory at once. What a batch changes is remembered until `keepChanges` or `undoChanges`.
 *
 * Cost: O(variables) a unit and batch. Memory: 8 bytes a variable, 8 beside them, and the key (`UnitKeys`).
 */
export class UnitTable {
  readonly #width: number;
  /** Words of eight bytes a row: one, and the variables. */
  readonly #stride: number;
  readonly #keys = new UnitKeys();
  #rows: Float64Array;
  /** The same bytes, as whole numbers. */
  #halves: Uint32Array;
  #batch = 1;
  readonly #fetched = new Int32Array(MOST_FETCHED);
  /** Units before this batch. */
  #knownBefore = 0;
  /** The units that this batch touched, as they were: row, arm, and the variables one after the other. */
  #touched = 0;
  #touchedRows = new Int32Array(FIRST_CAPACITY);
  #touchedArms = new Uint8Array(FIRST_CAPACITY);
  #touchedValues: Float64Array;

  /** `width`: variables a unit. */
  constructor(width: number) {
    this.#width = width;
    this.#stride = width + 1;
    this.#rows = new Float64Array(FIRST_CAPACITY * this.#stride);
    this.#halves = new Uint32Array(this.#rows.buffer);
    this.#touchedValues = new Float64Array(FIRST_CAPACITY * width);
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Brings the rows of `count` units from the memory, all at once. */
  fetch(units: UnitColumn, first: number, count: number): void {
    const rows = this.#fetched;
    let read = this.#keys.fetch(units, first, count, rows);
    for (let i = 0; i < count; i++) read ^= this.#halves[2 * this.#stride * rows[i]!]!;
    rows[0] = read;
  }

  /** The row of a unit, which begins with zeros in this arm and epoch if it is new. Call `touch` before a change. */
  rowAt(units: UnitColumn, index: number, arm: number, epoch: number): number {
    const known = this.#keys.size;
    const row = this.#keys.rowAt(units, index);
    if (row === known) this.#begin(row, arm, epoch);
    return row;
  }

  armOf(row: number): number {
    return this.#halves[2 * this.#stride * row + ARM_AND_EPOCH]! & 255;
  }

  epochOf(row: number): number {
    return this.#halves[2 * this.#stride * row + ARM_AND_EPOCH]! >>> 8;
  }

  valueAt(row: number, variable: number): number {
    return this.#rows[row * this.#stride + 1 + variable]!;
  }

  setValueAt(row: number, variable: number, value: number): void {
    this.#rows[row * this.#stride + 1 + variable] = value;
  }

  /** Remembers what the unit was before this batch. */
  touch(row: number): void {
    const at = 2 * this.#stride * row;
    if (this.#halves[at + CHANGED_IN] === this.#batch) return;
    this.#halves[at + CHANGED_IN] = this.#batch;
    if (this.#touched === this.#touchedRows.length) this.#makeRoomToTouch();
    const i = this.#touched++;
    this.#touchedRows[i] = row;
    this.#touchedArms[i] = this.armOf(row);
    for (let variable = 0; variable < this.#width; variable++) {
      this.#touchedValues[i * this.#width + variable] = this.valueAt(row, variable);
    }
  }

  setArm(row: number, arm: number): void {
    this.touch(row);
    this.#place(row, arm, this.epochOf(row));
  }

  // The units that were there before this batch and were touched by it

  get touched(): number {
    return this.#touched;
  }

  touchedRow(index: number): number {
    return this.#touchedRows[index]!;
  }

  armBefore(index: number): number {
    return this.#touchedArms[index]!;
  }

  valueBefore(index: number, variable: number): number {
    return this.#touchedValues[index * this.#width + variable]!;
  }

  /** The first row that is new in this batch. */
  get firstNewRow(): number {
    return this.#knownBefore;
  }

  // What is saved

  keepChanges(): void {
    this.#knownBefore = this.#keys.size;
    this.#touched = 0;
    this.#batch++;
  }

  undoChanges(): void {
    const width = this.#width;
    for (let i = 0; i < this.#touched; i++) {
      const row = this.#touchedRows[i]!;
      this.#place(row, this.#touchedArms[i]!, this.epochOf(row));
      for (let variable = 0; variable < width; variable++)
        this.setValueAt(row, variable, this.valueBefore(i, variable));
    }
    const [known, all] = [this.#knownBefore, this.#keys.size];
    if (known < all) this.#keys.truncate(known);
    this.#rows.fill(0, known * this.#stride, all * this.#stride);
    this.keepChanges();
  }

  /** The rows that this batch made or changed. */
  changes(): SnapshotRecord {
    const known = this.#knownBefore;
    const rows = new Float64Array(this.#touched + this.#keys.size - known);
    rows.set(this.#touchedRows.subarray(0, this.#touched));
    for (let i = this.#touched; i < rows.length; i++) rows[i] = known + i - this.#touched;
    return { keys: this.#keys.packedFrom(known), ...this.#columnsOf(rows) };
  }

  applyChanges(changes: SnapshotRecord): void {
    const { keys, rows, arms, epochs, values } = changes as Columns;
    const known = this.#keys.size;
    this.#keys.addPacked(keys);
    for (let row = known; row < this.#keys.size; row++) this.#begin(row, 0, 0);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      this.#place(row, arms[i]!, epochs[i]!);
      for (let variable = 0; variable < this.#width; variable++) {
        this.setValueAt(row, variable, values[i * this.#width + variable]!);
      }
    }
    this.keepChanges();
  }

  snapshot(): SnapshotRecord {
    const rows = Float64Array.from({ length: this.#keys.size }, (_, row) => row);
    return { keys: this.#keys.packedFrom(0), ...this.#columnsOf(rows) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { rows, values } = snapshot as Columns;
    if (values?.length !== rows?.length * this.#width) {
      throw new StateError('does-not-fit', `units: expected ${this.#width} variables a unit, got another number`);
    }
    this.#keys.truncate(0);
    this.#rows.fill(0);
    this.applyChanges(snapshot);
  }

  #columnsOf(rows: Float64Array) {
    const width = this.#width;
    const [arms, epochs] = [new Float64Array(rows.length), new Float64Array(rows.length)];
    const values = new Float64Array(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      arms[i] = this.armOf(row);
      epochs[i] = this.epochOf(row);
      for (let variable = 0; variable < width; variable++) values[i * width + variable] = this.valueAt(row, variable);
    }
    return { rows, arms, epochs, values } satisfies Record<string, Snapshot>;
  }

  /** Makes a row that is new. */
  #begin(row: number, arm: number, epoch: number): void {
    if ((row + 1) * this.#stride > this.#rows.length) {
      this.#rows = grown(this.#rows, new Float64Array(2 * this.#rows.length));
      this.#halves = new Uint32Array(this.#rows.buffer);
    }
    this.#halves[2 * this.#stride * row + CHANGED_IN] = this.#batch;
    this.#place(row, arm, epoch);
  }

  #place(row: number, arm: number, epoch: number): void {
    this.#halves[2 * this.#stride * row + ARM_AND_EPOCH] = arm + 256 * epoch;
  }

  #makeRoomToTouch(): void {
    const capacity = 2 * this.#touchedRows.length;
    this.#touchedRows = grown(this.#touchedRows, new Int32Array(capacity));
    this.#touchedArms = grown(this.#touchedArms, new Uint8Array(capacity));
    this.#touchedValues = grown(this.#touchedValues, new Float64Array(capacity * this.#width));
  }
}

type Columns = {
  readonly keys: Snapshot;
  readonly rows: Float64Array;
  readonly arms: Float64Array;
  readonly epochs: Float64Array;
  readonly values: Float64Array;
};
