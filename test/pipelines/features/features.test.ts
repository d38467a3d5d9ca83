import { describe, expect, it } from 'vitest';
import { BadRowsError } from '../../../src/batch/bad-rows.ts';
import { Table } from '../../../src/batch/table.ts';
import { Vectors } from '../../../src/batch/vector.ts';
import { independenceTest } from '../../../src/pipelines/independence-test.ts';
import * as p from '../../../src/pipelines/index.ts';
import { javaNumberText } from '../../../src/pipelines/java-number-text.ts';
import { quantile, sortedNumbers } from '../../../src/pipelines/quantile.ts';

const words = (...texts: readonly (string | null)[]) => Table.fromRows(texts.map((text) => ({ text, n: 1 })));

function tokens(table: Table, options: p.RegexTokenizerOptions): unknown[] {
  const tokenizer = new p.RegexTokenizer({ inputCol: 'text', outputCol: 'out', ...options });
  return tokenizer
    .transform(table)
    .toRows()
    .map((row) => row['out']);
}

describe('texts', () => {
  it('are cut as Java cuts: inner empty words stay, those at the end go, nothing stays one empty word', () => {
    const table = words('a  B\t', '', ' ', null);
    const out = new p.Tokenizer({ inputCol: 'text', outputCol: 'out' }).transform(table).toRows();
    expect(out.map((row) => row['out'])).toEqual([['a', '', 'b'], [''], [], null]);
  });

  it.each<[string, p.RegexTokenizerOptions, string[]]>([
    ['x1,y2', { pattern: '\\p{Alpha}+', gaps: false }, ['x', 'y']],
    ['x1,y2', { pattern: '[^\\p{Alnum}]' }, ['x1', 'y2']],
    ['naïve café', { pattern: '\\p{L}+', gaps: false }, ['naïve', 'café']],
    ['naïve café', { pattern: '\\P{IsAlphabetic}' }, ['naïve', 'café']],
    ['a\u00a0b c', { pattern: '\\s' }, ['a\u00a0b', 'c']],
    ['aXbxc', { pattern: '(?i)x', toLowercase: false }, ['a', 'b', 'c']],
    ['a-b', { pattern: '(-)' }, ['a', 'b']],
    ['abc', { pattern: '' }, ['a', 'b', 'c']],
  ])('%j by %j', (text, options, expected) => {
    expect(tokens(words(text), options)).toEqual([expected]);
  });

  it('are refused for a pattern that JavaScript can not say, before there is data', () => {
    const tokenizer = new p.RegexTokenizer({ inputCol: 'text', outputCol: 'out', pattern: 'a++(' }, 'cut');
    expect(() => tokenizer.transformSchema(words('a').schema)).toThrow('cut: pattern a++(');
  });
});

it('numbers become texts as Java writes them', () => {
  // Java 17: Double.toString, Float.toString.
  const doubles = [1, -0, 0.1, 123456.789, 1e7, 1.5e-4, 1e-3, 1e21, Number.NaN, Number.NEGATIVE_INFINITY];
  expect(doubles.map((value) => javaNumberText(value, 'double'))).toEqual([
    '1.0',
    '-0.0',
    '0.1',
    '123456.789',
    '1.0E7',
    '1.5E-4',
    '0.001',
    '1.0E21',
    'NaN',
    '-Infinity',
  ]);
  expect(javaNumberText(Math.fround(0.1), 'float')).toBe('0.1');
  expect([javaNumberText(1, 'boolean'), javaNumberText(7, 'int')]).toEqual(['true', '7']);
});

describe('quantiles', () => {
  it('are values of the sample, as Spark takes them where it has room for all', () => {
    const sorted = sortedNumbers(Float64Array.of(5, Number.NaN, 1, 3, 2, 4));
    expect([0, 0.2, 0.21, 0.5, 0.8, 1].map((q) => quantile(sorted, q))).toEqual([1, 1, 2, 3, 4, 5]);
    expect(quantile(new Float64Array(), 0.5)).toBeNaN();
  });

  it('split into fewer buckets where too few values differ, and refuse nothing at all', () => {
    const table = Table.fromRows([1, 1, 1, 1, 2].map((x) => ({ x })));
    const options = { inputCol: 'x', outputCol: 'out', numBuckets: 4 };
    const bucketizer = new p.QuantileDiscretizer(options).fit(table);
    expect(bucketizer.get('splits')).toEqual([Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY]);
    expect(() => new p.QuantileDiscretizer(options).fit(Table.fromRows([{ x: Number.NaN }]))).toThrow(
      'expected finite numbers',
    );
  });
});

