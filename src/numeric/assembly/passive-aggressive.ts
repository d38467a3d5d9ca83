// AssemblyScript, compiled to WebAssembly; `../passive-aggressive.ts` calls it and says what it computes.
// Rows and their inputs as in `row.ts`.
import { addTimes, dot, gather, weightAt } from './row.ts';

/**
 * Steps w (f64[m]) for each row, in order, as far as its loss asks for: variant 0 PA, 1 PA-I, 2 PA-II. Labels are classes where `epsilon`
 * is below 0. A row of weight 0 is passed over. The losses go into `losses`.
 */
export function stepAggressively(
  n: i32,
  d: i32,
  m: i32,
  x: usize,
  stride: usize,
  labels: usize,
  weights: usize,
  variant: i32,
  aggressiveness: f64,
  epsilon: f64,
  w: usize,
  row: usize,
  losses: usize,
): void {
  for (let at: usize = 0; at < (<usize>n) << 3; at += 8) {
    const weight = weightAt(weights, at);
    if (weight === 0) continue;
    gather(x + at, d, stride, m, row);
    const margin = dot(w, row, m);
    const label = load<f64>(labels + at);
    const error = epsilon < 0 ? (label === 1 ? 1 : -1) : label - margin;
    const loss = epsilon < 0 ? max<f64>(0, 1 - error * margin) : max<f64>(0, abs(error) - epsilon);
    store<f64>(losses + at, margin - margin === 0 ? loss : NaN);
    const square = dot(row, row, m);
    if (loss === 0 || square === 0) continue;
    const tau = stretch(variant, loss, square, weight * aggressiveness);
    addTimes(error > 0 ? tau : -tau, row, w, m);
  }
}

function stretch(variant: i32, loss: f64, square: f64, aggressiveness: f64): f64 {
  if (variant === 0) return loss / square;
  if (variant === 1) return min<f64>(aggressiveness, loss / square);
  return loss / (square + 1 / (2 * aggressiveness));
}
