import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadRowsError } from '../../../src/batch/bad-rows.ts';
import { Table } from '../../../src/batch/table.ts';
import { murmurHash3 } from '../../../src/numeric/murmur-hash-3.ts';
import { RegexTokenizer } from '../../../src/pipelines/features/regex-tokenizer.ts';
import { SparseCounts } from '../../../src/pipelines/features/sparse-counts.ts';
import { TermIndex } from '../../../src/pipelines/features/term-index.ts';
import { Tokenizer } from '../../../src/pipelines/features/tokenizer.ts';

describe('sums by index', () => {
  it('are those of a plain map, row after row', () => {
    const entry = fc.tuple(fc.nat({ max: 300 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(fc.array(fc.array(entry, { maxLength: 400 }), { maxLength: 5 }), (rows) => {
        const counts = new SparseCounts(301);
        const expected = rows.map((row) => {
          const sums = new Map<number, number>();
          for (const [index, value] of row) {
            counts.add(index, value);
            sums.set(index, (sums.get(index) ?? 0) + value);
          }
          counts.endRow((sum) => (sum < 0 ? undefined : sum));
          return [...sums].filter(([, sum]) => sum >= 0).sort(([a], [b]) => a - b);
        });
        const { starts, indices, values } = counts.build();
        const built = rows.map((_, i) =>
          Array.from(indices.subarray(starts[i], starts[i + 1]), (index, p) => [index, values[starts[i]! + p]]),
        );
        expect(built).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it('keep apart indices that differ in their high bits only', () => {
    const counts = new SparseCounts(2 ** 31 - 1);
    const many = Array.from({ length: 200 }, (_, i) => i * 2 ** 23);
    for (const index of many) counts.add(index, index);
    counts.endRow();
    expect(Array.from(counts.build().values)).toEqual(many);
  });
});

describe('the place of a term', () => {
  it('is the hash of its UTF-8 bytes, of any text', () => {
    const index = new TermIndex(2 ** 31 - 1);
    const n = 2 ** 31 - 1;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (term) => {
        const hash = murmurHash3(new TextEncoder().encode(term), 42);
        expect(index.of(term)).toBe(((hash % n) + n) % n);
      }),
    );
  });

  it('has a question mark for half a character, as Java writes it', () => {
    const index = new TermIndex(2 ** 20);
    expect(index.of('a\ud800b')).toBe(index.of('a?b'));
    expect(index.of('é\udc00')).toBe(index.of('é?'));
  });
});

describe('Tokenizer', () => {
  const wordsOf = (text: string | null) => {
    const table = Table.of({ text: { type: 'string', values: [text] } });
    return new Tokenizer({ inputCol: 'text', outputCol: 'words' }).transform(table).terms('words')[0];
  };

  it('cuts at each white space of ASCII and at no other', () => {
    expect(wordsOf('a b\tc\nd\ve\ff\rg')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(wordsOf('a\u00a0b\u2003c\u0085d\be\u000ef')).toEqual(['a\u00a0b\u2003c\u0085d\be\u000ef']);
  });

  it('leaves out empty words at the end only', () => {
    expect(wordsOf('  A  b  ')).toEqual(['', '', 'a', '', 'b']);
    expect(wordsOf('   ')).toEqual([]);
    expect(wordsOf('')).toEqual(['']);
    expect(wordsOf(null)).toBeNull();
  });
});

describe('RegexTokenizer', () => {
  /** The time it takes doubles with each character. */
  const EXPONENTIAL = '(a+)+b';
  const tokenizer = new RegexTokenizer({ inputCol: 'text', outputCol: 'words', pattern: EXPONENTIAL }, 'cut');

  it('refuses the texts that its pattern takes too long for, and takes the others', () => {
    const texts = Array.from({ length: 600 }, (_, i) => (i === 7 || i === 599 ? 'a'.repeat(60) : `x${i}aab y`));
    const table = Table.of({ text: { type: 'string', values: texts } });
    const [first, second] = [7, 599].map((position) => ({
      position,
      why: `column text: the pattern ${EXPONENTIAL} takes more than 200 ms for this text; write it otherwise`,
    }));
    try {
      tokenizer.transform(table);
      expect.fail('it was not refused');
    } catch (error) {
      expect(error).toBeInstanceOf(BadRowsError);
      expect((error as BadRowsError).rows).toEqual([first, second]);
    }
    const good = table.filter((row) => row !== 7 && row !== 599);
    expect(tokenizer.transform(good).terms('words')[300]).toEqual(['x301', ' y']);
  });

  it('lets errors of the pattern through', () => {
    const wrong = new RegexTokenizer({ inputCol: 'text', outputCol: 'words', pattern: '(' }, 'cut');
    expect(() => wrong.transform(Table.fromRows([{ text: 'a' }]))).toThrow('cut: pattern (');
  });
});
