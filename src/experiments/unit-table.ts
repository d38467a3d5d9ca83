import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';

/** What tells the units of an experiment apart: users, as a rule. */
export type UnitKey = string | number;

/** In place of an arm: the unit was seen in more than one, and counts in none. */
export const CROSSED = 255;

const FIRST_CAPACITY = 1024;

/**
 * One row of numbers a unit, in columns, so that a million units are no million objects. What a batch changes is remembered
 * until `keepChanges` or `undoChanges`.
 *
 * Cost: O(variables) a unit and batch. Memory: 8 bytes a variable, 7 beside them, and the key in a map.
 */
export class UnitTable {
  readonly #width: number;
  readonly #rows = new Map<UnitKey, number>();
  #values: Float64Array;
  #arms = new Uint8Array(FIRST_CAPACITY);
  #epochs = new Uint16Array(FIRST_CAPACITY);
  /** The batch that last changed the unit. */
  #changedIn = new Uint32Array(FIRST_CAPACITY);
  #batch = 1;
  #newKeys: UnitKey[] = [];
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
    return this.#rows.size;
  }

  /** The row of a unit, which begins with zeros in this arm and epoch if it is new. Call `touch` before a change. */
  rowOf(unit: UnitKey, arm: number, epoch: number): number {
    const known = this.#rows.get(unit);
    if (known !== undefined) return known;
    const row = this.#rows.size;
    if (row === this.#arms.length) this.#grow();
    this.#rows.set(unit, row);
    this.#newKeys.push(unit);
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

  /** The unit's variables: a view, which may be written to after `touch`. */
  valuesOf(row: number): Float64Array {
    return this.#values.subarray(row * this.#width, (row + 1) * this.#width);
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
    return this.#rows.size - this.#newKeys.length;
  }

  keepChanges(): void {
    this.#newKeys = [];
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
    for (const key of this.#newKeys) this.#rows.delete(key);
    this.#values.fill(0, this.#rows.size * this.#width);
    this.keepChanges();
  }

  /** The rows that this batch made or changed. */
  changes(): SnapshotRecord {
    const rows = [...this.#touchedRows];
    for (let row = this.firstNewRow; row < this.#rows.size; row++) rows.push(row);
    return { keys: this.#newKeys, ...this.#columnsOf(rows) };
  }

  applyChanges(changes: SnapshotRecord): void {
    const { keys, rows, arms, epochs, values } = changes as unknown as Columns;
    for (const key of keys) this.rowOf(key, 0, 0);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      this.#arms[row] = arms[i]!;
      this.#epochs[row] = epochs[i]!;
      this.#values.set(values.subarray(i * this.#width, (i + 1) * this.#width), row * this.#width);
    }
    this.keepChanges();
  }

  snapshot(): SnapshotRecord {
    const rows = Array.from({ length: this.#rows.size }, (_, row) => row);
    return { keys: [...this.#rows.keys()], ...this.#columnsOf(rows) };
  }

  restore(snapshot: SnapshotRecord): void {
    const { keys, rows, values } = snapshot as unknown as Columns;
    if (!Array.isArray(keys) || values?.length !== rows?.length * this.#width) {
      throw new StateError('does-not-fit', `units: expected ${this.#width} variables a unit, got another number`);
    }
    this.#rows.clear();
    this.#values.fill(0);
    this.applyChanges(snapshot);
  }

  #columnsOf(rows: readonly number[]) {
    const values = new Float64Array(rows.length * this.#width);
    for (const [i, row] of rows.entries()) values.set(this.valuesOf(row), i * this.#width);
    return {
      rows: Float64Array.from(rows),
      arms: Float64Array.from(rows, (row) => this.#arms[row]!),
      epochs: Float64Array.from(rows, (row) => this.#epochs[row]!),
      values,
    } satisfies Record<string, Snapshot>;
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
