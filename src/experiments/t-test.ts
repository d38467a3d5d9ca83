import { studentT } from '../numeric/distributions/student-t.ts';
import type { Moments } from '../numeric/moments.ts';

/** Whether the arms may differ in variance (Welch), or are taken to share it (Student). */
export type TTestMethod = 'welch' | 'student';

export interface TTest {
  /** mean of the experiment − mean of the control. */
  readonly difference: number;
  readonly standardError: number;
  /** difference / standardError: positive where the experiment has the greater mean. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * Tests whether two arms have the same mean, for one look at a number of samples that was fixed before: then, and only then,
 * the p-value is uniform where nothing happens. To look again and again, use `SequentialTest`.
 *
 * With sample variances s² (divisor n − 1). Welch: se² = s₁²/n₁ + s₂²/n₂, ν = se⁴ / ((s₁²/n₁)²/(n₁ − 1) + (s₂²/n₂)²/(n₂ − 1)).
 * Student: s² pooled, se² = s² (1/n₁ + 1/n₂), ν = n₁ + n₂ − 2. p = 2 · P(T_ν > |t|).
 *
 * `control`, `experiment`: moments of one variable, at least two samples each, one variance at least positive.
 * Source: Welch, 1947; Student, 1908.
 */
export function tTest(control: Moments, experiment: Moments, method: TTestMethod = 'welch'): TTest {
  const difference = experiment.mean() - control.mean();
  const { variance, degreesOfFreedom } = method === 'welch' ? welch(control, experiment) : student(control, experiment);
  const standardError = Math.sqrt(variance);
  const statistic = difference / standardError;
  const pValue = 2 * studentT(degreesOfFreedom).survival(Math.abs(statistic));
  return { difference, standardError, statistic, degreesOfFreedom, pValue };
}

function welch(control: Moments, experiment: Moments) {
  const a = control.variance() / control.weight;
  const b = experiment.variance() / experiment.weight;
  const degreesOfFreedom = (a + b) ** 2 / (a ** 2 / (control.weight - 1) + b ** 2 / (experiment.weight - 1));
  return { variance: a + b, degreesOfFreedom };
}

function student(control: Moments, experiment: Moments) {
  const degreesOfFreedom = control.weight + experiment.weight - 2;
  const pooled = (control.product(0, 0) + experiment.product(0, 0)) / degreesOfFreedom;
  return { variance: pooled * (1 / control.weight + 1 / experiment.weight), degreesOfFreedom };
}
