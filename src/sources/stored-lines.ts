import { LineBlock } from '../batch/line-block.ts';
import { splitLines } from './file-stream-source.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** Of so many lines the place of one is remembered. */
const STRIDE = 512;

/** The lines of stored files, one file after the other. They are bytes until they are asked for: millions of lines are no objects. */
export class StoredLines {
  readonly #files: readonly StoredFile[];
  readonly length: number;

  /** `skipLines`: lines at the top of each file that do not count. */
  constructor(contents: readonly Buffer[], skipLines: number) {
    this.#files = contents.map((content) => new StoredFile(content, skipLines));
    this.length = this.#files.reduce((sum, { length }) => sum + length, 0);
  }

  /** The lines from `start` to before `end`. Cost: O(their bytes). */
  slice(start: number, end: number): string[] {
    const parts = this.#parts(start, end, (file, from, to) => file.slice(from, to));
    return parts.length === 1 ? parts[0]! : parts.flat();
  }

  /** The same lines as bytes, those of each file in one block. */
  blocks(start: number, end: number): LineBlock[] {
    return this.#parts(start, end, (file, from, to) => file.block(from, to));
  }

  #parts<T>(start: number, end: number, partOf: (file: StoredFile, from: number, to: number) => T): T[] {
    const parts: T[] = [];
    let first = 0;
    for (const file of this.#files) {
      const [from, to] = [Math.max(start - first, 0), Math.min(end - first, file.length)];
      if (from < to) parts.push(partOf(file, from, to));
      first += file.length;
    }
    return parts;
  }
}

class StoredFile {
  readonly length: number;
  readonly #content: Buffer;
  readonly #skipLines: number;
  /** Where the lines 0, STRIDE, 2 · STRIDE, … begin. */
  readonly #marks: number[] = [0];

  constructor(content: Buffer, skipLines: number) {
    this.#content = content;
    this.#skipLines = skipLines;
    let lines = 0;
    for (let at = 0; at < content.length; at++) {
      if (content[at] !== LINE_FEED) continue;
      lines++;
      if (lines % STRIDE === 0) this.#marks.push(at + 1);
    }
    if (content.length > 0 && content.at(-1) !== LINE_FEED) lines++;
    this.length = Math.max(0, lines - skipLines);
  }

  slice(start: number, end: number): string[] {
    const [from, to] = [start, end].map((line) => this.#startOf(line + this.#skipLines));
    return splitLines(this.#content.toString('utf8', from, to));
  }

  block(start: number, end: number): LineBlock {
    const content = this.#content;
    const places = new Uint32Array(2 * (end - start));
    let at = this.#startOf(start + this.#skipLines);
    for (let i = 0; i < places.length; i += 2) {
      places[i] = at;
      while (at < content.length && content[at] !== LINE_FEED) at++;
      const isEnded = at < content.length && content[at - 1] === CARRIAGE_RETURN;
      places[i + 1] = isEnded ? at - 1 : at;
      at++;
    }
    return new LineBlock(content, places);
  }

  /** Where a line begins; the end, for the line behind the last. */
  #startOf(line: number): number {
    const mark = Math.min(Math.floor(line / STRIDE), this.#marks.length - 1);
    let at = this.#marks[mark]!;
    for (let left = line - mark * STRIDE; left > 0; left--) {
      const next = this.#content.indexOf(LINE_FEED, at);
      if (next < 0) return this.#content.length;
      at = next + 1;
    }
    return at;
  }
}
