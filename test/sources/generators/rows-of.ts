import { expect } from 'vitest';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';

/** The first `count` rows of a stream. */
export function rowsOf(stream: Iterable<GeneratedRow>, count: number): GeneratedRow[] {
  const rows: GeneratedRow[] = [];
  const iterator = stream[Symbol.iterator]();
  while (rows.length < count) rows.push(iterator.next().value);
  return rows;
}

/** How often `isTrue` holds, from 0 to 1. */
export function shareOf<T>(rows: readonly T[], isTrue: (row: T, index: number) => boolean): number {
  return rows.filter(isTrue).length / rows.length;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
}

/**
 * Expects a share of `n` draws within five of its standard errors: a right generator misses that once in two million seeds,
 * and the seeds are fixed. `slack` is how coarsely the expected value is known.
 */
export function expectShare(got: number, expected: number, n: number, slack = 0): void {
  const tolerance = 5 * Math.sqrt((expected * (1 - expected)) / n) + slack;
  expect(Math.abs(got - expected), `expected ${expected} ± ${tolerance}, got ${got}`).toBeLessThan(tolerance);
}

/** As `expectShare`, for the mean of `n` draws of the given variance. */
export function expectMean(got: number, expected: number, variance: number, n: number, slack = 0): void {
  const tolerance = 5 * Math.sqrt(variance / n) + slack;
  expect(Math.abs(got - expected), `expected ${expected} ± ${tolerance}, got ${got}`).toBeLessThan(tolerance);
}
