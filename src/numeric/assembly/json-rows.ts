// AssemblyScript, compiled to WebAssembly; `../json-rows.ts` calls it and says what it reads.
// Functions that read take the place where they begin, and give the place behind what they have read; 0 where it is not of the
// usual form. They may look beyond the end of a value: whoever called them sees by the place that they did.

import { decimal } from './decimal.ts';

/** JavaScript's own reading of the digits in [start, end). */
declare function numberOf(start: usize, end: usize): f64;

const QUOTE: u32 = 0x22;
const PLUS: u32 = 0x2b;
const COMMA: u32 = 0x2c;
const MINUS: u32 = 0x2d;
const DOT: u32 = 0x2e;
const ZERO: u32 = 0x30;
const COLON: u32 = 0x3a;
const OPEN_ARRAY: u32 = 0x5b;
const BACKSLASH: u32 = 0x5c;
const CLOSE_ARRAY: u32 = 0x5d;
const OPEN_OBJECT: u32 = 0x7b;
const CLOSE_OBJECT: u32 = 0x7d;

/** A number in each of eight bytes, when multiplied by it. */
const EACH_BYTE: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
/** The first and the fifth of eight bytes. */
const TWO_BYTES: u64 = ((<u64>0xff) << 32) | 0xff;

/** Of a name, as `"name":`: its first eight bytes, which of them count, its length (0 for none), how far behind `names` it is. */
const NAME_BYTES: usize = 24;

/**
 * Reads n values, [start, end) of `places` (i32 pairs, from `bytes` on), as rows of d numbers; value i goes to row i of columns
 * that are `stride` bytes apart. Gives how many were read before the first that is not of the usual form: unless `classes` is 0,
 * the last number has to be a whole one below it. `row`: room for d + 1.
 */
export function readJsonRows(
  n: i32,
  d: i32,
  classes: f64,
  places: usize,
  bytes: usize,
  names: usize,
  powers: usize,
  row: usize,
  out: usize,
  stride: usize,
): i32 {
  const rowEnd = row + ((<usize>d) << 3);
  for (let i = 0; i < n; i++) {
    const place = places + ((<usize>i) << 3);
    const end = bytes + <usize>load<i32>(place, 4);
    for (let each = row; each < rowEnd; each += 8) store<f64>(each, NaN);
    let at = skipSpace(bytes + <usize>load<i32>(place));
    const first = <u32>load<u8>(at++);
    if (first === OPEN_OBJECT) at = readObject(at, d, names, powers, row);
    else if (first === OPEN_ARRAY) at = readArray(at, powers, row, rowEnd);
    else return i;
    if (at === 0) return i;
    while (at < end && isSpace(load<u8>(at))) at++;
    if (at !== end) return i;
    const last = load<f64>(rowEnd - 8);
    if (classes !== 0 && !(last >= 0 && last < classes && floor(last) === last)) return i;
    let column = out + ((<usize>i) << 3);
    for (let each = row; each < rowEnd; each += 8) {
      const value = load<f64>(each);
      if (value - value !== 0) return i;
      store<f64>(column, value);
      column += stride;
    }
  }
  return n;
}

function readArray(start: usize, powers: usize, row: usize, rowEnd: usize): usize {
  let at = start;
  for (let each = row; each < rowEnd; each += 8) {
    at = readNumber(skipSpace(at), powers, each);
    if (at === 0) return 0;
    at = skipSpace(at);
    if (<u32>load<u8>(at++) !== (each + 8 < rowEnd ? COMMA : CLOSE_ARRAY)) return 0;
  }
  return at;
}

function readObject(start: usize, d: i32, names: usize, powers: usize, row: usize): usize {
  const namesEnd = names + <usize>d * NAME_BYTES;
  let at = start;
  let expected = names; // values of a topic mostly have their fields in one order
  let next = COMMA;
  while (next === COMMA) {
    at = skipSpace(at);
    let name = expected;
    if (isName(at, name, names)) at += load<u32>(name, 16);
    else {
      if (load<u8>(at) !== QUOTE) return 0;
      const nameAt = at;
      at = restOfString(at + 1);
      if (at === 0) return 0;
      name = names;
      while (name < namesEnd && !isNameWithoutColon(nameAt, at - nameAt, name, names)) name += NAME_BYTES;
      at = skipSpace(at);
      if (load<u8>(at++) !== COLON) return 0;
    }
    at = skipSpace(at);
    if (name === namesEnd) at = skipValue(at, powers, row + ((<usize>d) << 3));
    else {
      at = readNumber(at, powers, row + ((name - names) / NAME_BYTES) * 8);
      expected = name + NAME_BYTES < namesEnd ? name + NAME_BYTES : names;
    }
    if (at === 0) return 0;
    at = skipSpace(at);
    next = load<u8>(at++);
  }
  return next === CLOSE_OBJECT ? at : 0;
}

/** Whether `"name":` stands here. */
function isName(at: usize, name: usize, names: usize): bool {
  if (((load<u64>(at) ^ load<u64>(name)) & load<u64>(name, 8)) !== 0) return false;
  const length = <usize>load<u32>(name, 16);
  return length <= 8 ? length > 0 : isSame(at, names + load<u32>(name, 20), length);
}

