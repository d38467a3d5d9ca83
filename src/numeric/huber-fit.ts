import { type Design, lossOf, type MarginLoss } from './design.ts';
import { type DesignMoments, sampleDeviations } from './design-moments.ts';
import { minimise } from './minimise.ts';

export interface HuberFitOptions {
  readonly design: Design;
  readonly moments: DesignMoments;
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly epsilon: number;
  readonly fitIntercept: boolean;
  readonly standardization: boolean;
  readonly l2: number;
  readonly maxIter: number;
  readonly tol: number;
}

export interface HuberFit {
  readonly coefficients: Float64Array;
  readonly intercept: number;
  readonly scale: number;
}

/**
 * Fits a line and the scale σ of its errors e together: minimises mean(weight · ℓ) + l2/2 · Σ b², b of standardised features, with
 *
 *     ℓ = (σ + e²/σ) / 2 where |e| ≤ ε·σ, and (σ + 2ε·|e| − ε²·σ) / 2 beyond
 *
 * The search is over ln σ, so that σ stays above 0. Source: Owen, A robust hybrid of lasso and ridge regression, 2007.
 */
export function huberFit(options: HuberFitOptions): HuberFit {
  const { design, moments, labels, weights, epsilon, fitIntercept, standardization, l2, maxIter, tol } = options;
  const { means, weightSum } = moments;
  const scales = sampleDeviations(moments).map((each) => (each > 0 ? 1 / each : 0));
  const d = scales.length;
  let [sigma, sigmaSlope] = [1, 0];
  const loss: MarginLoss = (margins, offset, _stride, start, n) => {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights === undefined ? 1 : weights[start + i]!;
      const error = margins[offset + i]! - labels[start + i]!;
      const far = Math.abs(error) > epsilon * sigma;
      sum +=
        0.5 * weight * (far ? sigma * (1 - epsilon ** 2) + 2 * epsilon * Math.abs(error) : sigma + error ** 2 / sigma);
      sigmaSlope += 0.5 * weight * (far ? 1 - epsilon ** 2 : 1 - (error / sigma) ** 2);
      margins[offset + i] = weight * (far ? epsilon * Math.sign(error) : error / sigma);
    }
    return sum;
  };
  const raw = new Float64Array(d + 1);
  const rawGradient = new Float64Array(d + 1);
  const toRaw = (b: Float64Array) => {
    raw[d] = fitIntercept ? b[d]! : 0;
    for (let j = 0; j < d; j++) {
      raw[j] = b[j]! * scales[j]!;
      if (fitIntercept) raw[d] = raw[d]! - raw[j]! * means[j]!;
    }
    sigma = Math.exp(b[d + 1]!);
  };
  const objective = (b: Float64Array, gradient: Float64Array) => {
    toRaw(b);
    sigmaSlope = 0;
    let value = lossOf(design, raw, 1, loss, rawGradient) / weightSum;
    const slope = fitIntercept ? rawGradient[d]! : 0;
    for (let j = 0; j < d; j++) {
      const penalty = standardization ? l2 : l2 * scales[j]! ** 2;
      gradient[j] = ((rawGradient[j]! - means[j]! * slope) * scales[j]!) / weightSum + penalty * b[j]!;
      value += 0.5 * penalty * b[j]! ** 2;
    }
    gradient[d] = slope / weightSum;
    gradient[d + 1] = (sigmaSlope * sigma) / weightSum;
    return value;
  };
  toRaw(minimise(objective, new Float64Array(d + 2), { maxIter, tol }).x);
  return { coefficients: raw.slice(0, d), intercept: raw[d]!, scale: sigma };
}
