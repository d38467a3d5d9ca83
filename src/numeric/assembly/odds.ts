// AssemblyScript, compiled to WebAssembly: what the kernels of naive Bayes share.
import { exp } from './row.ts';

/** Σ_k e^(score_k − score_label), which is 1 / P(label), at most `most`; where no class was seen, all are equally likely. */
export function oddsAgainst(k: i32, label: i32, scores: usize, most: f64): f64 {
  const right = load<f64>(scores + ((<usize>label) << 3));
  let sum: f64 = 1;
  let seen = right > -Infinity;
  for (let j: i32 = 0; j < k; j++) {
    if (j === label) continue;
    const score = load<f64>(scores + ((<usize>j) << 3));
    if (score === -Infinity) continue;
    if (right === -Infinity) return most;
    seen = true;
    sum += exp(score - right);
  }
  return seen ? min<f64>(most, sum) : <f64>k;
}
