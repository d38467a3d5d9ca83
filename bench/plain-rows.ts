/**
 * Learners that go row by row, as one would write each for itself: columns, plain loops, no checks, nothing of Millrace. What the benchmarks
 * time Millrace against, and what `test/oracle` holds its kernels to.
 */

/** Rows with labels, column after column; `weights`: 1 each where absent. */
export interface PlainRows {
  readonly columns: readonly Float64Array[];
  readonly labels: Float64Array;
  readonly weights?: Float64Array | undefined;
}

/** What the learner is told of a row: its inputs, which are lent, its label, its weight, which is above 0, and its number. */
type LearnRow = (x: Float64Array, label: number, weight: number, i: number) => void;

/** Passes the rows of weight above 0 on, one after the other; with a 1 as the last input where `m` is above the number of features. */
export function eachRow({ columns, labels, weights }: PlainRows, m: number, learn: LearnRow): void {
  const x = new Float64Array(m).fill(1);
  for (let i = 0; i < labels.length; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (weight === 0) continue;
    for (let j = 0; j < columns.length; j++) x[j] = columns[j]![i]!;
    learn(x, labels[i]!, weight, i);
  }
}

/** Σ_j a[from + j] · x[j]. */
function dot(a: Float64Array, x: Float64Array, from = 0): number {
  let sum = 0;
  for (let j = 0; j < x.length; j++) sum += a[from + j]! * x[j]!;
  return sum;
}

function sigmoid(m: number): number {
  if (m >= 0) return 1 / (1 + Math.exp(-m));
  const e = Math.exp(m);
  return e / (1 + e);
}

/** ∂loss/∂m. */
export const PLAIN_SLOPES = {
  squared: (m: number, y: number) => 2 * (m - y),
  absolute: (m: number, y: number) => Math.sign(m - y),
  logistic: (m: number, y: number) => sigmoid(m) - y,
  hinge: (m: number, y: number) => ((y === 1 ? m : -m) < 1 ? (y === 1 ? -1 : 1) : 0),
} as const;

export interface PlainDescent {
  readonly weights: Float64Array;
  readonly squares: Float64Array;
  readonly means: Float64Array;
  readonly steps: Float64Array;
}

export interface PlainDescentOptions {
  readonly optimizer: 'sgd' | 'adaGrad' | 'adam';
  readonly stepSize: number;
  readonly l2: number;
}

/** Steps the weights from `from` on against slope · x + l2 · w; the intercept, which is the last of more than `d`, has no l2. */
function plainStep(
  { weights, squares, means, steps }: PlainDescent,
  from: number,
  x: Float64Array,
  d: number,
  slope: number,
  { optimizer, stepSize, l2 }: PlainDescentOptions,
): void {
  if (optimizer === 'sgd') {
    for (let j = 0, at = from; j < x.length; j++, at++) {
      const g = j < d ? slope * x[j]! + l2 * weights[at]! : slope;
      weights[at] = weights[at]! - stepSize * g;
    }
    return;
  }
  if (optimizer === 'adaGrad') {
    for (let j = 0, at = from; j < x.length; j++, at++) {
      const g = j < d ? slope * x[j]! + l2 * weights[at]! : slope;
      squares[at] = squares[at]! + g * g;
      weights[at] = weights[at]! - (stepSize * g) / (Math.sqrt(squares[at]!) + 1e-8);
    }
    return;
  }
  const toMean = 1 / (1 - 0.9 ** steps[0]!);
  const toSquare = 1 / (1 - 0.999 ** steps[0]!);
  for (let j = 0, at = from; j < x.length; j++, at++) {
    const g = j < d ? slope * x[j]! + l2 * weights[at]! : slope;
    means[at] = 0.9 * means[at]! + (1 - 0.9) * g;
    squares[at] = 0.999 * squares[at]! + (1 - 0.999) * g * g;
    weights[at] = weights[at]! - (stepSize * means[at]! * toMean) / (Math.sqrt(squares[at]! * toSquare) + 1e-8);
  }
}

