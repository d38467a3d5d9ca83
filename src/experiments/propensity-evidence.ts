import { mixtureTest, rho } from '../numeric/mixture-test.ts';
import type { ArmWeights } from './look-totals.ts';

/** Units at which it is tightest. */
const TUNED_FOR = 5000;

export interface PropensityCheck {
  /** Units that each arm needs; before, there is no evidence. */
  readonly minimumPerArm: number;
  /** The chance of a false alarm that it is tuned for. */
  readonly alpha: number;
}

/**
 * How strongly the units' weights speak against the propensities that were told, as a logarithm: at most α of all experiments whose
 * propensities are true ever see ln(1/α) or above, however often one looks and however the propensities follow what was seen.
 *
 * A unit weighs w = 1 / propensity in the arm that it was given and 0 in the others, which is 1 on average. So with N units in
 * all, Σ w − N of an arm is a martingale, whose variance is Σ (1/propensity − 1), on average Σ w (w − 1) of the arm's own units. To
 * it the mixture test is applied, and of K arms the greatest evidence counts, less ln K.
 * Law: `test/experiments/bandit.test.ts`.
 *
 * `shares`: what the arms' shares are like, roughly; it is valid for any, and fastest for those.
 */
export function propensityEvidence(
  weights: readonly ArmWeights[],
  shares: readonly number[],
  { minimumPerArm, alpha }: PropensityCheck,
): number {
  if (weights.some(({ units }) => units < minimumPerArm)) return 0;
  const arms = weights.length;
  const all = weights.reduce((total, { units }) => total + units, 0);
  const perUnit = rho(alpha / arms, TUNED_FOR) ** 2;
  const evidence = weights.map(({ sum, variance }, arm) => {
    if (!(variance > 0)) return sum === all ? 0 : Number.POSITIVE_INFINITY; // certain to be given every arm
    const share = (perUnit * shares[arm]! * variance) / (1 - shares[arm]!);
    const effect = { estimate: sum - all, standardError: Math.sqrt(variance), n: all };
    return -Math.log(mixtureTest(effect, share * variance, alpha).pValue);
  });
  return Math.max(0, Math.max(...evidence) - Math.log(arms));
}
