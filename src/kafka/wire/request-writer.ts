/** Writes the fields of a request, in the order of the protocol. */
export class RequestWriter {
  #bytes = Buffer.alloc(256);
  #length = 0;

  int8(value: number): this {
    const start = this.#take(1);
    this.#bytes.writeInt8(value, start);
    return this;
  }

  int16(value: number): this {
    const start = this.#take(2);
    this.#bytes.writeInt16BE(value, start);
    return this;
  }

  int32(value: number): this {
    const start = this.#take(4);
    this.#bytes.writeInt32BE(value, start);
    return this;
  }

  int64(value: number): this {
    const start = this.#take(8);
    this.#bytes.writeBigInt64BE(BigInt(value), start);
    return this;
  }

  string(text: string): this {
    return this.int16(Buffer.byteLength(text)).#utf8(text);
  }

  array<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  // The forms of newer versions: lengths are one more than they say, in as few bytes as it takes, and 0 means absent.

  unsignedVarint(value: number): this {
    let left = value;
    for (; left >= 0x80; left >>>= 7) this.#uint8((left & 0x7f) | 0x80);
    return this.#uint8(left);
  }

  compactString(text: string): this {
    return this.unsignedVarint(Buffer.byteLength(text) + 1).#utf8(text);
  }

  compactArray<T>(items: readonly T[], write: (item: T) => void): this {
    this.unsignedVarint(items.length + 1);
    for (const item of items) write(item);
    return this;
  }

  absent(): this {
    return this.unsignedVarint(0);
  }

  /** A field whose bytes are all zero, such as a topic id that is not given. */
  zeros(sizeBytes: number): this {
    const start = this.#take(sizeBytes);
    this.#bytes.fill(0, start, start + sizeBytes);
    return this;
  }

  noTags(): this {
    return this.unsignedVarint(0);
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #uint8(value: number): this {
    const start = this.#take(1);
    this.#bytes.writeUInt8(value, start);
    return this;
  }

  #utf8(text: string): this {
    const start = this.#take(Buffer.byteLength(text));
    this.#bytes.write(text, start, 'utf8');
    return this;
  }

  /** Where the next so many bytes go; `#bytes` may be another array afterwards. */
  #take(sizeBytes: number): number {
    const start = this.#length;
    this.#length += sizeBytes;
    if (this.#length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * this.#length);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return start;
  }
}
