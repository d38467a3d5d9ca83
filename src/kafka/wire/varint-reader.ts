import { DataError } from '../../errors.ts';

/**
 * Reads Kafka's numbers of varying length, zigzag-coded: seven bits a byte, lowest first, and the sign in the lowest bit.
 * Throws `DataError` (`bad-record`) where the bytes end within a number.
 */
export class VarintReader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** A whole number that 32 bits hold. */
  int(): number {
    const first = this.#bytes[this.at]!;
    if (first < 0x80) {
      this.at++;
      return (first >>> 1) ^ -(first & 1);
    }
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#next();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new DataError('bad-record', 'Kafka: expected a number of at most 32 bits in a record, got a longer one');
  }

  /** A whole number that 64 bits hold; exact below 2^53. */
  long(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#next();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  }

  #next(): number {
    const byte = this.#bytes[this.at++];
    if (byte === undefined) throw new DataError('bad-record', 'Kafka: a record ends in the middle of a number');
    return byte;
  }
}