/** The same without the colon: `length` counts the quotes. */
function isNameWithoutColon(at: usize, length: usize, name: usize, names: usize): bool {
  return length + 1 === <usize>load<u32>(name, 16) && isSame(at, names + load<u32>(name, 20), length);
}

function isSame(a: usize, b: usize, length: usize): bool {
  let i: usize = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) !== load<u64>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  return true;
}

/** Stores a number that JSON allows. Of more digits than 64 bits hold, it is left to JavaScript. */
function readNumber(start: usize, powers: usize, out: usize): usize {
  let at = start;
  const negative = load<u8>(at) === MINUS;
  if (negative) at++;
  const shortEnd = readShortNumber(at, powers, negative, out);
  if (shortEnd !== 0) return shortEnd;
  const digitsAt = at;
  let digit = <u32>load<u8>(at++) - ZERO;
  if (digit > 9) return 0;
  let mantissa = <u64>digit;
  const leadingZero = digit === 0;
  digit = <u32>load<u8>(at) - ZERO;
  if (leadingZero && digit <= 9) return 0;
  while (digit <= 9) {
    mantissa = mantissa * 10 + digit;
    digit = <u32>load<u8>(++at) - ZERO;
  }
  let digits = at - digitsAt;
  let exponent: i32 = 0;
  if (digit === DOT - ZERO) {
    const fractionAt = ++at;
    digit = <u32>load<u8>(at) - ZERO;
    while (digit <= 9) {
      mantissa = mantissa * 10 + digit;
      digit = <u32>load<u8>(++at) - ZERO;
    }
    if (at === fractionAt) return 0;
    digits += at - fractionAt;
    exponent = <i32>(fractionAt - at);
  }
  if (((digit + ZERO) | 0x20) === 0x65) {
    const sign = <u32>load<u8>(++at);
    if (sign === MINUS || sign === PLUS) at++;
    const exponentAt = at;
    let size: i32 = 0;
    digit = <u32>load<u8>(at) - ZERO;
    while (digit <= 9) {
      if (size < 10_000) size = size * 10 + digit;
      digit = <u32>load<u8>(++at) - ZERO;
    }
    if (at === exponentAt) return 0;
    exponent += sign === MINUS ? -size : size;
  }
  const size = digits <= 19 ? decimal(mantissa, exponent, powers) : -1;
  store<f64>(out, size < 0 ? numberOf(start, at) : negative ? -size : size);
  return at;
}

/**
 * The same of a number that ends within eight bytes and has no exponent, all its digits at once, one a byte; 0 for any other.
 * Sources: Knuth, "The Art of Computer Programming" 4A, 7.1.3; Lemire, "Quickly parsing eight digits", 2018.
 */
function readShortNumber(at: usize, powers: usize, negative: bool, out: usize): usize {
  const word = load<u64>(at);
  const values = word ^ (EACH_BYTE * 0x30);
  const others = (((values & (EACH_BYTE * 0x7f)) + EACH_BYTE * 0x76) | values) & (EACH_BYTE * 0x80);
  if (others === 0) return 0;
  const whole = ctz(others) & 56; // bits of the digits before the first other character
  let end = whole;
  let digits = values;
  let places: u64 = 0;
  if (((word >> whole) & 0xff) === DOT) {
    const after = others & (others - 1);
    if (after === 0) return 0;
    end = ctz(after) & 56;
    const before = ((<u64>1) << whole) - 1;
    digits = (values & before) | ((values >> 8) & ~before);
    places = end - whole - 8;
    if (places === 0) return 0;
  }
  if (whole === 0 || (whole > 8 && (values & 0xff) === 0) || ((word >> end) & 0xdf) === 0x45) return 0;
  digits <<= 64 - (whole + places);
  digits = digits * 10 + (digits >> 8);
  const upper = (digits & TWO_BYTES) * (((<u64>1_000_000) << 32) | 100);
  const lower = ((digits >> 16) & TWO_BYTES) * (((<u64>10_000) << 32) | 1);
  const size = <f64>(<u32>((upper + lower) >> 32)) / load<f64>(powers + <usize>places);
  store<f64>(out, negative ? -size : size);
  return at + <usize>(end >> 3);
}

/** A value that nobody asked for: a number, a plain string, or a word. `room`: for a number. */
function skipValue(at: usize, powers: usize, room: usize): usize {
  const first = <u32>load<u8>(at);
  if (first === QUOTE) return restOfString(at + 1);
  if (first === MINUS || first - ZERO <= 9) return readNumber(at, powers, room);
  const word = load<u32>(at);
  if (word === 0x6c6c756e || word === 0x65757274) return at + 4; // null, true
  return word === 0x736c6166 && load<u8>(at + 4) === 0x65 ? at + 5 : 0; // false
}

/** To behind the closing quote; a backslash or a control character before it is not usual. */
function restOfString(start: usize): usize {
  let at = start;
  let byte = <u32>load<u8>(at++);
  while (byte !== QUOTE) {
    if (byte === BACKSLASH || byte < 0x20) return 0;
    byte = <u32>load<u8>(at++);
  }
  return at;
}

function skipSpace(start: usize): usize {
  let at = start;
  while (isSpace(load<u8>(at))) at++;
  return at;
}

function isSpace(byte: u32): bool {
  return byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}
