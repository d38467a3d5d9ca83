/** Lines of text in UTF-8, as the bytes in which they came: a million lines are no objects until they are asked for. */
export class LineBlock {
  readonly bytes: Buffer;
  /** Where each line begins and ends, one after the other; between two lines there may be what ends the first. */
  readonly #places: Uint32Array;

  /** `places`: begin and end of each line in the bytes; kept. */
  constructor(bytes: Buffer, places: Uint32Array) {
    this.bytes = bytes;
    this.#places = places;
  }

  static of(lines: readonly string[]): LineBlock {
    const places = new Uint32Array(2 * lines.length);
    let end = 0;
    for (const [i, line] of lines.entries()) {
      places[2 * i] = end;
      end += Buffer.byteLength(line);
      places[2 * i + 1] = end;
    }
    return new LineBlock(Buffer.from(lines.join('')), places);
  }

  get length(): number {
    return this.#places.length / 2;
  }

  startOf(line: number): number {
    return this.#places[2 * line]!;
  }

  endOf(line: number): number {
    return this.#places[2 * line + 1]!;
  }

  lineAt(line: number): string {
    return this.bytes.toString('utf8', this.startOf(line), this.endOf(line));
  }
}
