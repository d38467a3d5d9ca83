import { TransientError } from '../../errors.ts';

/** Reads the fields of a response, in the order of the protocol. Throws `TransientError` where the response is too short. */
export class ResponseReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** Exact below 2^53, which no offset and no time reaches. */
  int64(): number {
    const start = this.#take(8);
    return this.#bytes.readInt32BE(start) * 2 ** 32 + this.#bytes.readUInt32BE(start + 4);
  }

  string(): string {
    return this.bytes(this.int16()).toString('utf8');
  }

  /** Empty where the array is absent. */
  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }

  bytes(sizeBytes: number): Buffer {
    const start = this.#take(Math.max(0, sizeBytes));
    return this.#bytes.subarray(start, this.#at);
  }

  // The forms of newer versions: lengths are one more than they say, and 0 means absent.

  unsignedVarint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  compactString(): string {
    return this.bytes(this.unsignedVarint() - 1).toString('utf8');
  }

  compactArray<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.unsignedVarint() - 1) }, read);
  }

  skipTags(): void {
    for (let left = this.unsignedVarint(); left > 0; left--) {
      this.unsignedVarint();
      this.bytes(this.unsignedVarint());
    }
  }

  #take(sizeBytes: number): number {
    const start = this.#at;
    this.#at += sizeBytes;
    if (this.#at <= this.#bytes.length) return start;
    throw new TransientError('unreachable', 'Kafka: expected a whole response from the broker, got a part of one');
  }
}
