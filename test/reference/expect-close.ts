import { expect } from 'vitest';

/** Expects numbers within a relative distance of others; a number near zero, within the same absolute one. */
export function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9): void {
  expect(got.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[i]!));
    expect(Math.abs(got[i]! - expected[i]!), `value ${i}: ${got[i]}, expected ${expected[i]}`).toBeLessThanOrEqual(
      allowed,
    );
  }
}

/** Expects numbers that round, at so many digits after the point, to those of a printed table. */
export function expectDigits(got: ArrayLike<number>, printed: ArrayLike<number>, digits: number): void {
  expect(got.length).toBe(printed.length);
  for (let i = 0; i < printed.length; i++) expect(got[i], `value ${i}`).toBeCloseTo(printed[i]!, digits);
}