/** Gives each row's margin before its step. */
export function plainDescent(
  rows: PlainRows,
  state: PlainDescent,
  loss: keyof typeof PLAIN_SLOPES,
  options: PlainDescentOptions,
): Float64Array {
  const margins = new Float64Array(rows.labels.length);
  const slopeOf = PLAIN_SLOPES[loss];
  eachRow(rows, state.weights.length, (x, y, weight, i) => {
    const m = dot(state.weights, x);
    margins[i] = m;
    state.steps[0]!++;
    plainStep(state, 0, x, rows.columns.length, weight * slopeOf(m, y), options);
  });
  return margins;
}

/** Gives each row's −ln P(y) before its step. `state`: the weights of one class after the other. */
export function plainSoftmax(
  rows: PlainRows,
  state: PlainDescent,
  numClasses: number,
  options: PlainDescentOptions,
): Float64Array {
  const losses = new Float64Array(rows.labels.length);
  const width = state.weights.length / numClasses;
  const p = new Float64Array(numClasses);
  eachRow(rows, width, (x, y, weight, i) => {
    for (let k = 0; k < numClasses; k++) p[k] = dot(state.weights, x, k * width);
    const right = p[y]!;
    let largest = p[0]!;
    for (let k = 1; k < numClasses; k++) if (p[k]! > largest) largest = p[k]!;
    let sum = 0;
    for (let k = 0; k < numClasses; k++) {
      p[k] = Math.exp(p[k]! - largest);
      sum += p[k]!;
    }
    losses[i] = largest + Math.log(sum) - right;
    state.steps[0]!++;
    for (let k = 0; k < numClasses; k++) {
      const slope = weight * (p[k]! / sum - (k === y ? 1 : 0));
      plainStep(state, k * width, x, rows.columns.length, slope, options);
    }
  });
  return losses;
}

export interface PlainProximal {
  readonly weights: Float64Array;
  readonly z: Float64Array;
  readonly n: Float64Array;
}

/** FTRL-proximal. Gives each row's margin before its step. */
export function plainProximal(
  rows: PlainRows,
  { weights, z, n }: PlainProximal,
  options: { readonly alpha: number; readonly beta: number; readonly l1: number; readonly l2: number },
): Float64Array {
  const { alpha, beta } = options;
  const margins = new Float64Array(rows.labels.length);
  eachRow(rows, weights.length, (x, y, weight, i) => {
    const m = dot(weights, x);
    margins[i] = m;
    const slope = weight * (sigmoid(m) - y);
    for (let j = 0; j < x.length; j++) {
      const g = slope * x[j]!;
      if (g === 0) continue;
      const l1 = j < rows.columns.length ? options.l1 : 0;
      const l2 = j < rows.columns.length ? options.l2 : 0;
      const root = Math.sqrt(n[j]! + g * g);
      z[j] = z[j]! + g - ((root - Math.sqrt(n[j]!)) / alpha) * weights[j]!;
      n[j] = n[j]! + g * g;
      const beyond = z[j]! - Math.sign(z[j]!) * l1;
      weights[j] = Math.abs(z[j]!) <= l1 ? 0 : -beyond / ((beta + root) / alpha + l2);
    }
  });
  return margins;
}

