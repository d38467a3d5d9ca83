import { type Design, lossOf, type MarginLoss } from './design.ts';
import { type DesignMoments, sampleDeviations } from './design-moments.ts';
import { minimise } from './minimise.ts';
import { type Bounds, clipped, minimiseWithin } from './minimise-within.ts';

export interface StandardisedFitOptions {
  readonly design: Design;
  readonly moments: DesignMoments;
  /** Σ weight · loss over the rows, by the margins of `outputs` outputs. */
  readonly loss: MarginLoss;
  readonly outputs: number;
  readonly fitIntercept: boolean;
  /** Whether penalties are on the coefficients of standardised features, or on those of the features as they are. */
  readonly standardization: boolean;
  readonly l1: number;
  readonly l2: number;
  readonly maxIter: number;
  readonly tol: number;
  /** Float64Array[k]: intercepts, of standardised features, to begin with. */
  readonly intercepts?: Float64Array;
  /** Of the coefficients and intercepts of the features as they are, in the form of `LinearFit.weights`; not with `l1`. */
  readonly bounds?: Bounds | undefined;
}

/** Coefficients of the features as they are: Float64Array[k·(d+1)], the intercept last for each output. */
export interface LinearFit {
  readonly weights: Float64Array;
  readonly iterations: number;
}

/**
 * Fits a linear model: minimises Σ weight · loss / Σ weight + l1 · Σ|b| + l2/2 · Σ b², where b are the coefficients of the features each
 * divided by its standard deviation. The search goes over b whatever the penalties are on, with features centred where there is an
 * intercept, which changes the way there and not the end, unless the intercept has bounds. A feature that does not vary gets 0.
 *
 * Cost: O(values · k) an evaluation. Source: Apache Spark, LogisticRegression (spark.ml), for the objective.
 */
export function standardisedFit(options: StandardisedFitOptions): LinearFit {
  const { design, moments, loss, outputs: k, fitIntercept, standardization, l1, l2, maxIter, tol } = options;
  const { weightSum } = moments;
  const deviations = sampleDeviations(moments);
  const d = deviations.length;
  const scales = deviations.map((each) => (each > 0 ? 1 / each : 0));
  // What bounds an intercept bounds that of the features as they are.
  const means = boundsIntercepts(options.bounds, d) ? new Float64Array(d) : moments.means;
  const raw = new Float64Array(k * (d + 1));
  const rawGradient = new Float64Array(k * (d + 1));
  const toRaw = (b: Float64Array) => {
    for (let at = 0; at < raw.length; at += d + 1) {
      let shift = 0;
      for (let j = 0; j < d; j++) {
        const weight = b[at + j]! * scales[j]!;
        raw[at + j] = weight;
        shift += weight * means[j]!;
      }
      raw[at + d] = fitIntercept ? b[at + d]! - shift : 0;
    }
  };
  const objective = (b: Float64Array, gradient: Float64Array) => {
    toRaw(b);
    let value = lossOf(design, raw, k, loss, rawGradient) / weightSum;
    for (let at = 0; at < raw.length; at += d + 1) {
      const slope = fitIntercept ? rawGradient[at + d]! : 0;
      for (let j = 0; j < d; j++) {
        const scale = scales[j]!;
        const penalty = standardization ? l2 : l2 * scale * scale;
        gradient[at + j] = ((rawGradient[at + j]! - means[j]! * slope) * scale) / weightSum + penalty * b[at + j]!;
        value += 0.5 * penalty * b[at + j]! ** 2;
      }
      gradient[at + d] = slope / weightSum;
    }
    return value;
  };
  const start = new Float64Array(k * (d + 1));
  options.intercepts?.forEach((each, c) => {
    start[c * (d + 1) + d] = each;
  });
  const penalties = new Float64Array(k * (d + 1));
  for (let at = 0; at < penalties.length; at += d + 1) {
    for (let j = 0; j < d; j++) penalties[at + j] = standardization ? l1 : l1 * scales[j]!;
  }
  const { x, iterations } = options.bounds
    ? minimiseWithin(objective, start, scaledBounds(options.bounds, deviations), { maxIter, tol })
    : minimise(objective, start, { maxIter, tol, l1: l1 > 0 ? penalties : undefined });
  toRaw(x);
  return { weights: options.bounds ? clipped(raw, options.bounds) : raw, iterations };
}

function boundsIntercepts(bounds: Bounds | undefined, d: number): boolean {
  const isBound = (each: number, at: number) => at % (d + 1) === d && Number.isFinite(each);
  return bounds !== undefined && (bounds.lower.some(isBound) || bounds.upper.some(isBound));
}

/** Bounds of the coefficients of standardised features; intercepts keep theirs. */
function scaledBounds({ lower, upper }: Bounds, deviations: Float64Array): Bounds {
  const d = deviations.length;
  const scaled = (each: number, at: number) => {
    const j = at % (d + 1);
    return j === d ? each : deviations[j] === 0 ? 0 : each * deviations[j]!;
  };
  return { lower: lower.map(scaled), upper: upper.map(scaled) };
}
