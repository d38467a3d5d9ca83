/**
 * State as plain data, and its text. A snapshot is JSON plus what JSON lacks: `Float64Array` columns, −0, NaN and infinities,
 * `undefined`, whole numbers of any size (`bigint`) and points of time (`Date`); written and read back it is the same to the
 * bit. The journal and saved models both hold this text.
 */
import { excerpt, StateError, UsageError } from '../errors.ts';

export type Snapshot =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Date
  | Float64Array
  | readonly Snapshot[]
  | { readonly [key: string]: Snapshot };

/** A snapshot with named parts, as every learner's and operator's state is. */
export type SnapshotRecord = { readonly [key: string]: Snapshot };

/** How a column of numbers is written: packed for the journal, readable for files that people open and compare. */
export type ColumnStyle = 'packed' | 'readable';

const COLUMN_KEY = '$float64';
const NUMBER_KEY = '$number';
const BIGINT_KEY = '$bigint';
const DATE_KEY = '$date';
const UNDEFINED = { $undefined: true };

/** The text of a snapshot: one line, no raw newline. Throws `UsageError` (`wrong-type`) naming what can't be saved. */
export function snapshotToText(snapshot: Snapshot, style: ColumnStyle = 'packed'): string {
  return JSON.stringify(snapshot, function (this: Record<string, unknown>, key) {
    return toJson(this[key], key, style);
  });
}

/** Values in a part of a snapshot whose text is made at once. */
const PART_SIZE = 1000;

/** The text of a snapshot in short pieces, each made when it is asked for: for snapshots that take long. */
export function* snapshotPieces(snapshot: Snapshot): IterableIterator<string> {
  if (!isLarge(snapshot)) {
    yield snapshotToText(snapshot);
  } else if (Array.isArray(snapshot)) {
    yield* arrayPieces(snapshot);
  } else {
    let separator = '{';
    for (const [name, value] of Object.entries(snapshot as SnapshotRecord)) {
      yield `${separator}${JSON.stringify(name)}:`;
      yield* snapshotPieces(value);
      separator = ',';
    }
    yield '}';
  }
}

function* arrayPieces(values: readonly Snapshot[]): IterableIterator<string> {
  let separator = '[';
  for (let start = 0; start < values.length; start += PART_SIZE / 10) {
    const part = values.slice(start, start + PART_SIZE / 10);
    if (part.length > 1 && !isLarge(part)) {
      yield `${separator}${snapshotToText(part).slice(1, -1)}`;
      separator = ',';
      continue;
    }
    for (const value of part) {
      yield separator;
      yield* snapshotPieces(value);
      separator = ',';
    }
  }
  yield ']';
}

/** Whether an array or a plain object has more values in it, all the way down, than one part holds. */
function isLarge(snapshot: Snapshot): boolean {
  let left = PART_SIZE;
  const count = (value: Snapshot): void => {
    left--;
    if (left < 0 || typeof value !== 'object' || value === null || !(Array.isArray(value) || isPlainObject(value)))
      return;
    for (const name in value) {
      if (left < 0) return;
      count((value as Record<string, Snapshot>)[name]);
    }
  };
  count(snapshot);
  return left < 0;
}

/** The snapshot of a text. Throws `SyntaxError` where the text is not JSON, `StateError` where a value is malformed. */
export function snapshotFromText(text: string): Snapshot {
  const json = JSON.parse(text) as Snapshot;
  // Without a name that begins so, the text is plain JSON, and no value needs a second look.
  return text.includes('"$') ? fromJson(json) : json;
}

function toJson(value: unknown, key: string, style: ColumnStyle): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return isPlain(value) ? value : { [NUMBER_KEY]: spell(value) };
    case 'bigint':
      return { [BIGINT_KEY]: String(value) };
    case 'undefined':
      return UNDEFINED;
    case 'object':
      if (value === null || Array.isArray(value)) return value;
      if (value instanceof Date) return { [DATE_KEY]: value.getTime() };
      if (value instanceof Float64Array) {
        return { [COLUMN_KEY]: style === 'packed' ? pack(value) : Array.from(value, readableNumber) };
      }
      if (isPlainObject(value)) return value;
  }
  throw new UsageError(
    'wrong-type',
    `state: expected plain data or Float64Array, got ${describe(value)} at '${key}'; convert it in snapshot()`,
  );
}

/** The value that parsed JSON stands for; what the value holds is changed in place. */
function fromJson(json: Snapshot): Snapshot {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) {
    for (let i = 0; i < json.length; i++) json[i] = fromJson(json[i]);
    return json;
  }
  const parts = json as Record<string, Snapshot>;
  for (const name in parts) {
    if (name.startsWith('$')) return special(name, parts[name]);
    parts[name] = fromJson(parts[name]);
  }
  return json;
}

function special(name: string, value: Snapshot): Snapshot {
  switch (name) {
    case COLUMN_KEY:
      return unpack(value);
    case NUMBER_KEY:
      return Number(value);
    case BIGINT_KEY:
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return BigInt(value);
      break;
    case DATE_KEY:
      return new Date(Number(fromJson(value)));
    case '$undefined':
      return undefined;
  }
  throw new StateError('damaged', `saved state: '${name}' of ${excerpt(value)} is nothing that can be read`);
}

function pack(column: Float64Array): string {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength).toString('base64');
}

function unpack(packed: unknown): Float64Array {
  if (Array.isArray(packed)) return Float64Array.from(packed, Number);
  if (typeof packed === 'string') {
    const bytes = Buffer.from(packed, 'base64');
    if (bytes.length % 8 === 0) {
      const column = new Float64Array(bytes.length / 8);
      new Uint8Array(column.buffer).set(bytes);
      return column;
    }
  }
  throw new StateError('damaged', 'saved state: a column of numbers is not a whole number of values');
}

function readableNumber(value: number): number | string {
  return isPlain(value) ? value : spell(value);
}

/** Whether JSON keeps this number as it is. */
function isPlain(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function spell(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Whether it is an object literal that a snapshot can hold. */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) && !Object.keys(value).some((key) => key.startsWith('$'))
  );
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  const name = value.constructor?.name ?? 'object';
  return name === 'Object' ? 'an object with a key that starts with $' : name;
}
