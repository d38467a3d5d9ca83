import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { DenseDesign, Design, SparseDesign } from './design.ts';
import { blocksOf, copyBlock, copyRows, reserve } from './kernels.ts';
import { minimise } from './minimise.ts';

/** Sums of products of weighted rows, each feature and the labels less its centre. */
export interface CrossProducts {
  /** Float64Array[d·d], symmetric: Σ w · x_a · x_b. */
  readonly gram: Float64Array;
  /** Float64Array[d]: Σ w · x_a · y. */
  readonly products: Float64Array;
}

/**
 * One pass over the rows. `centers`: Float64Array[d]; `weights`: Float64Array[n], 1 each where absent.
 * Cost: O(n · d²), of sparse rows O(Σ values of a row squared); memory O(d²).
 */
export function crossProducts(
  design: Design,
  labels: Float64Array,
  weights: Float64Array | undefined,
  centers: Float64Array,
  labelCenter: number,
): CrossProducts {
  const shifted = labels.map((y) => y - labelCenter);
  return 'starts' in design
    ? sparseProducts(design, shifted, weights, centers)
    : denseProducts(design, shifted, weights, centers);
}

function denseProducts(
  { rows: rowCount, columns }: DenseDesign,
  labels: Float64Array,
  weights: Float64Array | undefined,
  centers: Float64Array,
): CrossProducts {
  const d = columns.length;
  const { rows, stride, length } = blocksOf(Math.max(1, d));
  const room = reserve(length, rows, d * d + d);
  const { kernels, numbers } = room;
  const [x, factors, sums] = room.at;
  numbers.fill(0, sums / 8, sums / 8 + d * d + d);
  const weigh = (start: number, n: number) => {
    for (let i = 0; weights !== undefined && i < n; i++) numbers[factors / 8 + i]! *= weights[start + i]!;
    numbers.fill(0, factors / 8 + n, factors / 8 + Math.ceil(n / 8) * 8);
  };
  for (let start = 0; start < rowCount; start += rows) {
    const n = Math.min(rows, rowCount - start);
    copyBlock(columns, start, n, room, x, stride);
    for (let f = 0; f < d; f++) {
      const at = (x + f * stride) / 8;
      for (let i = 0; i < n; i++) numbers[at + i]! -= centers[f]!;
      numbers.fill(0, at + n, at + Math.ceil(n / 8) * 8);
    }
    for (let f = 0; f < d; f++) {
      const at = (x + f * stride) / 8;
      numbers.copyWithin(factors / 8, at, at + n);
      weigh(start, n);
      kernels.addProducts(n, f + 1, x, stride, factors, sums + 8 * f * d);
    }
    copyRows(labels, start, n, numbers, factors);
    weigh(start, n);
    kernels.addProducts(n, d, x, stride, factors, sums + 8 * d * d);
  }
  const gram = numbers.slice(sums / 8, sums / 8 + d * d);
  for (let a = 0; a < d; a++) for (let b = a + 1; b < d; b++) gram[a * d + b] = gram[b * d + a]!;
  return { gram, products: numbers.slice(sums / 8 + d * d, sums / 8 + d * d + d) };
}

function sparseProducts(
  { rows, width: d, starts, indices, values }: SparseDesign,
  labels: Float64Array,
  weights: Float64Array | undefined,
  centers: Float64Array,
): CrossProducts {
  const gram = new Float64Array(d * d);
  const products = new Float64Array(d);
  const sums = new Float64Array(d);
  let [weightSum, labelSum] = [0, 0];
  for (let i = 0; i < rows; i++) {
    const weight = weights?.[i] ?? 1;
    weightSum += weight;
    labelSum += weight * labels[i]!;
    for (let p = starts[i]!; p < starts[i + 1]!; p++) {
      const a = indices[p]!;
      const weighted = weight * values[p]!;
      sums[a] = sums[a]! + weighted;
      products[a] = products[a]! + weighted * labels[i]!;
      for (let q = starts[i]!; q < starts[i + 1]!; q++) gram[a * d + indices[q]!]! += weighted * values[q]!;
    }
  }
  for (let a = 0; a < d; a++) {
    products[a] = products[a]! - centers[a]! * labelSum;
    for (let b = 0; b < d; b++) {
      gram[a * d + b]! += weightSum * centers[a]! * centers[b]! - centers[a]! * sums[b]! - centers[b]! * sums[a]!;
    }
  }
  return { gram, products };
}

