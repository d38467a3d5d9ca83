/**
 * p-values that keep the share of false ones among the rejections at α, on average, for questions that are independent of each
 * other or go up and down together: adjusted of the i-th smallest = min over j ≥ i of m p_j / j, in the given order.
 * For questions that hang together in any way, and p-values that were watched, use `eBenjaminiHochberg`.
 *
 * Source: Benjamini & Hochberg, Controlling the False Discovery Rate, 1995.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const m = pValues.length;
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(m);
  let least = 1;
  for (const [behind, i] of order.entries()) {
    least = Math.min(least, (m * pValues[i]!) / (m - behind));
    adjusted[i] = least;
  }
  return adjusted;
}

/**
 * As `benjaminiHochberg`, from e-values, and whatever the questions have to do with each other: the adjusted p-values of 1/e.
 *
 * e-values of many experiments, or of many metrics, each watched and stopped as one likes: `eValueOf` of their p-values.
 * As those never fall, what is once rejected stays rejected as long as no question is added.
 * Source: Wang & Ramdas, False Discovery Rate Control with E-values, 2022.
 */
export function eBenjaminiHochberg(eValues: readonly number[]): number[] {
  return benjaminiHochberg(eValues.map((e) => Math.min(1, 1 / e)));
}

/**
 * The evidence in a p-value, as an e-value: its mean is at most 1 where nothing happens. From an always-valid p-value, which
 * never rises, comes an e-value that never falls.
 *
 * e = (1 − p + p ln p) / (p ln² p), the mean of κ p^(κ−1) over κ from 0 to 1; 1/2 at p = 1.
 * Source: Vovk & Wang, E-values: Calibration, Combination and Applications, 2021.
 */
export function eValueOf(pValue: number): number {
  if (pValue === 0) return Number.POSITIVE_INFINITY;
  const x = -Math.log(pValue);
  // Near p = 1 the closed form loses its digits: (e^x − 1 − x) / x² = 1/2 + x/6 + x²/24 + x³/120 + …
  if (x < 1e-3) return 1 / 2 + x / 6 + (x * x) / 24;
  return (Math.expm1(x) - x) / (x * x);
}
