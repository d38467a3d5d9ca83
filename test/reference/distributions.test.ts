import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { beta } from '../../src/numeric/distributions/beta.ts';
import { chiSquare } from '../../src/numeric/distributions/chi-square.ts';
import type { Distribution } from '../../src/numeric/distributions/distribution.ts';
import { fisherF } from '../../src/numeric/distributions/fisher-f.ts';
import { gamma } from '../../src/numeric/distributions/gamma.ts';
import { normal } from '../../src/numeric/distributions/normal.ts';
import { studentT } from '../../src/numeric/distributions/student-t.ts';

/** What the distributions promise, relative. */
const TOLERANCE = 1e-13;

/** A row of a table: mpmath's probabilities, as text, since the far tails are below the smallest number. */
interface Point {
  readonly parameters: readonly number[];
  readonly x: number;
  readonly cdf: string;
  readonly survival: string;
}

function table(name: string): readonly Point[] {
  const text = readFileSync(new URL(`distributions/${name}.csv`, import.meta.url), 'utf8');
  const [program, , ...lines] = text.trimEnd().split('\n');
  expect(program).toMatch(/^# mpmath/);
  return lines.map((line) => {
    const cells = line.split(',');
    const [cdf, survival] = cells.splice(-2) as [string, string];
    return { parameters: cells.slice(0, -1).map(Number), x: Number(cells.at(-1)), cdf, survival };
  });
}

/** The logarithm of a probability, which is exact to the last digits also where it is nearly 1: there, from the other side. */
function logOf(text: string, otherSide: string): number {
  const [mantissa, exponent = 0] = text.split('e');
  const log = Math.log(Number(mantissa)) + Number(exponent) * Math.LN10;
  return log > -0.5 ? Math.log1p(-Number(otherSide)) : log;
}

function expectRelative(got: number, expected: number, what: string): void {
  // Below this the numbers have fewer digits.
  const far = Math.abs(expected) < Number.MIN_VALUE / Number.EPSILON;
  const error = far ? Math.abs(got - expected) : Math.abs(got / expected - 1);
  expect(error, `${what}: ${got}, expected ${expected}`).toBeLessThan(far ? 1e-306 : TOLERANCE);
}

describe.each<[string, (...parameters: number[]) => Distribution]>([
  ['normal', () => normal],
  ['student-t', studentT],
  ['fisher-f', fisherF],
  ['chi-square', chiSquare],
  ['beta', beta],
  ['gamma', gamma],
])('%s against mpmath', (name, make) => {
  const points = table(name);

  it('has the probabilities of 1,000 points, the tails too', () => {
    expect(points).toHaveLength(1000);
    for (const { parameters, x, cdf, survival } of points) {
      const distribution = make(...parameters);
      const at = `${name}(${parameters}) at ${x}`;
      expectRelative(distribution.cdf(x), Number(cdf), `cdf of ${at}`);
      expectRelative(distribution.survival(x), Number(survival), `survival of ${at}`);
    }
  });

  it('has their logarithms, also of those that are no numbers any more', () => {
    for (const { parameters, x, cdf, survival } of points) {
      const distribution = make(...parameters);
      const at = `${name}(${parameters}) at ${x}`;
      expectRelative(distribution.logCdf(x), logOf(cdf, survival), `log cdf of ${at}`);
      expectRelative(distribution.logSurvival(x), logOf(survival, cdf), `log survival of ${at}`);
    }
  });

  it('finds the points again from the smaller of the two probabilities', () => {
    for (const { parameters, x, cdf, survival } of points) {
      const distribution = make(...parameters);
      const [p, q] = [Number(cdf), Number(survival)];
      if (Math.min(p, q) < 1e-300) continue;
      const found = p < q ? distribution.quantile(p) : distribution.upperQuantile(q);
      expectRelative(found, x, `quantile of ${name}(${parameters}) at ${Math.min(p, q)}`);
    }
  });
});

it('has tables that reach beyond the smallest number', () => {
  const reached = ['normal', 'gamma', 'beta', 'fisher-f', 'student-t', 'chi-square'].map((name) => {
    return table(name).filter(({ cdf, survival }) => Math.min(Number(cdf), Number(survival)) === 0).length;
  });
  for (const points of reached) expect(points).toBeGreaterThan(20);
});
