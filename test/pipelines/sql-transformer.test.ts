import { describe, expect, it } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import { SQLTransformer } from '../../src/pipelines/features/sql-transformer.ts';

const table = Table.fromRows([
  { x: 1, y: 4, s: 'apple', flag: true, v: [1, 2] },
  { x: null, y: 0, s: 'Pear', flag: false, v: [3, 4] },
  { x: -3, y: 2.5, s: null, flag: null, v: [5, 6] },
  { x: Number.NaN, y: 1, s: '50%', flag: true, v: [7, 8] },
]);

function selected(list: string, rest = ''): unknown[][] {
  const result = new SQLTransformer({ statement: `SELECT ${list} FROM __THIS__ ${rest}` }).transform(table);
  return result.toRows().map((row) => Object.values(row));
}

/** The values of one expression, row by row. */
function valuesOf(expression: string): unknown[] {
  return selected(`${expression} AS out`).map(([value]) => value);
}

describe('SQLTransformer', () => {
  it('keeps columns, renames them and adds to them', () => {
    const statement = 'select *, x + y as total, v AS `my v` from __THIS__ where y > 0.5 -- a note';
    const result = new SQLTransformer({ statement }).transform(table);
    expect(result.schema.names).toEqual(['x', 'y', 's', 'flag', 'v', 'total', 'my v']);
    expect(result.schema.field('my v')).toMatchObject({ type: 'vector', width: 2 });
    expect(result.numbers('total').values).toEqual(Float64Array.of(5, -0.5, Number.NaN));
    expect(result.positionOf(1)).toBe(2);
  });

  it.each<[string, unknown[]]>([
    ['x + y * 2 - 1', [8, null, 1, Number.NaN]],
    ['-(x) / y', [-0.25, null, 1.2, Number.NaN]],
    ['y / 0', [null, null, null, null]],
    ['y % 3', [1, 0, 2.5, 1]],
    ['x = 1 OR y = 0', [true, true, false, false]],
    ['x > 0 AND flag', [true, false, false, true]],
    ['NOT flag', [false, true, null, false]],
    ['x IS NULL', [false, true, false, false]],
    ['x IS NOT NULL AND NOT isnan(x)', [true, false, true, false]],
    ['x <=> NULL', [false, true, false, false]],
    ['y BETWEEN 1 AND 3', [false, false, true, true]],
    ["s IN ('apple', 'fig')", [true, false, null, false]],
    ["s NOT LIKE '%p%e'", [false, true, null, true]],
    ["s LIKE '_0%'", [false, false, null, true]],
    ["CASE WHEN x > 0 THEN 'up' WHEN x < 0 THEN 'down' ELSE 'none' END", ['up', 'none', 'down', 'up']],
    ['CASE y WHEN 4 THEN 1 WHEN 0 THEN 2 END', [1, 2, null, null]],
    ['CAST(y AS int)', [4, 0, 2, 1]],
    ['CAST(y AS string)', ['4.0', '0.0', '2.5', '1.0']],
    ["CAST('1e3' AS double) + CAST(flag AS int)", [1001, 1000, null, 1001]],
    ["CAST('x' AS double)", [null, null, null, null]],
    ["coalesce(s, 'none') || '!'", ['apple!', 'Pear!', 'none!', '50%!']],
    ['upper(s)', ['APPLE', 'PEAR', null, '50%']],
    ['length(trim(s))', [5, 4, null, 3]],
    ['greatest(x, y, 2)', [4, 2, 2.5, Number.NaN]],
    ['if(flag, x, 0)', [1, 0, 0, Number.NaN]],
    ['log(y)', [Math.log(4), null, Math.log(2.5), 0]],
    ['floor(y) + power(2, 3)', [12, 8, 10, 9]],
    ["'it''s'", ["it's", "it's", "it's", "it's"]],
  ])('computes %s', (expression, expected) => {
    expect(valuesOf(expression)).toEqual(expected);
  });

  it.each([
    ['SELECT x', 'expected FROM, got the end'],
    ['SELECT x FROM other', 'expected __THIS__, got other'],
    ['SELECT x + 1 FROM __THIS__', 'expected AS and a name'],
    ['SELECT x FROM __THIS__ GROUP BY x', 'expected the end, got GROUP'],
    ['SELECT x FROM __THIS__; DROP TABLE x', 'expected the end, got DROP'],
    ['SELECT nothing(x) AS a FROM __THIS__', 'no function NOTHING'],
    ['SELECT abs(x, y) AS a FROM __THIS__', 'ABS: expected 1 values, got 2'],
    ['SELECT x + s AS a FROM __THIS__', 'expected number, got string'],
    ['SELECT x = s AS a FROM __THIS__', 'expected one type, got double and string'],
    ['SELECT z FROM __THIS__', 'no column z; there are x, y, s, flag, v'],
    ['SELECT * FROM __THIS__ WHERE x', 'WHERE: expected a condition, got double'],
    ['SELECT x AS a, y AS a FROM __THIS__', 'column a occurs twice'],
    ['SELECT constructor(x) AS a FROM __THIS__', 'no function CONSTRUCTOR'],
    ["SELECT 'x FROM __THIS__", "can't read"],
    [`SELECT ${'('.repeat(5000)}x FROM __THIS__`, 'at most 200 levels'],
  ])('refuses %s', (statement, message) => {
    expect(() => new SQLTransformer({ statement }).transformSchema(table.schema)).toThrow(message);
  });
});
