/** How a gradient becomes a step. */
export type OptimizerName = 'sgd' | 'adaGrad' | 'adam';

/** What is stepped, and what the optimizer remembers of earlier steps. */
export type Stepped = {
  readonly weights: Float64Array;
  /** adaGrad: Σ g². adam: moving mean of g². As long as the weights; empty for sgd. */
  readonly squares: Float64Array;
  /** adam: moving mean of g. As long as the weights; else empty. */
  readonly means: Float64Array;
  /** Float64Array[1]: rows stepped so far. */
  readonly steps: Float64Array;
};

/**
 * Steps `x.length` weights, from index `at` on, against the gradient g = slope · x + l2 · w of one row. The last weights,
 * from `penalised` on, have no l2. Changes `stepped`; allocates nothing. Cost: O(x.length).
 */
export type Step = (
  stepped: Stepped,
  at: number,
  x: Float64Array,
  slope: number,
  l2: number,
  penalised: number,
) => void;

/** Adam's forgetting of means and of squares, as its paper has them. */
const BETA_1 = 0.9;
const BETA_2 = 0.999;
const EPSILON = 1e-8;

/**
 * The step of an optimizer, with step size η:
 *
 *     sgd:      w ← w − η·g
 *     adaGrad:  s ← s + g²                        w ← w − η·g / (√s + 1e-8)
 *     adam:     m ← 0.9·m + 0.1·g                 w ← w − η·m̂ / (√ŝ + 1e-8), with m̂ = m / (1 − 0.9^t)
 *               s ← 0.999·s + 0.001·g²                                        ŝ = s / (1 − 0.999^t)
 *
 * Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011; Kingma and Ba, Adam, 2015.
 */
export function stepOf(name: OptimizerName, stepSize: number): Step {
  switch (name) {
    case 'sgd':
      return ({ weights }, at, x, slope, l2, penalised) => {
        for (let j = 0; j < x.length; j++) {
          const w = weights[at + j]!;
          weights[at + j] = w - stepSize * (j < penalised ? slope * x[j]! + l2 * w : slope * x[j]!);
        }
      };
    case 'adaGrad':
      return ({ weights, squares }, at, x, slope, l2, penalised) => {
        for (let j = 0; j < x.length; j++) {
          const w = weights[at + j]!;
          const g = j < penalised ? slope * x[j]! + l2 * w : slope * x[j]!;
          const s = squares[at + j]! + g * g;
          squares[at + j] = s;
          weights[at + j] = w - (stepSize * g) / (Math.sqrt(s) + EPSILON);
        }
      };
    case 'adam':
      return ({ weights, squares, means, steps }, at, x, slope, l2, penalised) => {
        const toMean = 1 / (1 - BETA_1 ** steps[0]!);
        const toSquare = 1 / (1 - BETA_2 ** steps[0]!);
        for (let j = 0; j < x.length; j++) {
          const w = weights[at + j]!;
          const g = j < penalised ? slope * x[j]! + l2 * w : slope * x[j]!;
          const m = BETA_1 * means[at + j]! + (1 - BETA_1) * g;
          const s = BETA_2 * squares[at + j]! + (1 - BETA_2) * g * g;
          means[at + j] = m;
          squares[at + j] = s;
          weights[at + j] = w - (stepSize * m * toMean) / (Math.sqrt(s * toSquare) + EPSILON);
        }
      };
  }
}

/** `size` weights of zero, and no steps behind them. */
export function newStepped(name: OptimizerName, size: number): Stepped {
  return {
    weights: new Float64Array(size),
    squares: new Float64Array(name === 'sgd' ? 0 : size),
    means: new Float64Array(name === 'adam' ? size : 0),
    steps: new Float64Array(1),
  };
}
