import { describe, expect, it } from 'vitest';
import { joinedTables } from '../../src/batch/joined-tables.ts';
import { Schema } from '../../src/batch/schema.ts';
import { type Row, Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import { DataError } from '../../src/errors.ts';

const joinedRows = (...tables: readonly (readonly Row[])[]) => joinedTables(tables.map((rows) => Table.fromRows(rows)));

describe('tables one after another', () => {
  it('have the rows of all, by the first one’s columns', () => {
    const joined = joinedRows(
      [
        { a: 1, t: 'x' },
        { a: null, t: 'y' },
      ],
      [{ t: 'z', a: 3 }],
    );
    expect(joined.schema.names).toEqual(['a', 't']);
    expect(joined.toRows()).toEqual([
      { a: 1, t: 'x' },
      { a: null, t: 'y' },
      { a: 3, t: 'z' },
    ]);
  });

  it('have doubles where numbers differ in type, and any type where one has only nulls', () => {
    const ints = Table.fromRows([{ n: 1 }], new Schema([{ name: 'n', type: 'int' }]));
    const joined = joinedTables([ints, Table.fromRows([{ n: null }]), Table.fromRows([{ n: 2.5 }])]);
    expect(joined.schema.field('n').type).toBe('double');
    expect(joined.toRows().map(({ n }) => n)).toEqual([1, null, 2.5]);
    const texts = joinedRows([{ t: null }], [{ t: 'a' }], [{ t: null }]);
    expect(texts.toRows().map(({ t }) => t)).toEqual([null, 'a', null]);
    expect(joinedRows([{ t: null }], [{ t: null }]).schema.field('t').type).toBe('void');
  });

  it('keep vectors dense, sparse where one is, and ragged where their lengths differ', () => {
    const dense = joinedRows([{ v: [1, 2] }], [{ v: [3, 4] }, { v: [5, 6] }]);
    expect(dense.matrix('v')).toEqual({ rows: 3, columns: [Float64Array.of(1, 3, 5), Float64Array.of(2, 4, 6)] });
    const sparse = joinedRows(
      [{ v: Vectors.sparse(2, [1], [7]) }],
      [{ v: [0, 4] }],
      [{ v: Vectors.sparse(2, [0], [8]) }],
    );
    expect(sparse.matrix('v')).toEqual({
      rows: 3,
      width: 2,
      starts: Int32Array.of(0, 1, 2, 3),
      indices: Int32Array.of(1, 1, 0),
      values: Float64Array.of(7, 4, 8),
    });
    const ragged = joinedRows([{ v: [1, 2] }], [{ v: [3] }]);
    expect(() => ragged.matrix('v')).toThrow('row 1: expected 2 numbers, got 1');
    expect(joinedRows([{ v: [1, 2] }], [{ v: null }]).toRows()[1]).toEqual({ v: null });
  });

  it('keep lists of terms, and the categories of the first', () => {
    expect(joinedRows([{ t: ['a'] }], [{ t: [] }]).toRows()).toEqual([{ t: ['a'] }, { t: [] }]);
    const categories = new Map([[0, { count: 2, labels: ['x', 'y'] }]]);
    const indexed = Table.of({ k: { type: 'double', values: Float64Array.of(0, 1), categories } });
    expect(joinedTables([indexed, indexed]).schema.field('k').categories).toBe(categories);
  });

  it('are refused where a column is missing or of another kind', () => {
    expect(() => joinedRows([{ a: 1, b: 2 }], [{ a: 1 }])).toThrow('column b is not in all of them');
    expect(() => joinedRows([{ a: 1 }], [{ a: 1, b: 2 }])).toThrow('column b is not in all of them');
    expect(() => joinedRows([{ a: 1 }], [{ a: 'x' }])).toThrow(DataError);
    expect(() => joinedRows([{ a: 1 }], [{ a: 'x' }])).toThrow('column a is of type double in one, string in another');
  });
});
