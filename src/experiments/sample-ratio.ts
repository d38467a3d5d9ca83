import { chiSquare } from '../numeric/distributions/chi-square.ts';
import { logGammaRest } from '../numeric/distributions/log-gamma-rest.ts';

/**
 * How surprising the sizes of the arms are, for one look: χ² = Σ (observed − expected)² / expected, with a degree of freedom
 * less than there are arms with a share. Looked at again and again it cries wolf; use `sampleRatioEvidence` for that.
 *
 * `counts`: units by arm. `shares`: what each should have, adding up to 1; 0 for an arm that is closed.
 */
export function sampleRatioChiSquare(counts: readonly number[], shares: readonly number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const open = shares.flatMap((share, arm) => (share > 0 ? [{ expected: share * total, count: counts[arm]! }] : []));
  const statistic = open.reduce((sum, { expected, count }) => sum + (count - expected) ** 2 / expected, 0);
  return { statistic, pValue: chiSquare(open.length - 1).survival(statistic) };
}

/** How strongly the prior holds that the shares are as planned: as if so many units had been seen. */
const PRIOR_UNITS = 100;

/**
 * The logarithm of the Bayes factor against the planned shares. At most α of all experiments whose shares are as planned ever see
 * it at ln(1/α) or above, however often one looks.
 *
 * ln Γ(Σa) − ln Γ(Σa + n) + Σ (ln Γ(a_i + n_i) − ln Γ(a_i)) − Σ n_i ln share_i, with a_i = k · share_i. These terms are far
 * larger than what they come to, so it is computed as Σ x_i ln(x_i / e_i) + Σ R(x_i) − R(Σx) + R(Σa) − Σ R(a_i), with x_i = a_i + n_i,
 * e_i = Σx · share_i, and R(x) = ln Γ(x) − x ln x + x.
 * Source: Lindon & Malek, Anytime-Valid Inference for Multinomial Count Data, 2022.
 */
export function sampleRatioEvidence(
  counts: readonly number[],
  shares: readonly number[],
  priorUnits = PRIOR_UNITS,
): number {
  const all = priorUnits + counts.reduce((sum, count) => sum + count, 0);
  let sum = logGammaRest(priorUnits) - logGammaRest(all);
  for (const [arm, share] of shares.entries()) {
    const n = counts[arm]!;
    if (share === 0) {
      if (n > 0) return Number.POSITIVE_INFINITY; // what can't be, is
      continue;
    }
    const expected = all * share;
    const excess = (priorUnits * share + n) / expected - 1;
    // The excesses, times what was expected, add up to 0: without them no digits are lost where all is as expected.
    sum += expected * ((1 + excess) * Math.log1p(excess) - excess);
    sum += logGammaRest(priorUnits * share + n) - logGammaRest(priorUnits * share);
  }
  return sum;
}
