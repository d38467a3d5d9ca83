import { expect } from 'vitest';

/** Expects numbers within a relative distance of others; where 0 is expected, within the same absolute one. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expectWithin(got, expected, (value) => tolerance * (value || 1));
}

/** As `expectClose`, for results of sums that cancel: one below 1 within the same absolute distance. */
export function expectNear(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expectWithin(got, expected, (value) => tolerance * Math.max(1, value));
}

function expectWithin(got: ArrayLike<number>, expected: ArrayLike<number>, allowedOf: (size: number) => number): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(got[i]! - expected[i]!);
    const allowed = allowedOf(Math.abs(expected[i]!));
    expect(apart, `value ${i}: ${got[i]}, expected ${expected[i]}`).toBeLessThanOrEqual(allowed);
  }
}

/** Expects numbers that round, at so many digits after the point, to those of a printed table. */
export function expectDigits(got: ArrayLike<number>, printed: ArrayLike<number>, digits: number): void {
  expect(got.length).toBe(printed.length);
  for (let i = 0; i < printed.length; i++) expect(got[i], `value ${i}`).toBeCloseTo(printed[i]!, digits);
}
