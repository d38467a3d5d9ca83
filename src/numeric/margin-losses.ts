/** Losses of linear models by their margins, for `lossOf`. All are Σ weight · loss; labels and weights are not changed. */
import type { MarginLoss } from './design.ts';
import { softplus } from './logistic.ts';

type Weights = Float64Array | undefined;

/** (m − y)² / 2. */
export function squaredLoss(labels: Float64Array, weights: Weights): MarginLoss {
  return (margins, offset, _stride, start, n) => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights === undefined ? 1 : weights[start + i]!;
      const error = margins[offset + i]! - labels[start + i]!;
      loss += 0.5 * weight * error * error;
      margins[offset + i] = weight * error;
    }
    return loss;
  };
}

/** So many factors below 2 stay a finite number. */
const MOST_FACTORS = 512;

/** −ln P(y), with P(1) = 1 / (1 + e^−m); labels are 0 or 1. */
export function logisticLoss(labels: Float64Array, weights: Weights): MarginLoss {
  if (weights !== undefined) return weightedLogisticLoss(labels, weights);
  return (margins, offset, _stride, start, n) => {
    let loss = 0;
    let product = 1; // of 1 + e^−|m|: one logarithm for many rows
    for (let i = 0; i < n; i++) {
      const m = margins[offset + i]!;
      const y = labels[start + i]!;
      const e = Math.exp(m > 0 ? -m : m);
      const factor = 1 + e;
      product *= factor;
      loss += (m > 0 ? m : 0) - y * m;
      margins[offset + i] = (m > 0 ? 1 : e) / factor - y;
      if (i % MOST_FACTORS === MOST_FACTORS - 1) {
        loss += Math.log(product);
        product = 1;
      }
    }
    return loss + Math.log(product);
  };
}

function weightedLogisticLoss(labels: Float64Array, weights: Float64Array): MarginLoss {
  return (margins, offset, _stride, start, n) => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const m = margins[offset + i]!;
      const y = labels[start + i]!;
      const weight = weights[start + i]!;
      const e = Math.exp(m > 0 ? -m : m);
      loss += weight * (softplus(m) - y * m);
      margins[offset + i] = weight * ((m > 0 ? 1 : e) / (1 + e) - y);
    }
    return loss;
  };
}

/** −ln P(y), with P(c) = e^(m_c) / Σ e^m over `k` outputs; labels are classes from 0. */
export function softmaxLoss(labels: Float64Array, weights: Weights, k: number): MarginLoss {
  return (margins, offset, stride, start, n) => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights === undefined ? 1 : weights[start + i]!;
      let most = Number.NEGATIVE_INFINITY;
      for (let c = 0, at = offset + i; c < k; c++, at += stride) if (margins[at]! > most) most = margins[at]!;
      const own = margins[offset + labels[start + i]! * stride + i]!;
      let sum = 0;
      for (let c = 0, at = offset + i; c < k; c++, at += stride) {
        const e = Math.exp(margins[at]! - most);
        margins[at] = e;
        sum += e;
      }
      loss += weight * (Math.log(sum) + most - own);
      const scale = weight / sum;
      for (let c = 0, at = offset + i; c < k; c++, at += stride) margins[at] = margins[at]! * scale;
      const at = offset + labels[start + i]! * stride + i;
      margins[at] = margins[at]! - weight;
    }
    return loss;
  };
}

/** max(0, 1 − s·m), with s = 2y − 1; labels are 0 or 1. */
export function hingeLoss(labels: Float64Array, weights: Weights): MarginLoss {
  return (margins, offset, _stride, start, n) => {
    let loss = 0;
    for (let i = 0; i < n; i++) {
      const weight = weights === undefined ? 1 : weights[start + i]!;
      const sign = 2 * labels[start + i]! - 1;
      const short = 1 - sign * margins[offset + i]!;
      loss += short > 0 ? weight * short : 0;
      margins[offset + i] = short > 0 ? -weight * sign : 0;
    }
    return loss;
  };
}
