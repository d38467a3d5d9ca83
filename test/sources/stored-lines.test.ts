import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineBlock } from '../../src/batch/line-block.ts';
import { splitLines } from '../../src/sources/file-stream-source.ts';
import { StoredLines } from '../../src/sources/stored-lines.ts';

const texts = fc
  .array(fc.constantFrom('a', 'é', '€', '\n', '\r\n', '\r', ','), { maxLength: 40 })
  .map((all) => all.join(''));

const linesOf = (block: LineBlock) => Array.from({ length: block.length }, (_, line) => block.lineAt(line));

describe('StoredLines', () => {
  it('are the lines of the files, each without its first, from any to any', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 3 }), fc.nat(2), fc.nat(40), fc.nat(40), (files, skip, a, b) => {
        const expected = files.flatMap((text) => splitLines(text).slice(skip));
        const lines = new StoredLines(
          files.map((text) => Buffer.from(text)),
          skip,
        );
        expect(lines.length).toBe(expected.length);
        const [start, end] = [Math.min(a, b, expected.length), Math.min(Math.max(a, b), expected.length)];
        expect(lines.slice(start, end)).toEqual(expected.slice(start, end));
        expect(lines.blocks(start, end).flatMap(linesOf)).toEqual(expected.slice(start, end));
      }),
    );
  });

  it('are found among many', () => {
    const all = Array.from({ length: 5000 }, (_, i) => 'x'.repeat(i % 7) + i);
    const lines = new StoredLines([Buffer.from(all.join('\n')), Buffer.from(`${all.join('\r\n')}\r\n`)], 1);
    const expected = [...all.slice(1), ...all.slice(1)];
    for (const [start, end] of [
      [0, 1],
      [510, 513],
      [1023, 3000],
      [4990, 5010],
      [9000, 9998],
      [5, 9998],
    ] as const) {
      expect(lines.slice(start, end)).toEqual(expected.slice(start, end));
    }
  });
});
