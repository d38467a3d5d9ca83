/** B₂ₙ / (2n (2n − 1)): the coefficients of Stirling's series. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];

/** From here on, seven terms of the series are right to 1e-17. */
const STIRLING_FROM = 12;

/**
 * What ln Γ(x) is beside x ln x − x, to 1e-14 absolute for x > 0: for sums of logarithms of Γ, of which the great parts cancel.
 *
 * ½ ln(2π / x) + 1/(12 x) − 1/(360 x³) + …; below 12, by Γ(x) = Γ(x + m) / (x (x + 1) … (x + m − 1)).
 * Law: agrees with `logGamma` (`distributions.test.ts`). Source: DLMF 5.11.1.
 */
export function logGammaRest(x: number): number {
  let product = 1;
  let z = x;
  for (; z < STIRLING_FROM; z++) product *= z;
  const inverseSquare = 1 / (z * z);
  let series = 0;
  for (let n = STIRLING.length - 1; n >= 0; n--) series = series * inverseSquare + STIRLING[n]!;
  const rest = 0.5 * Math.log((2 * Math.PI) / z) + series / z;
  return z === x ? rest : rest + z * Math.log(z) - z - Math.log(product) - x * Math.log(x) + x;
}
