import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Schema } from '../../../src/batch/schema.ts';
import { Table } from '../../../src/batch/table.ts';
import { Vectors } from '../../../src/batch/vector.ts';
import { DataError, UsageError } from '../../../src/errors.ts';
import { csvFromTable, tableFromCsv } from '../../../src/pipelines/files/csv-table.ts';
import { jsonLinesFromTable, tableFromJsonLines } from '../../../src/pipelines/files/json-lines-table.ts';
import { readTable, type TableFormat, writeTable } from '../../../src/pipelines/files/table-file.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const scalars = new Schema([
  { name: 'x', type: 'double' },
  { name: 'n', type: 'int' },
  { name: 'big', type: 'bigint' },
  { name: 'flag', type: 'boolean' },
  { name: 'text', type: 'string' },
]);

const rows = [
  { x: 1.5, n: -3, big: 2 ** 40, flag: true, text: 'a, "quoted" text\nof two lines' },
  { x: null, n: null, big: null, flag: null, text: null },
  { x: -1e300, n: 2 ** 31 - 1, big: -(2 ** 53 - 1), flag: false, text: '日本' },
];

const table = Table.fromRows(rows, scalars);

it.each<TableFormat>(['csv', 'json', 'parquet', 'arrow'])('writes %s and reads the same table', async (format) => {
  const file = path.join(await temporaryDirectory(onTestFinished), `table.${format}`);
  await writeTable(table, file);
  const read = await readTable(file, { schema: scalars });
  expect(read.toRows()).toEqual(rows);
  expect(read.schema.fields.map(({ type }) => type)).toEqual(scalars.fields.map(({ type }) => type));
});

const lists = Table.fromRows(
  [
    { v: [1, 2], terms: ['a', 'b'], numbers: [0.5] },
    { v: [Number.NaN, -0], terms: [], numbers: [] },
    { v: [3, 4], terms: null, numbers: null },
  ],
  new Schema([
    { name: 'v', type: 'vector' },
    { name: 'terms', type: 'array<string>' },
    { name: 'numbers', type: 'array<double>' },
  ]),
);

it.each<TableFormat>(['parquet', 'arrow'])('keeps vectors and lists in %s', async (format) => {
  const file = path.join(await temporaryDirectory(onTestFinished), `table.${format}`);
  await writeTable(lists, file);
  const read = await readTable(file);
  expect(read.schema.fields.map(({ type }) => type)).toEqual(['vector', 'array<string>', 'array<double>']);
  expect(plain(read)).toEqual(plain(lists));
});

it('keeps sparse vectors sparse in Parquet', async () => {
  const sparse = Table.fromRows([{ v: Vectors.sparse(9, [1, 8], [2, -1]) }, { v: Vectors.sparse(9, [], []) }]);
  const file = path.join(await temporaryDirectory(onTestFinished), 'table.parquet');
  await writeTable(sparse, file);
  const read = (await readTable(file)).matrix('v');
  expect(read).toMatchObject({ width: 9, rows: 2, starts: Int32Array.of(0, 2, 2), indices: Int32Array.of(1, 8) });
});

it('takes a column of doubles from Arrow without a copy, and reads Parquet of a hundred thousand rows', async () => {
  const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.sin(i));
  const directory = await temporaryDirectory(onTestFinished);
  const long = Table.of({ x: { type: 'double', values } });
  for (const ending of ['arrow', 'parquet']) {
    const file = path.join(directory, `long.${ending}`);
    await writeTable(long, file);
    expect((await readTable(file)).numbers('x').values).toEqual(values);
  }
});

it('finds the types of CSV and JSON by their values', () => {
  const csv = tableFromCsv('a,b,c,d,e,f\n1,1.5,true,x,,NaN\n-2,3,FALSE,4,,1e3\n');
  expect(csv.schema.fields.map(({ type }) => type)).toEqual(['int', 'double', 'boolean', 'string', 'void', 'double']);
  const json = tableFromJsonLines('{"v":[1,2],"t":["x"]}\n\n{"v":{"size":2,"indices":[1],"values":[5]},"t":[]}\n');
  expect(json.schema.fields.map(({ type }) => type)).toEqual(['vector', 'array<string>']);
  expect(json.features('v').columns).toEqual([Float64Array.of(1, 0), Float64Array.of(2, 5)]);
});

it('writes vectors as lists, and what is no JSON number as null', () => {
  expect(jsonLinesFromTable(lists.select(['v', 'terms']).take(Int32Array.of(0, 1)))).toBe(
    '{"v":[1,2],"terms":["a","b"]}\n{"v":[null,0],"terms":[]}\n',
  );
});

it('names the rows of fields and lines that it cannot read', () => {
  const schema = new Schema([{ name: 'n', type: 'int' }]);
  expect(() => tableFromCsv('n\n1\nx\n3\n', { schema })).toThrow('row 1: column n: expected int, got x');
  expect(() => tableFromCsv('a,b\n1\n')).toThrow(DataError);
  expect(() => tableFromJsonLines('{"n":1}\n[2]\n')).toThrow('row 1: expected a JSON object');
});

it('says what it cannot write or find', async () => {
  expect(() => csvFromTable(lists)).toThrow(UsageError);
  const directory = await temporaryDirectory(onTestFinished);
  await expect(readTable(path.join(directory, 'none.parquet'))).rejects.toThrow(UsageError);
  await expect(readTable(path.join(directory, 'table.xyz'))).rejects.toThrow('say the format');
  for (const ending of ['parquet', 'arrow']) {
    const file = path.join(directory, `torn.${ending}`);
    await writeTable(table, file);
    const whole = await fs.readFile(file);
    await fs.writeFile(file, whole.subarray(0, whole.length - 9));
    await expect(readTable(file), ending).rejects.toThrow(DataError);
  }
});

function plain(of: Table) {
  return of.toRows().map(({ v, terms, numbers }) => ({ v: Array.from(v as Float64Array), terms, numbers }));
}