it('a chi-square test is that of Pearson', () => {
  // Σ (observed − expected)² / expected: counts 2 1 of 1.5 1.5, 0 2 of 1 1, 1 0 of 0.5 0.5.
  const test = independenceTest(Float64Array.of(0, 0, 0, 1, 1, 2), Float64Array.of(0, 0, 1, 1, 1, 0));
  const expected = (2 * 0.5 ** 2) / 1.5 + 2 * 1 + (2 * 0.5 ** 2) / 0.5;
  expect(test.statistic).toBeCloseTo(expected, 12);
  expect(test.degreesOfFreedom).toBe(2);
  expect(test.pValue).toBeCloseTo(Math.exp(-expected / 2), 12); // with two degrees of freedom
  expect(independenceTest(Float64Array.of(1, 1), Float64Array.of(0, 1)).pValue).toBe(1);
});

describe('rows that a stage can not take', () => {
  it('are named, all of them', () => {
    const table = Table.fromRows([
      { v: [1, 2], c: 0 },
      { v: [3], c: 1.5 },
      { v: null, c: -1 },
    ]);
    const hint = { inputCol: 'v', size: 2 };
    expect(() => new p.VectorSizeHint(hint, 'hint').transform(table)).toThrow(
      'hint: row 1: column v: expected a vector of 2, got 1; row 2: column v: expected a vector of 2, got null',
    );
    const kept = new p.VectorSizeHint({ ...hint, handleInvalid: 'skip' }).transform(table);
    expect(kept.features('v').columns).toEqual([Float64Array.of(1), Float64Array.of(2)]);
    expect(() => new p.OneHotEncoder({ inputCol: 'c', outputCol: 'out' }).fit(table)).toThrow('got 1.5; row 2');
    expect(() => new p.MaxAbsScaler({ inputCol: 'v', outputCol: 'out' }).fit(table)).toThrow(BadRowsError);
  });

  it('are those of another width than was learned', () => {
    const model = new p.MaxAbsScaler({ inputCol: 'v', outputCol: 'out' }).fit(Table.fromRows([{ v: [1, 2] }]));
    expect(() => model.transform(Table.fromRows([{ v: [1, 2, 3] }]))).toThrow('expected vectors of 2 numbers, got 3');
  });

  it('are outside all buckets, whatever is said of invalid ones', () => {
    const bucketizer = new p.Bucketizer({ inputCol: 'x', outputCol: 'out', splits: [0, 1, 2], handleInvalid: 'keep' });
    expect(() => bucketizer.transform(Table.fromRows([{ x: 2 }, { x: 2.1 }]))).toThrow(
      'row 1: column x: expected a number in [0, 2]',
    );
    expect(() => new p.Bucketizer({ splits: [0, 1, 1] })).toThrow('at least three numbers that increase');
  });
});

describe('categories', () => {
  const table = Table.fromRows([{ kind: 'b' }, { kind: 'a' }, { kind: 'b' }]);
  const indexed = new p.StringIndexer({ inputCol: 'kind', outputCol: 'index' }).fit(table).transform(table);

  it('keep their labels on the way, so that numbers become labels again', () => {
    const back = new p.IndexToString({ inputCol: 'index', outputCol: 'back' }).transform(indexed);
    expect(back.strings('back')).toEqual(['b', 'a', 'b']);
    expect(() => new p.IndexToString({ inputCol: 'index', outputCol: 'x', labels: ['b'] }).transform(indexed)).toThrow(
      'row 1: column index: expected a number below 1, got 1',
    );
  });

  it('are known in the vectors that they become part of', () => {
    const options = { inputCols: ['index', 'index'], outputCol: 'features' };
    const { schema } = new p.VectorAssembler(options).transform(indexed);
    expect([...schema.field('features').categories!.keys()]).toEqual([0, 1]);
  });

  it('of a label that lacks where rows are scored are left out', () => {
    const model = new p.StringIndexer({ inputCol: 'kind', outputCol: 'index' }).fit(table);
    expect(model.transform(Table.fromRows([{ x: 1 }])).schema.names).toEqual(['x']);
  });
});

