import { expect, it } from 'vitest';
import { symmetricEigen } from '../../src/numeric/symmetric-eigen.ts';

it.each([
  ['plain', [2, 1, 1, 3]],
  ['of tiny numbers', [2e-300, 1e-300, 1e-300, 3e-300]],
  ['of numbers whose squares overflow', [1e308, 1e308, 1e308, 1]],
  ['of one direction', [4, 0, 0, 0]],
  ['of nothing', [0, 0, 0, 0]],
])('the eigenvectors of a matrix %s are stretched by its eigenvalues', (_, matrix) => {
  const { values, vectors } = symmetricEigen(Float64Array.from(matrix), 2, 'it');
  const most = Math.max(...matrix) || 1;
  for (const [e, [x, y]] of vectors.entries()) {
    expect(Math.hypot(x!, y!)).toBeCloseTo(1, 12);
    expect((matrix[0]! / most) * x! + (matrix[1]! / most) * y!).toBeCloseTo((values[e]! / most) * x!, 12);
    expect((matrix[2]! / most) * x! + (matrix[3]! / most) * y!).toBeCloseTo((values[e]! / most) * y!, 12);
  }
  expect(values[0]).toBeLessThanOrEqual(values[1]!);
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('%f is refused', (odd) => {
  expect(() => symmetricEigen(Float64Array.of(1, odd, odd, 1), 2, 'it')).toThrow(
    expect.objectContaining({ code: 'not-finite' }),
  );
});
