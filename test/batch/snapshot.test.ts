import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Snapshot, snapshotFromText, snapshotPieces, snapshotToText } from '../../src/batch/snapshot.ts';

const name = fc.string().filter((text) => !text.startsWith('$') && text !== '__proto__');
const { snapshot } = fc.letrec<{ snapshot: Snapshot }>((tie) => ({
  snapshot: fc.oneof(
    fc.constantFrom<Snapshot>(null, undefined, true, -0, Number.NaN, Number.NEGATIVE_INFINITY, '$date', ''),
    fc.double(),
    fc.string(),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.array(fc.double()).map((values) => Float64Array.from(values)),
    fc.array(tie('snapshot'), { maxLength: 4 }),
    fc.dictionary(name, tie('snapshot'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

describe('a snapshot written and read back', () => {
  it.each(['packed', 'readable'] as const)('is the same to the bit, %s', (style) => {
    fc.assert(
      fc.property(snapshot, (value) => {
        const text = snapshotToText(value, style);
        expect(text).not.toContain('\n');
        expect(snapshotFromText(text)).toStrictEqual(value);
      }),
    );
  });

  it('has the same text in pieces, and none of them is long', () => {
    const numbers = Array.from({ length: 12_345 }, (_, i) => i);
    const large = fc.constantFrom<Snapshot>(
      numbers,
      numbers.map((i) => [`key ${i}`, { sum: i }]),
      { entries: numbers, nested: [[numbers, numbers], new Float64Array(9)], last: null },
    );
    fc.assert(
      fc.property(fc.oneof(snapshot, large, fc.array(large, { maxLength: 3 })), (value) => {
        const pieces = [...snapshotPieces(value)];
        expect(pieces.join('')).toBe(snapshotToText(value));
        expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(20_000);
      }),
    );
  });

  it.each([
    ['a function', () => 1, 'got function'],
    ['a Map', new Map(), 'got Map'],
    ['a name that begins as our own do', { $float64: [1] }, 'got an object with a key that starts with $'],
  ])('is refused where it holds %s', (_what, value, message) => {
    expect(() => snapshotToText({ part: [value as Snapshot] })).toThrow(message);
  });

  it.each(['{"$float64":"AAA"}', '{"$bigint":"1.5"}', '{"$bigint":7}', '{"$unheard of":1}', '[{"$":0}]'])(
    'is refused as damaged where the text is %s',
    (text) => {
      expect(() => snapshotFromText(text)).toThrow(expect.objectContaining({ code: 'damaged' }));
    },
  );
});
