import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { StateError } from '../../src/errors.ts';
import { UnitColumn, type UnitKey } from '../../src/experiments/unit-column.ts';
import { UnitKeys } from '../../src/experiments/unit-keys.ts';

const keys = fc.oneof(
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '0', 0, -0, 'é', 'е', '\u0000', '€uro'),
);

/** What a map gives: the row of each key as it first came. */
function rowsByMap(all: readonly UnitKey[]): { rows: number[]; distinct: UnitKey[] } {
  const map = new Map<UnitKey, number>();
  const rows = all.map((key) => {
    if (!map.has(key)) map.set(key, map.size);
    return map.get(key)!;
  });
  return { rows, distinct: [...map.keys()] };
}

const all = (table: UnitKeys) => Array.from({ length: table.size }, (_, row) => table.keyAt(row));

describe('UnitKeys', () => {
  it('numbers keys as a map does, texts of any script and numbers, and gives them back', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 200 }), (given) => {
        const table = new UnitKeys();
        const { rows, distinct } = rowsByMap(given);
        expect(given.map((key) => table.rowOf(key))).toEqual(rows);
        expect(all(table)).toEqual(distinct);
      }),
    );
  });

  it('takes a text in UTF-8 for the text that it spells', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 60 }), (texts) => {
        const table = new UnitKeys();
        const column = new UnitColumn(1);
        for (const text of texts) {
          const bytes = Buffer.from(`,${text},`);
          column.pushUtf8(bytes, 1, bytes.length - 1);
        }
        expect(texts.map((_, i) => table.rowAt(column, i))).toEqual(texts.map((text) => table.rowOf(text)));
        expect(texts.map((_, i) => column.keyAt(i))).toEqual(texts);
      }),
    );
  });

  it('does so for more keys than it first has room for', () => {
    const given = Array.from({ length: 50_000 }, (_, i) => {
      const user = (i * 7919) % 20_011;
      return user % 3 === 0 ? user : `${'a long name '.repeat(user % 4)}${user}`;
    });
    const table = new UnitKeys();
    expect(given.map((key) => table.rowOf(key))).toEqual(rowsByMap(given).rows);
  });

  it('keeps two keys apart that have the same hash, and of which one begins as the other', () => {
    for (const given of [
      ['u', 'ucAUARp'],
      ['ucAUARp', 'u'],
    ]) {
      const column = new UnitColumn();
      for (const key of given) column.push(key);
      expect(column.hashOf(0)).toBe(column.hashOf(1));
      const table = new UnitKeys();
      expect([...given, ...given].map((key) => table.rowOf(key))).toEqual([0, 1, 0, 1]);
    }
  });

  it('gives its keys from a row on in one piece, which another takes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keys, { maxLength: 60 }), fc.nat(60), (given, at) => {
        const { distinct } = rowsByMap(given);
        const known = Math.min(at, distinct.length);
        const table = new UnitKeys();
        const other = new UnitKeys();
        for (const key of distinct) table.rowOf(key);
        for (const key of distinct.slice(0, known)) other.rowOf(key);
        other.addPacked(snapshotFromText(snapshotToText(table.packedFrom(known))));
        expect(all(other)).toEqual(distinct);
      }),
    );
    for (const wrong of [null, 7, { bytes: 'AA==' }, { ends: Float64Array.of(1) }]) {
      expect(() => new UnitKeys().addPacked(wrong)).toThrow(StateError);
    }
  });

  it('forgets those behind a row, and numbers new ones from there', () => {
    fc.assert(
      fc.property(fc.uniqueArray(keys, { minLength: 1, maxLength: 60 }), fc.nat(), (given, at) => {
        const { distinct } = rowsByMap(given);
        const kept = at % distinct.length;
        const table = new UnitKeys();
        for (const key of distinct) table.rowOf(key);
        table.truncate(kept);
        expect(all(table)).toEqual(distinct.slice(0, kept));
        for (const key of [...distinct].reverse()) table.rowOf(key);
        expect(all(table)).toEqual([...distinct.slice(0, kept), ...distinct.slice(kept).reverse()]);
      }),
    );
  });
});
