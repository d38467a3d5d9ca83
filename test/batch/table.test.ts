import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { BadRowsError } from '../../src/batch/bad-rows.ts';
import { Schema } from '../../src/batch/schema.ts';
import { SparseRowsBuilder, toDense, toSparse } from '../../src/batch/sparse-rows.ts';
import { type Row, Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';

const columns = [Float64Array.of(1, 2, 3), Float64Array.of(0, 5, 0)];

describe('a table of columns', () => {
  it('shares the columns of a batch with it, both ways', () => {
    const table = Table.of({ features: { type: 'vector', matrix: { rows: 3, columns } } });
    expect(table.features('features').columns[1]).toBe(columns[1]);
    expect(table.schema.field('features')).toMatchObject({ type: 'vector', width: 2 });
  });

  it('refuses columns of several lengths', () => {
    const x = { type: 'double', values: Float64Array.of(1) } as const;
    expect(() => Table.of({ x, y: { type: 'string', values: ['a', 'b'] } })).toThrow(
      'expected 1 rows, got 2 in column y',
    );
    expect(() => Table.of({ x }).withColumn('y', { type: 'void', rows: 2 })).toThrow('expected 1 rows');
  });

  it('names the columns that there are when one is missing', () => {
    const table = Table.fromRows([{ a: 1, b: 'x' }]);
    expect(() => table.numbers('c')).toThrow('no column c; there are a, b');
    expect(() => table.numbers('b')).toThrow('column b: expected numbers, got string');
    expect(() => table.strings('a')).toThrow('column a: expected string, got double');
    expect(
      () =>
        new Schema([
          { name: 'a', type: 'int' },
          { name: 'a', type: 'int' },
        ]),
    ).toThrow('column a occurs twice');
  });
});

describe('a table of rows', () => {
  it('finds the types, and fills what lacks with null', () => {
    const rows = [
      { x: 1, flag: true, text: 'a', words: [], v: [1, 2], when: new Date(0) },
      { x: null, words: ['b'], v: Vectors.sparse(2, [1], [4]), nothing: null },
    ];
    const table = Table.fromRows(rows);
    const types = ['double', 'boolean', 'string', 'array<string>', 'vector', 'any', 'void'];
    expect(table.schema.fields.map(({ type }) => type)).toEqual(types);
    expect(table.toRows()[1]).toEqual({
      x: null,
      flag: null,
      text: null,
      words: ['b'],
      v: Float64Array.of(0, 4),
      when: null,
      nothing: null,
    });
  });

  it('names every row with a value of another type', () => {
    const make = () => Table.fromRows([{ x: 1 }, { x: 'two' }, { x: 3 }, { x: [4] }]);
    expect(make).toThrow(BadRowsError);
    expect(make).toThrow('row 1: x: expected double, got "two"; row 3: x: expected double, got [4]');
  });

  it('refuses sparse vectors whose indices do not increase or are too large', () => {
    for (const bad of [Vectors.sparse(2, [1, 0], [1, 1]), Vectors.sparse(2, [2], [1]), Vectors.sparse(2, [0], [])]) {
      expect(() => Table.fromRows([{ v: Vectors.sparse(2, [0], [1]) }, { v: bad }])).toThrow(
        'row 1: v: expected vector',
      );
    }
  });

  it('keeps vectors of several lengths until they are asked for as a matrix', () => {
    const table = Table.fromRows([{ v: [1, 2] }, { v: [3] }, { v: null }]);
    expect(() => table.matrix('v')).toThrow('row 1: expected 2 numbers, got 1; row 2: expected a vector, got null');
    expect(table.toRows()[1]).toEqual({ v: [3] });
  });

  it('does not take inherited names for columns', () => {
    expect(Table.fromRows([Object.create({ y: 1 }), { x: 1 }]).schema.names).toEqual(['y', 'x']);
    expect(Table.fromRows([{ constructor: 1 }, {}]).numbers('constructor').nulls).toEqual(Uint8Array.of(0, 1));
  });
});

describe('rows of any names', () => {
  const odd = [
    'a"];throw 1;//',
    "it's",
    'a\\',
    'a\nb',
    '\u2028',
    '\ud800',
    '',
    '1',
    'constructor',
    '__proto__',
    'toString',
  ];
  const rowAt = (i: number) => Object.fromEntries(odd.map((name, j) => [name, 10 * i + j] as const));
  const many = Array.from({ length: 250 }, (_, j) => `x${j}`);
  const wideRow = (i: number) => Object.fromEntries(many.map((name, j) => [name, i - j] as const));

  it.each([
    ['few', 3, rowAt],
    ['many', 1000, rowAt],
    ['wide', 200, wideRow],
  ])('go into columns and come out again: %s', (_, count, at) => {
    const rows = Array.from({ length: count }, (_, i) => at(i));
    const given = Table.fromRows(rows).toRows();
    expect(given.map((row) => Object.entries(row).sort())).toEqual(rows.map((row) => Object.entries(row).sort()));
    expect(given.every((row) => Object.getPrototypeOf(row) === Object.prototype)).toBe(true);
  });

  it('have their types from their own values', () => {
    const rows = Array.from({ length: 200 }, (_, i) => (i < 100 ? { x: 1 } : { x: 1, constructor: i, toString: 't' }));
    const table = Table.fromRows(rows as object[] as Row[]);
    expect(table.schema.fields.map(({ type }) => type)).toEqual(['double', 'double', 'string']);
    expect([table.toRows()[99], table.toRows()[100]]).toEqual([
      { x: 1, constructor: null, toString: null },
      { x: 1, constructor: 100, toString: 't' },
    ]);
  });

  it('are the same where no code may be made of texts', () => {
    const code = `const { Table } = await import(process.argv[1]);
      const rows = Array.from({ length: 500 }, (_, i) => ({ x: i, y: 'a' }));
      process.stdout.write(JSON.stringify(Table.fromRows(rows).toRows()));`;
    const module = new URL('../../dist/batch/table.js', import.meta.url).href;
    const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', code, module];
    const rows = JSON.parse(execFileSync(process.execPath, flags, { encoding: 'utf8' }));
    expect(rows).toEqual(Array.from({ length: 500 }, (_, i) => ({ x: i, y: 'a' })));
  });

  it('are all named where a value is of another type, wherever they stand', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({ x: i === 500 ? 'no' : i, y: i === 999 ? [1] : true }));
    expect(() => Table.fromRows(rows)).toThrow(
      'row 500: x: expected double, got "no"; row 999: y: expected boolean, got [1]',
    );
  });
});

