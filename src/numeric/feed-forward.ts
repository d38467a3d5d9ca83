/**
 * A feed-forward network whose hidden layers are sigmoid and whose last is softmax. Its weights are one vector: layer after layer, the
 * weight from unit j to unit o at j · out + o, then the biases.
 */
import { lossOf, type MarginLoss, marginsOf } from './design.ts';

/** How many numbers the layers have: units of the input, of each hidden layer, of the output. */
export function networkSize(layers: readonly number[]): number {
  let size = 0;
  for (let l = 1; l < layers.length; l++) size += layers[l]! * (layers[l - 1]! + 1);
  return size;
}

/** What comes out of the last layer, before the softmax: Float64Array[n] for each class. Cost: O(n · weights). */
export function networkOutputs(
  layers: readonly number[],
  weights: Float64Array,
  columns: readonly Float64Array[],
): Float64Array[] {
  return activations(layers, weights, columns).at(-1)!;
}

const BLOCK_ROWS = 4096;

/**
 * Mean −ln of the softmax of the right class, and its gradient by back-propagation. `gradient`: as the weights; overwritten.
 * Source: Rumelhart, Hinton and Williams, Learning Representations by Back-Propagating Errors, 1986.
 */
export function networkLoss(
  layers: readonly number[],
  weights: Float64Array,
  columns: readonly Float64Array[],
  labels: Float64Array,
  gradient: Float64Array,
): number {
  gradient.fill(0);
  let loss = 0;
  for (let start = 0; start < labels.length; start += BLOCK_ROWS) {
    const end = Math.min(labels.length, start + BLOCK_ROWS);
    const block = columns.map((column) => column.subarray(start, end));
    loss += addBlock(layers, weights, block, labels.subarray(start, end), gradient);
  }
  for (let p = 0; p < gradient.length; p++) gradient[p] = gradient[p]! / labels.length;
  return loss / labels.length;
}

function addBlock(
  layers: readonly number[],
  weights: Float64Array,
  columns: readonly Float64Array[],
  labels: Float64Array,
  gradient: Float64Array,
): number {
  const rows = labels.length;
  const all = activations(layers, weights, columns);
  const { loss, slopes } = softmaxSlopes(all.at(-1)!, labels);
  let errors = slopes;
  let end = weights.length;
  for (let l = layers.length - 1; l > 0; l--) {
    const [into, out] = [layers[l - 1]!, layers[l]!];
    const from = end - out * (into + 1);
    const inputs = l === 1 ? columns : all[l - 2]!;
    addProducts(inputs, rows, errors, gradient.subarray(from, end));
    if (l > 1) errors = errorsBefore(inputs, rows, errors, weights.subarray(from, end));
    end = from;
  }
  return loss;
}

/** By layer: what comes out of each unit, the last before the softmax. */
function activations(
  layers: readonly number[],
  weights: Float64Array,
  columns: readonly Float64Array[],
): Float64Array[][] {
  const all: Float64Array[][] = [];
  const rows = columns[0]?.length ?? 0;
  let inputs = columns;
  let from = 0;
  for (let l = 1; l < layers.length; l++) {
    const [into, out] = [layers[l - 1]!, layers[l]!];
    const outputs = marginsOf({ rows, columns: inputs }, byUnit(weights, from, into, out), out);
    if (l < layers.length - 1) {
      for (const output of outputs) for (let i = 0; i < rows; i++) output[i] = 1 / (1 + Math.exp(-output[i]!));
    }
    all.push(outputs);
    inputs = outputs;
    from += out * (into + 1);
  }
  return all;
}

/** A layer's weights unit after unit, the bias last. */
function byUnit(weights: Float64Array, from: number, into: number, out: number): Float64Array {
  const units = new Float64Array(out * (into + 1));
  for (let o = 0; o < out; o++) {
    for (let j = 0; j <= into; j++) units[o * (into + 1) + j] = weights[from + j * out + o]!;
  }
  return units;
}

/** gradient[j, o] += Σ error_o · input_j; the biases' input is 1. */
function addProducts(
  inputs: readonly Float64Array[],
  rows: number,
  errors: readonly Float64Array[],
  gradient: Float64Array,
): void {
  const [into, out] = [inputs.length, errors.length];
  const sums = new Float64Array(out * (into + 1));
  const given: MarginLoss = (margins, offset, stride, start, n) => {
    errors.forEach((error, o) => {
      margins.set(error.subarray(start, start + n), offset + o * stride);
    });
    return 0;
  };
  lossOf({ rows, columns: inputs }, new Float64Array(sums.length), out, given, sums);
  for (let o = 0; o < out; o++) {
    for (let j = 0; j <= into; j++) gradient[j * out + o] = gradient[j * out + o]! + sums[o * (into + 1) + j]!;
  }
}

/** Errors of the layer before: Σ_o weight[j, o] · error_o · a_j · (1 − a_j). */
function errorsBefore(
  inputs: readonly Float64Array[],
  rows: number,
  errors: readonly Float64Array[],
  weights: Float64Array,
): Float64Array[] {
  const [into, out] = [inputs.length, errors.length];
  const back = new Float64Array(into * (out + 1));
  for (let j = 0; j < into; j++) for (let o = 0; o < out; o++) back[j * (out + 1) + o] = weights[j * out + o]!;
  const before = marginsOf({ rows, columns: errors }, back, into);
  before.forEach((error, j) => {
    const input = inputs[j]!;
    for (let i = 0; i < rows; i++) error[i] = error[i]! * input[i]! * (1 - input[i]!);
  });
  return before;
}

/** Σ −ln P(label), and by class P − [label is it]. */
function softmaxSlopes(
  outputs: readonly Float64Array[],
  labels: Float64Array,
): { loss: number; slopes: Float64Array[] } {
  const slopes = outputs.map((output) => new Float64Array(output.length));
  let loss = 0;
  for (let i = 0; i < labels.length; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const output of outputs) if (output[i]! > most) most = output[i]!;
    let sum = 0;
    outputs.forEach((output, c) => {
      slopes[c]![i] = Math.exp(output[i]! - most);
      sum += slopes[c]![i]!;
    });
    for (const slope of slopes) slope[i] = slope[i]! / sum;
    const own = slopes[labels[i]!]!;
    own[i] = own[i]! - 1;
    loss += Math.log(sum) + most - outputs[labels[i]!]![i]!;
  }
  return { loss, slopes };
}