/** Passive-aggressive; labels are classes where there is no `epsilon`. Gives each row's loss before its step. */
export function plainPassiveAggressive(
  rows: PlainRows,
  weights: Float64Array,
  {
    variant,
    aggressiveness,
    epsilon,
  }: { readonly variant: 'PA' | 'PA-I' | 'PA-II'; readonly aggressiveness: number; readonly epsilon?: number },
): Float64Array {
  const losses = new Float64Array(rows.labels.length);
  eachRow(rows, weights.length, (x, y, weight, i) => {
    const m = dot(weights, x);
    const sign = epsilon === undefined ? (y === 1 ? 1 : -1) : Math.sign(y - m);
    const loss = Math.max(0, epsilon === undefined ? 1 - sign * m : Math.abs(y - m) - epsilon);
    losses[i] = Number.isFinite(m) ? loss : Number.NaN;
    const square = dot(x, x);
    if (loss === 0 || square === 0) return;
    const c = weight * aggressiveness;
    const tau =
      variant === 'PA'
        ? loss / square
        : variant === 'PA-I'
          ? Math.min(c, loss / square)
          : loss / (square + 1 / (2 * c));
    for (let j = 0; j < x.length; j++) weights[j] = weights[j]! + sign * tau * x[j]!;
  });
  return losses;
}

/** Recursive least squares with forgetting; `covariance` row after row. Gives each row's error before its step. */
export function plainLeastSquares(
  rows: PlainRows,
  weights: Float64Array,
  covariance: Float64Array,
  { factor, mostTrace }: { readonly factor: number; readonly mostTrace: number },
): Float64Array {
  const m = weights.length;
  const errors = new Float64Array(rows.labels.length);
  const spread = new Float64Array(m);
  eachRow(rows, m, (x, y, weight, i) => {
    for (let a = 0; a < m; a++) spread[a] = dot(covariance, x, a * m);
    const inverse = 1 / (factor / weight + dot(x, spread));
    const error = y - dot(weights, x);
    errors[i] = error;
    let trace = 0;
    for (let a = 0; a < m; a++) {
      weights[a] = weights[a]! + inverse * error * spread[a]!;
      for (let b = 0; b < m; b++) {
        const at = a * m + b;
        covariance[at] = (covariance[at]! - spread[a]! * spread[b]! * inverse) * (1 / factor);
      }
      trace += covariance[a * m + a]!;
    }
    if (trace > mostTrace) for (let at = 0; at < m * m; at++) covariance[at] = covariance[at]! * (mostTrace / trace);
  });
  return errors;
}

/** Per feature: weight, mean, population variance. */
export interface PlainMoments {
  readonly counts: Float64Array;
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Standardised columns, each row as it is once it was learned; not learned where `learns` is false. */
export function plainScale(
  columns: readonly Float64Array[],
  { counts, means, variances }: PlainMoments,
  learns: boolean,
): Float64Array[] {
  return columns.map((column, j) => {
    const out = new Float64Array(column.length);
    for (let i = 0; i < column.length; i++) {
      const x = column[i]!;
      if (learns) {
        counts[j] = counts[j]! + 1;
        const difference = x - means[j]!;
        means[j] = means[j]! + difference / counts[j]!;
        variances[j] = variances[j]! + (difference * (x - means[j]!) - variances[j]!) / counts[j]!;
      }
      out[i] = variances[j]! > 0 ? (x - means[j]!) / Math.sqrt(variances[j]!) : 0;
    }
    return out;
  });
}

/** w·x of each row; with an intercept where there is one weight more than columns. */
export function plainMargins(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  const d = columns.length;
  const margins = new Float64Array(columns[0]!.length);
  for (let i = 0; i < margins.length; i++) {
    let m = weights.length > d ? weights[d]! : 0;
    for (let j = 0; j < d; j++) m += weights[j]! * columns[j]![i]!;
    margins[i] = m;
  }
  return margins;
}

/** Σ (m − y)², or Σ −ln P(y). */
export function plainLosses(margins: Float64Array, { labels }: PlainRows, loss: 'squared' | 'logistic'): number {
  let sum = 0;
  for (let i = 0; i < margins.length; i++) {
    const m = margins[i]!;
    if (loss === 'squared') sum += (m - labels[i]!) ** 2;
    else sum += Math.max(labels[i] === 1 ? -m : m, 0) + Math.log1p(Math.exp(-Math.abs(m)));
  }
  return sum;
}
