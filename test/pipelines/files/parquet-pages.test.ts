import type { ColumnMetaData, SchemaTree } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/batch/table.ts';
import { readFlatColumn } from '../../../src/pipelines/files/parquet-flat-column.ts';
import { parquetFromTable } from '../../../src/pipelines/files/parquet-from-table.ts';
import { tableFromParquet } from '../../../src/pipelines/files/parquet-table.ts';
import { valuesIn } from '../../../src/pipelines/saved/parquet-bounds.ts';

/** A struct in Thrift's compact protocol: numbers, truth values and structs by the numbers of their fields. */
type Struct = Readonly<Record<number, number | boolean | object>>;

function thrift(struct: Struct): number[] {
  let before = 0;
  const bytes = Object.entries(struct).flatMap(([key, value]) => {
    const type = typeof value === 'number' ? 5 : typeof value === 'object' ? 12 : value ? 1 : 2;
    const head = ((Number(key) - before) << 4) | type;
    before = Number(key);
    if (typeof value === 'number') return [head, ...varint(value < 0 ? -2 * value - 1 : 2 * value)];
    return typeof value === 'object' ? [head, ...thrift(value as Struct)] : [head];
  });
  return [...bytes, 0];
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 | (value & 127), ...varint(Math.floor(value / 128))];
}

const [PLAIN, RLE, RLE_DICTIONARY] = [0, 3, 8];

/** A page as its header and its content, which may be shorter than the header says. */
function page(header: Struct, content: readonly number[], claims: { size?: number; whole?: number } = {}): number[] {
  const { size = content.length, whole = size } = claims;
  const { 1: type, ...own } = header;
  return [...thrift({ 1: type!, 2: whole, 3: size, ...own }), ...content];
}

const data = (values: number, encoding: number, content: readonly number[], claims = {}) =>
  page({ 1: 0, 5: { 1: values, 2: encoding, 3: RLE, 4: RLE } }, content, claims);
const dictionary = (values: number, content: readonly number[]) => page({ 1: 2, 7: { 1: values, 2: PLAIN } }, content);
const levelsApart = (values: number, nulls: number, levels: number, content: readonly number[]) =>
  page({ 1: 3, 8: { 1: values, 2: nulls, 3: values, 4: PLAIN, 5: levels, 6: 0, 7: false } }, content);

const doubles = (...values: number[]) => [...new Uint8Array(Float64Array.from(values).buffer)];
const meta = { type: 'DOUBLE', codec: 'UNCOMPRESSED', path_in_schema: ['x'] } as unknown as ColumnMetaData;

function read(bytes: readonly number[], rows: number, isOptional = false): (number | null)[] {
  const repetition = isOptional ? 'OPTIONAL' : 'REQUIRED';
  const tree = { element: { type: 'DOUBLE', name: 'x', repetition_type: repetition }, children: [], count: 0, path: ['x'] } as SchemaTree; // biome-ignore format: one line
  const read: (number | null)[] = new Array(rows).fill(null);
  readFlatColumn(Uint8Array.from(bytes), meta, tree, rows, (values, start, present) => {
    let next = 0;
    const count = present?.length ?? values.length;
    for (let i = 0; i < count; i++) if (present?.[i] !== 0) read[start + i] = values[next++];
  });
  return read;
}

describe('the pages of a column', () => {
  it('are read one after another', () => {
    expect(read([...data(2, PLAIN, doubles(1, 2)), ...data(1, PLAIN, doubles(3))], 3)).toEqual([1, 2, 3]);
    // Places 1, 1, 0 of one bit each: a run of two, and one that is packed with seven others.
    const places = [1, 4, 1, 3, 0];
    expect(read([...dictionary(2, doubles(7, 8)), ...data(3, RLE_DICTIONARY, places)], 3)).toEqual([8, 8, 7]);
    expect(read(levelsApart(3, 1, 2, [3, 0b101, ...doubles(5, 6)]), 3, true)).toEqual([5, null, 6]);
  });

  const words = dictionary(2, doubles(7, 8));
  it.each<[string, number[], number, boolean?]>([
    ['1 values in column x, not 2', data(1, PLAIN, doubles(1)), 2],
    ['more than 1 values in column x', data(2, PLAIN, doubles(1, 2)), 1],
    ['a page of 16 bytes that claims 16', data(2, PLAIN, doubles(1), { size: 16 }), 2],
    ['a page of 8 bytes that claims 16065', data(2, PLAIN, doubles(1), { whole: 64 + 8 * 2000 + 1 }), 2],
    ['a dictionary of 1073741823 values in 8 bytes', dictionary(2 ** 30 - 1, doubles(1)), 1],
    ['a page of -1 values', data(-1, PLAIN, []), 1],
    ['places of 33 bits', [...words, ...data(2, RLE_DICTIONARY, [33, 4, 0])], 2],
    ['runs of 134217727 values, not 2', [...words, ...data(2, RLE_DICTIONARY, [1, ...varint(2 ** 28 - 2), 0])], 2],
    ['place 2 of a dictionary of 2', [...words, ...data(2, RLE_DICTIONARY, [2, 4, 2])], 2],
    ['runs of what is not true or false', data(2, RLE, [2, 0, 0, 0, 4, 1]), 2],
    ['levels of 0 and 9 bytes', levelsApart(1, 0, 9, [3, ...doubles()]), 1, true],
    ['3 nulls of 2', levelsApart(2, 3, 2, [3, 3, ...doubles(1, 2)]), 2, true],
    ['levels of 1 values, not 2', levelsApart(2, 0, 2, [2, 1, ...doubles(1, 2)]), 2, true],
    ['runs that are cut off', data(1, PLAIN, [9, 0, 0, 0, 2, 1]), 1, true],
  ])('are refused where they claim what they do not hold: %s', (message, bytes, rows, isOptional) => {
    expect(() => read(bytes, rows, isOptional)).toThrow(message);
  });

  it('are counted, up to a limit', () => {
    const schema = [{ name: 'root', num_children: 1 }, { name: 'x', type: 'DOUBLE' as const, repetition_type: 'REQUIRED' as const }]; // biome-ignore format: one line
    const count = (limit: number) => valuesIn(Uint8Array.from([...data(2, PLAIN, doubles(1, 2)), ...data(1, PLAIN, doubles(3))]), { schema } as never, meta, limit); // biome-ignore format: one line
    expect(count(3)).toBe(3);
    expect(() => count(2)).toThrow('more than 2 values');
    expect(() => count(1)).toThrow('a page of 2 values');
  });
});

it('a file that claims more rows than its lists have values is refused', async () => {
  const bytes = parquetFromTable(Table.fromRows(Array.from({ length: 50 }, (_, i) => ({ t: [`${i}`] }))));
  const places = Array.from(bytes.keys()).filter((at) => bytes[at] === 0x16 && bytes[at + 1] === 2 * 50); // a field of 64 bits, 50
  for (const at of places.filter((each) => each > bytes.length - 1000)) bytes[at + 1] = 2 * 60;
  await expect(tableFromParquet(bytes.buffer as ArrayBuffer)).rejects.toThrow('Parquet: 60 rows, but 50 values');
});
