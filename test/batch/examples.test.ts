import { describe, expect, it } from 'vitest';
import { assembleFeatures, assembleLabeled } from '../../src/batch/examples.ts';
import { LabeledPoint, type Vector, type WeightedVector } from '../../src/batch/vector.ts';
import type { DataError } from '../../src/errors.ts';

function collected() {
  const rejected: [position: number, code: string, message: string][] = [];
  const reject = (position: number, { code, message }: DataError) => void rejected.push([position, code, message]);
  return { rejected, reject };
}

describe('weights of records', () => {
  const { rejected, reject } = collected();

  it('become a column, where one record has one: 1 for those without', () => {
    const records: (Vector | WeightedVector)[] = [[1], { features: [2], weight: 3 }, { features: [3] }, [4]];
    const { features, weights } = assembleFeatures(records, 1, reject);
    expect([...features.columns[0]!]).toEqual([1, 2, 3, 4]);
    expect([...weights!]).toEqual([1, 3, 1, 1]);
    expect(rejected).toEqual([]);
  });

  it('are absent where no record has one', () => {
    expect(assembleFeatures([[1], [2]], 1, reject)).not.toHaveProperty('weights');
    expect(assembleLabeled([LabeledPoint(0, [1])], 1, reject)).not.toHaveProperty('weights');
  });

  it('below 0, or that are no finite number, make a bad record', () => {
    const bad = [-1, Number.NaN, Infinity, '2'];
    const records = [...bad, 0.5].map((weight) => LabeledPoint(7, [1], weight as number));
    const found = collected();
    const { labels, weights, positions } = assembleLabeled(records, 1, found.reject);
    expect([[...labels!], [...weights!], [...positions!]]).toEqual([[7], [0.5], [4]]);
    expect(found.rejected).toEqual([
      [0, 'bad-record', 'weight: expected 0 or more, got -1'],
      [1, 'not-finite', 'weight: expected a finite number, got NaN'],
      [2, 'not-finite', 'weight: expected a finite number, got Infinity'],
      [3, 'not-finite', 'weight: expected a finite number, got "2" (string)'],
    ]);
  });
});

describe('labels of classes', () => {
  it('are whole numbers below the number of classes; others make a bad record', () => {
    const records = [0, 1, 2, -1, 0.5].map((label) => LabeledPoint(label, [1]));
    const two = collected();
    expect([...assembleLabeled(records, 1, two.reject, 2).labels!]).toEqual([0, 1]);
    expect(two.rejected).toEqual([
      [2, 'bad-record', 'label: expected 0 or 1, got 2'],
      [3, 'bad-record', 'label: expected 0 or 1, got -1'],
      [4, 'bad-record', 'label: expected 0 or 1, got 0.5'],
    ]);
    const three = collected();
    expect([...assembleLabeled(records, 1, three.reject, 3).labels!]).toEqual([0, 1, 2]);
    expect(three.rejected[0]![2]).toBe('label: expected a class from 0 to 2, got -1');
  });
});
