import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Table } from '../../../src/batch/table.ts';
import { DataError, UsageError } from '../../../src/errors.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { OpenFile } from '../../../src/pipelines/files/open-file.ts';
import { parquetFromTable } from '../../../src/pipelines/files/parquet-from-table.ts';
import { tableFromParquet, tablesFromParquet } from '../../../src/pipelines/files/parquet-table.ts';
import { readTable, readTables, writeTable } from '../../../src/pipelines/files/table-file.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const FILES = new URL('./parquet/', import.meta.url);
const ROWS = 300;

/** The rows that `parquet/make-files.py` writes. */
const expected = Array.from({ length: ROWS }, (_, i) => {
  const unlessNull = <T>(every: number, value: T) => (i % every === 0 || (i >= 100 && i < 130) ? null : value);
  return {
    x: unlessNull(7, i / 4 - 9),
    whole: i * i,
    few: unlessNull(11, i % 3),
    n: unlessNull(5, i - 150),
    big: 2 ** 40 + i,
    flag: unlessNull(13, i % 4 < 2),
    text: unlessNull(9, `wörd ${i % 17}`),
    none: null,
  };
});

async function bytesOf(name: string): Promise<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = await fs.readFile(new URL(`${name}.parquet`, FILES));
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

describe('Parquet as Arrow writes it', () => {
  it.each(['plain', 'dictionary', 'pages-v2', 'dictionary-v2', 'small-pages', 'delta'])(
    'in layout %s',
    async (name) => {
      expect((await tableFromParquet(await bytesOf(name))).toRows()).toEqual(expected);
    },
  );

  it('without nulls', async () => {
    const table = await tableFromParquet(await bytesOf('required'));
    expect(table.toRows()).toEqual(expected.map(({ whole, big }) => ({ whole, big })));
    expect(table.numbers('whole').nulls).toBeUndefined();
  });

  it('by groups of rows, and by columns', async () => {
    const tables: Table[] = [];
    for await (const table of tablesFromParquet(await bytesOf('small-pages'), { columns: ['text', 'x'] }))
      tables.push(table);
    expect(tables.map(({ rows }) => rows)).toEqual([90, 90, 90, 30]);
    expect(tables.flatMap((table) => table.toRows())).toEqual(expected.map(({ x, text }) => ({ x, text })));
  });
});

