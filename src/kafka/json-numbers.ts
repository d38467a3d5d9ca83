/** Powers of ten that a double holds exactly. */
const EXACT_POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const [QUOTE, COMMA, MINUS, DOT, ZERO, NINE, COLON, BACKSLASH] = [0x22, 0x2c, 0x2d, 0x2e, 0x30, 0x39, 0x3a, 0x5c];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads the numbers of a flat JSON object, or of an array, from its bytes. It knows the usual only, and says where it
 * meets anything else; what it does read is what `JSON.parse` reads, to the bit.
 *
 * A number of up to 15 digits with an exponent within ±22 is the quotient or product of two doubles that are exact, hence
 * rounded once (Clinger, "How to read floating point numbers accurately", 1990); others go through `Number`.
 */
export class JsonNumbers {
  readonly #names: readonly Buffer[];
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  /** `names`: of the fields, without any twice. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Buffer.from(name));
  }

  /** Fills `row` with the fields in bytes[start, end), and returns true; false where the value is not of the usual form. */
  read(bytes: Buffer, start: number, end: number, row: Float64Array): boolean {
    if (start < 0) return false;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    row.fill(Number.NaN);
    this.#skipSpace();
    const first = this.#bytes[this.#at++];
    const read = first === OPEN_OBJECT ? this.#object(row) : first === OPEN_ARRAY && this.#array(row);
    this.#skipSpace();
    if (!read || this.#at !== this.#end) return false;
    for (let j = 0; j < row.length; j++) if (!(row[j]! - row[j]! === 0)) return false;
    return true;
  }

  #array(row: Float64Array): boolean {
    for (let j = 0; j < row.length; j++) {
      if (j > 0 && !this.#takes(COMMA)) return false;
      this.#skipSpace();
      row[j] = this.#number();
    }
    return this.#takes(CLOSE_ARRAY);
  }

  #object(row: Float64Array): boolean {
    let expected = 0;
    do {
      if (!this.#takes(QUOTE)) return false;
      const nameStart = this.#at;
      if (!this.#restOfString()) return false;
      const field = this.#fieldAt(nameStart, this.#at - 1, expected);
      if (!this.#takes(COLON)) return false;
      this.#skipSpace();
      if (field < 0) {
        if (!this.#skipValue()) return false;
        continue;
      }
      row[field] = this.#number();
      if (Number.isNaN(row[field]!)) return false;
      expected = field + 1;
    } while (this.#takes(COMMA));
    return this.#takes(CLOSE_OBJECT);
  }

  /** Which field the name is; −1 for none. Records of a topic mostly have their fields in one order. */
  #fieldAt(start: number, end: number, expected: number): number {
    const count = this.#names.length;
    for (let k = 0; k < count; k++) {
      const field = (expected + k) % count;
      if (this.#isName(this.#names[field]!, start, end)) return field;
    }
    return -1;
  }

  #isName(name: Buffer, start: number, end: number): boolean {
    if (name.length !== end - start) return false;
    for (let i = 0; i < name.length; i++) if (this.#bytes[start + i] !== name[i]) return false;
    return true;
  }

  /** A number that JSON allows; NaN for anything else. */
  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const negative = bytes[start] === MINUS;
    let at = negative ? start + 1 : start;
    const digitsStart = at;
    let mantissa = 0;
    for (; isDigit(bytes[at]!); at++) mantissa = mantissa * 10 + (bytes[at]! - ZERO);
    let digits = at - digitsStart;
    if (digits === 0 || (digits > 1 && bytes[digitsStart] === ZERO)) return Number.NaN;
    let exponent = 0;
    if (bytes[at] === DOT) {
      const fractionStart = ++at;
      for (; isDigit(bytes[at]!); at++) mantissa = mantissa * 10 + (bytes[at]! - ZERO);
      if (at === fractionStart) return Number.NaN;
      exponent = fractionStart - at;
      digits -= exponent;
    }
    if ((bytes[at]! | 0x20) === 0x65) return this.#numberWithExponent(start, at);
    if (at > this.#end) return Number.NaN;
    this.#at = at;
    if (digits > 15 || exponent < -22) return Number(bytes.toString('latin1', start, at));
    const size = exponent === 0 ? mantissa : mantissa / EXACT_POWERS[-exponent]!;
    return negative ? -size : size;
  }

  #numberWithExponent(start: number, exponentAt: number): number {
    const bytes = this.#bytes;
    let at = exponentAt + 1;
    if (bytes[at] === MINUS || bytes[at] === 0x2b) at++;
    const digitsStart = at;
    while (isDigit(bytes[at]!)) at++;
    if (at === digitsStart || at > this.#end) return Number.NaN;
    this.#at = at;
    return Number(bytes.toString('latin1', start, at));
  }

  /** A value of a field that nobody asked for: a number, a plain string, or a word. */
  #skipValue(): boolean {
    const first = this.#bytes[this.#at]!;
    if (first === QUOTE) {
      this.#at++;
      return this.#restOfString();
    }
    if (first === MINUS || isDigit(first)) return !Number.isNaN(this.#number());
    return this.#takesWord('null') || this.#takesWord('true') || this.#takesWord('false');
  }

  #takesWord(word: string): boolean {
    if (this.#bytes.toString('latin1', this.#at, this.#at + word.length) !== word) return false;
    this.#at += word.length;
    return true;
  }

  /** To behind the closing quote; false where a backslash or a control character comes before. */
  #restOfString(): boolean {
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at++]!;
      if (byte === QUOTE) return true;
      if (byte === BACKSLASH || byte < 0x20) return false;
    }
    return false;
  }

  /** Whether the next byte but space is this one, which is then behind us. */
  #takes(byte: number): boolean {
    this.#skipSpace();
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (; this.#at < this.#end; this.#at++) {
      const byte = this.#bytes[this.#at]!;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
