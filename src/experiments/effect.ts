import type { Effect } from '../numeric/mixture-test.ts';

/** What is known of one arm. */
export type ArmEstimate = {
  /** Units, or events where there are no units. */
  readonly n: number;
  readonly estimate: number;
  /** Of the estimate: the square of its standard error. */
  readonly variance: number;
};

/** arm − control. */
export function absoluteEffect(control: ArmEstimate, arm: ArmEstimate): Effect {
  return {
    estimate: arm.estimate - control.estimate,
    standardError: Math.sqrt(arm.variance + control.variance),
    n: arm.n + control.n,
  };
}

/**
 * (arm − control) / control, with the variance of the delta method: v_B / m_A² + v_A m_B² / m_A⁴. For controls that are many
 * standard errors away from 0.
 */
export function relativeEffect(control: ArmEstimate, arm: ArmEstimate): Effect {
  const base = control.estimate;
  const variance = arm.variance / base ** 2 + (control.variance * arm.estimate ** 2) / base ** 4;
  return { estimate: (arm.estimate - base) / base, standardError: Math.sqrt(variance), n: arm.n + control.n };
}
