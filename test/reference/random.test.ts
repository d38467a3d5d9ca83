import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/host/random.ts';
import { XorShiftRandom } from '../../src/numeric/xor-shift-random.ts';
import { expectClose } from './expect-close.ts';
import { FIRST_LINEAR_POINTS, MULBERRY_12345, XOR_SHIFT_42 } from './golden.ts';
import { linearData } from './linear-data.ts';

describe('XorShiftRandom gives what Spark 3 gives for the seed 42', () => {
  it.each(['nextInt', 'nextDouble', 'nextGaussian'] as const)('%s', (method) => {
    const random = new XorShiftRandom(42);
    const expected = XOR_SHIFT_42[method];
    expectClose(
      expected.map(() => random[method]()),
      expected,
      1e-15,
    );
  });

  it('takes a seed beyond 2^53 as a bigint, and the same seed as either type', () => {
    expect(new XorShiftRandom(42n).nextInt()).toBe(new XorShiftRandom(42).nextInt());
    expect(new XorShiftRandom(2n ** 62n).nextInt()).not.toBe(new XorShiftRandom(2n ** 62n + 1n).nextInt());
  });
});

it('seededRandom gives the published numbers of mulberry32', () => {
  const random = seededRandom(12345);
  expect(MULBERRY_12345.map(() => random.next())).toEqual(MULBERRY_12345);
});

it('linearData gives the first points of Spark’s generator', () => {
  const points = linearData([10, 10], 2, 42);
  for (const [i, { label, features }] of FIRST_LINEAR_POINTS.entries()) {
    expectClose(points[i]!.features as number[], features, 1e-15);
    expectClose([points[i]!.label], [label], 1e-12);
  }
});
