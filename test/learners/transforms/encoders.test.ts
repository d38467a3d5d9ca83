import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../../src/batch/examples.ts';
import { DataError, UsageError } from '../../../src/errors.ts';
import { FeatureHasher } from '../../../src/learners/transforms/feature-hasher.ts';
import { OneHotEncoder } from '../../../src/learners/transforms/one-hot-encoder.ts';
import { expectRefusal } from '../expect-refusal.ts';

const rowsOf = ({ rows, columns }: { readonly rows: number; readonly columns: readonly Float64Array[] }) =>
  Array.from({ length: rows }, (_, i) => columns.map((column) => column[i]));

describe('OneHotEncoder', () => {
  it('gives each category a column when it first comes, and leaves the other features as they are', () => {
    const encoder = new OneHotEncoder({ numFeatures: 2, maxCategories: 3, categorical: [0] });
    expect(encoder.outputWidth).toBe(4);
    const first = toFeatures(
      [
        [7, 0.5],
        [-2, 1.5],
        [7, 2.5],
      ],
      2,
    );
    expect(rowsOf(encoder.update(first))).toEqual([
      [1, 0, 0, 0.5],
      [0, 1, 0, 1.5],
      [1, 0, 0, 2.5],
    ]);
    expect(
      rowsOf(
        encoder.transform(
          toFeatures(
            [
              [9, 1],
              [-2, 2],
            ],
            2,
          ),
        ),
      ),
    ).toEqual([
      [0, 0, 0, 1],
      [0, 1, 0, 2],
    ]);
    expect(
      rowsOf(
        encoder.update(
          toFeatures(
            [
              [9, 1],
              [8, 1],
            ],
            2,
          ),
        ),
      ),
    ).toEqual([
      [0, 0, 1, 1],
      [0, 0, 0, 1],
    ]);
  });

  it('learns no category from a row of weight 0', () => {
    const encoder = new OneHotEncoder({ numFeatures: 1, maxCategories: 2 });
    const rows = toFeatures([[5], [6]], 1);
    expect(rowsOf(encoder.update(rows, Float64Array.of(0, 1)))).toEqual([
      [0, 0],
      [1, 0],
    ]);
  });

  it.each([
    [{ numFeatures: 0, maxCategories: 2 }, 'Number of features must be positive but got 0'],
    [{ numFeatures: 1, maxCategories: 0 }, 'Most categories must be a positive whole number but got 0'],
    [
      { numFeatures: 1, maxCategories: 2, categorical: [1] },
      'Categorical features must be different indices of features but got 1',
    ],
    [
      { numFeatures: 2, maxCategories: 2, categorical: [1, 1] },
      'Categorical features must be different indices of features but got 1,1',
    ],
  ])('refuses %j', (options, message) => {
    expectRefusal(() => new OneHotEncoder(options), UsageError, 'bad-option', `OneHotEncoder: ${message}`);
  });
});

describe('FeatureHasher', () => {
  const entriesOf = ({ size, indices, values }: ReturnType<FeatureHasher['transform']>) => ({
    size,
    entries: Object.fromEntries(Array.from(indices, (index, at) => [index, values[at]])),
  });

  it('gives the numbers of PySpark 3’s doctest', () => {
    const record = { real: 2, bool: true, stringNum: '1', string: 'foo' };
    expect(entriesOf(new FeatureHasher().transform(record))).toEqual({
      size: 262144,
      entries: { 174475: 2, 247670: 1, 257907: 1, 262126: 1 },
    });
    // Of a Spark `double` that is a category: it is hashed as the text 2.0.
    expect(entriesOf(new FeatureHasher().transform({ ...record, real: '2.0' }))).toEqual({
      size: 262144,
      entries: { 171257: 1, 247670: 1, 257907: 1, 262126: 1 },
    });
  });

  it('takes the numbers of named fields for categories, leaves out what is missing, and adds up what meets', () => {
    const hasher = new FeatureHasher({ categoricalCols: ['shop'] });
    expect(hasher.transform({ shop: 2, none: null })).toEqual(new FeatureHasher().transform({ shop: '2' }));
    const one = new FeatureHasher({ numFeatures: 1 }).transform({ a: 2, b: -0.5, c: 'x' });
    expect(entriesOf(one)).toEqual({ size: 1, entries: { 0: 2.5 } });
  });

  it('refuses what can be no field, by its name', () => {
    const hasher = new FeatureHasher();
    const infinite = () => hasher.transform({ price: Number.NaN });
    expectRefusal(infinite, DataError, 'not-finite', 'field price: expected a finite number, got NaN');
    const list = () => hasher.transform({ tags: [] as unknown as string });
    expectRefusal(list, DataError, 'wrong-type', 'field tags: expected a number, text or a truth value, got object');
  });
});