describe('vectors of rows', () => {
  it.each([0, 1, 2, 100, 300])('are the numbers of their row, and no one else’s: %i of them', (width) => {
    const columns = Array.from({ length: width }, (_, j) =>
      Float64Array.from({ length: 1000 }, (_, i) => i + j / 1000),
    );
    const table = Table.of({ v: { type: 'vector', matrix: { rows: 1000, columns } } });
    const vectors = table.toRows().map(({ v }) => v as Float64Array);
    for (const [i, vector] of vectors.entries()) {
      expect(vector).toEqual(Float64Array.from({ length: width }, (_, j) => i + j / 1000));
      expect(vector.buffer.byteLength).toBeLessThanOrEqual(Math.max(2048, 8 * width));
      vector.fill(-1);
    }
    expect(columns.map((column) => column[7])).toEqual(Array.from({ length: width }, (_, j) => 7 + j / 1000));
  });
});

describe('rows that are left out', () => {
  it('leave the others where they stood at first', () => {
    const table = Table.fromRows([0, 1, 2, 3, 4].map((x) => ({ x, v: Vectors.sparse(3, [x % 3], [x]), s: String(x) })));
    const odd = table.filter((i) => i % 2 === 1).filter((i) => i === 1);
    expect(odd.toRows()).toEqual([{ x: 3, v: Vectors.sparse(3, Int32Array.of(0), Float64Array.of(3)), s: '3' }]);
    expect(odd.positionOf(0)).toBe(3);
    expect(odd.badRows('who', () => 'why').rows).toEqual([{ position: 3, why: 'why' }]);
    expect(table.filter(() => true)).toBe(table);
  });
});

describe('sparse rows', () => {
  it('are the dense ones without the zeros', () => {
    const sparse = toSparse({ rows: 3, columns });
    expect(Array.from(sparse.values)).toEqual([1, 2, 5, 3]);
    expect(toDense(sparse)).toEqual({ rows: 3, columns });
  });

  it('grow as far as need be', () => {
    const builder = new SparseRowsBuilder(1000);
    for (let i = 0; i < 1000; i++) {
      builder.add(i, i);
      builder.add((i + 1) % 1000, 1);
      builder.endRow();
    }
    expect(builder.build()).toMatchObject({ rows: 1000, width: 1000 });
    expect(builder.build().starts[1000]).toBe(2000);
  });
});