/** ½ bᵀAb − cᵀb + Σ l2·b²/2 + Σ l1·|b|: `gram` is A, `products` is c; the rest Float64Array[d]. None is changed. */
export interface Quadratic extends CrossProducts {
  readonly l1: Float64Array;
  readonly l2: Float64Array;
}

/** The b at the minimum. Where there are many, as of features that are sums of others, one that is near 0. */
export function quadraticMinimum(quadratic: Quadratic): Float64Array {
  return quadratic.l1.some((each) => each > 0)
    ? byCoordinates(quadratic)
    : (byCholesky(quadratic) ?? bySearch(quadratic));
}

/** Diagonals below this are taken for what rounding leaves of 0. */
const SINGULAR = 1e-12;

function byCholesky({ gram, products, l2 }: Quadratic): Float64Array | undefined {
  const d = products.length;
  const matrix = new Matrix(d, d);
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) matrix.set(a, b, gram[Math.max(a, b) * d + Math.min(a, b)]! + (a === b ? l2[a]! : 0));
  }
  const cholesky = new CholeskyDecomposition(matrix);
  if (!cholesky.isPositiveDefinite()) return undefined;
  const { lowerTriangularMatrix: lower } = cholesky;
  for (let a = 0; a < d; a++) if (lower.get(a, a) ** 2 < SINGULAR * matrix.get(a, a)) return undefined;
  return Float64Array.from(cholesky.solve(Matrix.columnVector(products)).getColumn(0));
}

function bySearch({ gram, products, l2 }: Quadratic): Float64Array {
  const d = products.length;
  const objective = (b: Float64Array, gradient: Float64Array) => {
    let value = 0;
    for (let a = 0; a < d; a++) {
      let slope = l2[a]! * b[a]!;
      for (let each = 0; each < d; each++) slope += gram[a * d + each]! * b[each]!;
      gradient[a] = slope - products[a]!;
      value += b[a]! * (slope / 2 - products[a]!);
    }
    return value;
  };
  return minimise(objective, new Float64Array(d), { maxIter: MOST_SWEEPS, tol: 1e-14 }).x;
}

const MOST_SWEEPS = 10_000;
const STILL = 1e-12;

/**
 * Coordinate descent: b_a ← S(c_a − Σ_{e≠a} A_ae·b_e, l1) / (A_aa + l2), with S(z, l) = sign(z) · max(0, |z| − l).
 * Source: Friedman, Hastie and Tibshirani, Regularization Paths for Generalized Linear Models via Coordinate Descent, 2010.
 */
function byCoordinates({ gram, products, l1, l2 }: Quadratic): Float64Array {
  const d = products.length;
  const b = new Float64Array(d);
  const left = products.slice(); // c − A·b
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let [moved, largest] = [0, 0];
    for (let a = 0; a < d; a++) {
      const own = gram[a * d + a]!;
      if (own + l2[a]! <= 0) continue;
      const z = left[a]! + own * b[a]!;
      const next = (Math.sign(z) * Math.max(0, Math.abs(z) - l1[a]!)) / (own + l2[a]!);
      const step = next - b[a]!;
      if (step === 0) continue;
      for (let each = 0; each < d; each++) left[each] = left[each]! - step * gram[a * d + each]!;
      b[a] = next;
      moved = Math.max(moved, Math.abs(step));
      largest = Math.max(largest, Math.abs(next));
    }
    if (moved <= STILL * Math.max(1, largest)) break;
  }
  return b;
}