describe('products of features', () => {
  it('are in the order of Spark', () => {
    // Apache Spark, PolynomialExpansion's doc: (x, y) of degree 2 is (x, x * x, y, x * y, y * y).
    const expanded = new p.PolynomialExpansion({ inputCol: 'v', outputCol: 'out' }).transform(
      Table.fromRows([{ v: [2, 5] }]),
    );
    expect(expanded.features('out').columns.map(([value]) => value)).toEqual([2, 4, 5, 10, 25]);
  });

  it('are refused where there are too many', () => {
    const table = Table.fromRows([{ v: Vectors.sparse(100_000, [], []) }]);
    const expansion = new p.PolynomialExpansion({ inputCol: 'v', outputCol: 'out', degree: 3 });
    expect(() => expansion.transform(table)).toThrow('take a lower degree');
  });
});

describe('one slot for each category', () => {
  it('is told of each slot, unless there are so many that this would take more than the rows', () => {
    const slotsOf = (categories: number) => {
      const table = Table.fromRows([{ c: 0 }, { c: categories - 1 }]);
      const model = new p.OneHotEncoder({ inputCol: 'c', outputCol: 'out', dropLast: false }).fit(table);
      const { schema } = model.transform(table);
      expect(schema.field('out').width).toBe(categories);
      return schema.field('out').categories?.size;
    };
    expect([slotsOf(3), slotsOf(1_000_000)]).toEqual([3, undefined]);
  });
});

describe('at the edges of their parameters', () => {
  const out = (stage: p.TransformerOf, table: Table) =>
    (stage.transform(table) as Table).toRows().map((row) => row['out']);
  const vectors = { inputCol: 'v', outputCol: 'out' };

  it('a vector has its sum of sizes as its length, for p = 1', () => {
    expect(out(new p.Normalizer({ ...vectors, p: 1 }), Table.fromRows([{ v: [3, -1] }, { v: [0, 0] }]))).toEqual([
      Float64Array.of(0.75, -0.25),
      Float64Array.of(0, 0),
    ]);
  });

  it('a feature that is always 0 stays 0 when it is divided by its largest value', () => {
    const table = Table.fromRows([{ v: [0, -4] }, { v: [0, 2] }]);
    expect(out(new p.MaxAbsScaler(vectors).fit(table), table)).toEqual([
      Float64Array.of(0, -1),
      Float64Array.of(0, 0.5),
    ]);
  });

  it('all terms are counted in one place, where there is one', () => {
    const hashed = new p.HashingTF({ inputCol: 'words', outputCol: 'out', numFeatures: 1 });
    expect(out(hashed, Table.fromRows([{ words: ['a', 'b', 'a'] }]))).toEqual([
      Vectors.sparse(1, Int32Array.of(0), Float64Array.of(3)),
    ]);
  });

  it('null has no bucket, whatever is said of NaN, and is left out with it', () => {
    const table = Table.of({
      x: { type: 'double', values: Float64Array.of(1, Number.NaN), nulls: Uint8Array.of(0, 1) },
    });
    const bucketsOf = (handleInvalid: 'error' | 'skip' | 'keep') =>
      out(new p.Bucketizer({ inputCol: 'x', outputCol: 'out', splits: [0, 2, 4], handleInvalid }), table);
    expect(bucketsOf('error')).toEqual([0, null]);
    expect(bucketsOf('keep')).toEqual([0, null]);
    expect(bucketsOf('skip')).toEqual([0]);
  });

  it('a term that is half of a document counts where that is the least', () => {
    const table = Table.fromRows([{ words: ['a', 'b', 'c', 'a'] }]);
    const model = new p.CountVectorizer({ inputCol: 'words', outputCol: 'out', minTF: 0.5 }).fit(table);
    expect(out(model, table)).toEqual([Vectors.sparse(3, Int32Array.of(0), Float64Array.of(2))]);
    const never = new p.CountVectorizer({ inputCol: 'words', outputCol: 'out', minTF: 0 }).fit(table);
    expect((out(never, table)[0] as { values: Float64Array }).values).toEqual(Float64Array.of(2, 1, 1));
  });
});
