import { expect } from 'vitest';
import { type Answer, type Cell, comparable } from './table-json.ts';

/** Numbers to a share of `tolerance`, all else equal. */
export function expectSame(got: Answer, expected: Answer, tolerance: number): void {
  expect(got.columns).toEqual(expected.columns);
  expect(got.rows.length).toBe(expected.rows.length);
  expected.rows.forEach((row, i) => {
    row.forEach((value, j) => {
      const where = `row ${i}, column ${expected.columns[j]}`;
      expectNear(comparable(got.rows[i]![j]!), comparable(value), tolerance, where);
    });
  });
}

function expectNear(got: Cell, expected: Cell, tolerance: number, where: string): void {
  if (Array.isArray(expected) && Array.isArray(got) && got.length === expected.length) {
    for (const [i, value] of expected.entries()) {
      if (got[i] !== value) expectNear(got[i]!, value, tolerance, `${where}[${i}]`);
    }
    return;
  }
  if (typeof expected === 'number' && typeof got === 'number') {
    const difference = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    expect(difference, `${where}: expected ${expected}, got ${got}`).toBeLessThanOrEqual(tolerance);
    return;
  }
  expect(got, where).toEqual(expected);
}
