import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { HashingTF } from '../../src/learners/transforms/hashing-tf.ts';
import { murmurHash3 } from '../../src/numeric/murmur-hash-3.ts';
import { expectRefusal } from '../learners/expect-refusal.ts';
import { HASHED_ABC, TERM_HASHES } from './golden.ts';

const plain = ({ size, indices, values }: ReturnType<HashingTF['transform']>) => ({
  size,
  indices: Array.from(indices),
  values: Array.from(values),
});

describe('HashingTF gives Spark’s numbers', () => {
  it.each(TERM_HASHES)('of "$term"', ({ term, hash, of100, ofDefault }) => {
    expect(murmurHash3(new TextEncoder().encode(term), 42)).toBe(hash);
    expect(new HashingTF({ numFeatures: 100 }).indexOf(term)).toBe(of100);
    expect(new HashingTF().indexOf(term)).toBe(ofDefault);
  });

  it.each(HASHED_ABC)('of PySpark’s doctest, $numFeatures features', ({ numFeatures, indices }) => {
    const vector = new HashingTF({ numFeatures }).transform(['a', 'b', 'c']);
    expect(plain(vector)).toEqual({ size: numFeatures, indices, values: [1, 1, 1] });
  });

  it('of its suite: counts, or once each', () => {
    const counted = new HashingTF({ numFeatures: 100 }).transform(['a', 'a', 'b', 'b', 'c', 'd']);
    expect(plain(counted)).toEqual({ size: 100, indices: [65, 67, 68, 90], values: [2, 2, 1, 1] });
    const binary = new HashingTF({ numFeatures: 100, binary: true }).transform(['a', 'a', 'b', 'c', 'c', 'c']);
    expect(plain(binary)).toEqual({ size: 100, indices: [65, 67, 68], values: [1, 1, 1] });
  });
});

it('refuses a length that is none', () => {
  expectRefusal(
    () => new HashingTF({ numFeatures: 0 }),
    UsageError,
    'bad-option',
    'HashingTF: Number of features must be positive, below 2^31 but got 0',
  );
});
