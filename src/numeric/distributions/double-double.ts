/**
 * Numbers of twice the precision, as the unevaluated sum of two: 31 digits. Exponents of densities need them, since
 * e^700.0000000000001 is not e^700: what is rounded in an exponent is an error of the result, as many times larger as the
 * exponent is. Source: Dekker, A Floating-Point Technique for Extending the Available Precision, 1971.
 */
export type DoubleDouble = readonly [high: number, low: number];

const SPLITTER = 2 ** 27 + 1;

const LN_2: DoubleDouble = [Math.LN2, 2.3190468138462996e-17];
/** ½ ln 2π. */
const HALF_LN_2_PI: DoubleDouble = [0.9189385332046728, -3.8782941580672414e-17];

/** The coefficients of Stirling's series, B₂ₙ / (2n (2n − 1)): exact as written, a double each. */
const STIRLING = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360360,
  1 / 156,
  -3617 / 122400,
  43867 / 244188,
  -174611 / 125400,
];

/** 1, 1/3, 1/5 … 1/21. */
const INVERSE_ODDS: readonly DoubleDouble[] = Array.from({ length: 11 }, (_, i) => divide([1, 0], [2 * i + 1, 0]));

/** From here on, ten terms of Stirling's series are right to 1e-19. */
const STIRLING_FROM = 20;

export function double(value: number): DoubleDouble {
  return [value, 0];
}

export function add([a, b]: DoubleDouble, [c, d]: DoubleDouble): DoubleDouble {
  const sum = a + c;
  const part = sum - a;
  const error = a - (sum - part) + (c - part);
  return normalised(sum, error + b + d);
}

function negative([a, b]: DoubleDouble): DoubleDouble {
  return [-a, -b];
}

export function subtract(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return add(a, negative(b));
}

export function multiply([a, b]: DoubleDouble, [c, d]: DoubleDouble): DoubleDouble {
  const product = a * c;
  const [a1, a2] = halves(a);
  const [c1, c2] = halves(c);
  const error = a1 * c1 - product + a1 * c2 + a2 * c1 + a2 * c2;
  return normalised(product, error + a * d + b * c);
}

export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const quotient = a[0] / b[0];
  const [rest, restLow] = subtract(a, multiply(double(quotient), b));
  return normalised(quotient, (rest + restLow) / b[0]);
}

/** ln x for x > 0: 2 artanh((m − 1)/(m + 1)) + k ln 2, where x = m · 2^k and m is near 1. Cost: twenty multiplications. */
export function log([high, low]: DoubleDouble): DoubleDouble {
  const k = Math.round(Math.log2(high));
  const scale = (value: number) => value * 2 ** (-k >> 1) * 2 ** (-k - (-k >> 1)); // in two steps, as 2^1074 is no number
  const m: DoubleDouble = [scale(high), scale(low)];
  const s = divide(subtract(m, [1, 0]), add(m, [1, 0]));
  const square = multiply(s, s);
  // Of the far terms only sixteen digits count.
  let far = 0;
  for (let n = 43; n > 2 * INVERSE_ODDS.length; n -= 2) far = far * square[0] + 1 / n;
  let series: DoubleDouble = [far, 0];
  for (let i = INVERSE_ODDS.length - 1; i >= 0; i--) series = add(multiply(series, square), INVERSE_ODDS[i]!);
  return add(multiply([2, 0], multiply(s, series)), multiply([k, 0], LN_2));
}

/** ln Γ(x) for x > 0: Stirling's series, after x has been moved up to where it is exact. */
export function logGamma(x: DoubleDouble): DoubleDouble {
  let z = x;
  let product: DoubleDouble = [1, 0];
  while (z[0] < STIRLING_FROM) {
    product = multiply(product, z);
    z = add(z, [1, 0]);
  }
  const inverseSquare = 1 / (z[0] * z[0]);
  let tail = 0;
  for (let n = STIRLING.length - 1; n >= 1; n--) tail = (tail + STIRLING[n]!) * inverseSquare;
  const series = divide(add(divide([1, 0], [12, 0]), [tail, 0]), z);
  const power = subtract(multiply(subtract(z, [0.5, 0]), log(z)), z);
  return subtract(add(add(power, HALF_LN_2_PI), series), log(product));
}

function normalised(high: number, low: number): DoubleDouble {
  const sum = high + low;
  return [sum, low - (sum - high)];
}

/** Two numbers of half the digits whose sum is `value`. */
function halves(value: number): DoubleDouble {
  const shifted = SPLITTER * value;
  const high = shifted - (shifted - value);
  return [high, value - high];
}
