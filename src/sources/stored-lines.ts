import { splitLines } from './file-stream-source.ts';

const LINE_FEED = 10;
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
    const parts: string[][] = [];
    let first = 0;
    for (const file of this.#files) {
      const [from, to] = [Math.max(start - first, 0), Math.min(end - first, file.length)];
      if (from < to) parts.push(file.slice(from, to));
      first += file.length;
    }
    return parts.length === 1 ? parts[0]! : parts.flat();
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