it.each<[SchemaElement['logical_type'] & object, unknown]>([
  [{ type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' }, new Date(1_700_000_000_000)],
  [{ type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' }, new Date(1_700_000_000_000_000)],
  [{ type: 'TIME', isAdjustedToUTC: false, unit: 'NANOS' }, 1_700_000_000_000_000_000n],
  [{ type: 'DECIMAL', precision: 18, scale: 2 }, 1_700_000_000_000_000_000n],
])(
  'keeps what is no number, though it stands in 64 bits and only its logical type says so: %j',
  async (logical, value) => {
    const column: SchemaElement = { name: 't', type: 'INT64', repetition_type: 'OPTIONAL', logical_type: logical };
    const columnData = [
      { name: 't', data: [1_700_000_000_000_000_000n, null] },
      { name: 'n', data: [5n, 6n] },
    ];
    const whole: SchemaElement = {
      name: 'n',
      type: 'INT64',
      logical_type: { type: 'INTEGER', bitWidth: 64, isSigned: true },
    };
    const schema = [{ name: 'root', num_children: 2 }, column, whole];
    const table = await tableFromParquet(parquetWriteBuffer({ schema, columnData }));
    expect(table.schema.field('t').type).toBe('any');
    expect(table.toRows()).toEqual([{ t: value, n: 5 }, { t: null, n: 6 }]); // biome-ignore format: one line
  },
);

it('takes no more values than it is told to', async () => {
  const bytes = await bytesOf('plain');
  await expect(tableFromParquet(bytes, { maxValues: 8 * ROWS - 1 })).rejects.toThrow(
    'Parquet: 300 rows of 8 columns are more than 2399 values; say maxValues to take them',
  );
  expect((await tableFromParquet(bytes, { maxValues: 8 * ROWS })).rows).toBe(ROWS);
  expect((await tableFromParquet(bytes, { columns: ['x'], maxValues: ROWS })).rows).toBe(ROWS);
  const unknown = tableFromParquet(bytes, { columns: ['x', 'y'] });
  await expect(unknown).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('no column y') });
});

/** 20,000 of them: `MUTATIONS=20000 npx vitest run test/pipelines/files/parquet-table.test.ts`. */
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 400);
const MAX_GROWTH_BYTES = 300e6;

it('refuses a file that came to harm, or reads it, in bounded memory', { timeout: 3_600_000 }, async () => {
  const vectors = Table.fromRows(Array.from({ length: 50 }, (_, i) => ({ v: [i, i / 2], t: ['a', 'b'].slice(i % 3) })));
  const written = parquetFromTable(vectors);
  const names = ['plain', 'dictionary', 'pages-v2', 'dictionary-v2', 'small-pages', 'delta', 'required'];
  const files = [written.buffer as ArrayBuffer, ...(await Promise.all(names.map(bytesOf)))];
  const before = process.memoryUsage().rss;
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const random = seededRandom(i);
    const bytes = new Uint8Array(files[i % files.length]!.slice(0));
    const harms = 1 + Math.floor(3 * random.next());
    for (let k = 0; k < harms; k++) bytes[Math.floor(random.next() * bytes.length)] = Math.floor(256 * random.next());
    try {
      await tableFromParquet(bytes.buffer, { maxValues: 2 ** 20 });
    } catch (error) {
      expect(error, `mutation ${i}`).toBeInstanceOf(DataError);
      refused++;
    }
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect(refused).toBeGreaterThan(MUTATIONS / 20);
});

describe('a directory of parts', () => {
  const part = (from: number) =>
    Table.fromRows(expected.slice(from, from + 100).map(({ x, n, text }) => ({ x, n, text })));
  const rows = expected.map(({ x, n, text }) => ({ x, n, text }));

  it.each(['parquet', 'jsonl', 'csv', 'arrow'])('of %s is one table, in the order of their names', async (ending) => {
    const directory = await temporaryDirectory(onTestFinished);
    for (const from of [200, 0, 100])
      await writeTable(part(from), path.join(directory, `part-0000${from / 100}.${ending}`));
    for (const hidden of ['_SUCCESS', '.part-00000.crc']) await fs.writeFile(path.join(directory, hidden), 'no table');
    expect((await readTable(directory)).toRows()).toEqual(rows);
    const tables: Table[] = [];
    for await (const table of readTables(directory)) tables.push(table);
    expect(tables.map((table) => table.rows)).toEqual([100, 100, 100]);
    expect(tables.flatMap((table) => table.toRows())).toEqual(rows);
  });

  it('is refused where it has no file, or a folder, or parts with other columns', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    await expect(readTable(directory)).rejects.toThrow(`table ${directory}: expected files in it, got none`);
    await writeTable(part(0), path.join(directory, 'a.csv'));
    await writeTable(part(0).drop(['n']), path.join(directory, 'b.csv'));
    await expect(readTable(directory)).rejects.toThrow('tables: column n is not in all of them');
    await fs.mkdir(path.join(directory, 'year=2020'));
    await expect(readTable(directory)).rejects.toThrow(UsageError);
    await expect(readTable(directory)).rejects.toThrow('got the folder year=2020; read each by itself');
  });
});

it('says that a file is cut off while it is read', async () => {
  const file = path.join(await temporaryDirectory(onTestFinished), 'x');
  await fs.writeFile(file, new Uint8Array(100));
  const open = await OpenFile.at(file);
  onTestFinished(() => open.close());
  expect((await open.slice(40)).byteLength).toBe(60);
  expect((await open.slice(90, 200)).byteLength).toBe(10);
  await fs.truncate(file, 50);
  await expect(open.slice(40)).rejects.toThrow('became shorter');
});
