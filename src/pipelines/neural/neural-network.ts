import type * as core from '@tensorflow/tfjs-core';
import type { Features } from '../../batch/examples.ts';
import { networkSize } from '../../numeric/feed-forward.ts';
import type { Step, Stepped } from '../../numeric/optimizer.ts';
import { columnsOfRows, rowMajor } from '../../numeric/row-major.ts';
import { type Architecture, partsOf, sizeOf } from './architecture.ts';
import { tidied } from './tensorflow.ts';
import type { TrainingBatch } from './training-batch.ts';

export interface LossAndGradient {
  readonly loss: number;
  /** As long as the weights. */
  readonly gradient: Float64Array;
}

/** Rows that are predicted at once, so that the values of hidden layers stay small. */
const BLOCK_ROWS = 4096;

/**
 * A feed-forward network on TensorFlow.js. It keeps nothing: its weights are handed in with each call, as one vector, layer after layer
 * (the weight from unit j to unit o at j · out + o, then the biases), and every tensor is gone when a call returns.
 */
export class NeuralNetwork {
  /** How many weights there are. */
  readonly size: number;
  readonly #tf: typeof core;
  readonly #architecture: Architecture;

  constructor(tf: typeof core, architecture: Architecture) {
    this.#tf = tf;
    this.#architecture = architecture;
    this.size = networkSize(architecture.layers);
  }

  /** What comes out of the last layer: a Float64Array[n] for each of its units. Cost: O(n · weights). */
  outputs(weights: ArrayLike<number>, { rows: n, columns }: Features): Float64Array[] {
    const outputs = Array.from({ length: this.#architecture.layers.at(-1)! }, () => new Float64Array(n));
    for (let start = 0; start < n; start += BLOCK_ROWS) {
      const places = Int32Array.from({ length: Math.min(BLOCK_ROWS, n - start) }, (_, i) => start + i);
      const block = this.#outputsOf(weights, rowMajor(columns, places), places.length);
      for (const [o, column] of block.entries()) outputs[o]!.set(column, start);
    }
    return outputs;
  }

  /** The mean loss by weight, and its slope by each of the network's weights. Cost: O(n · weights). */
  lossAndGradient(weights: ArrayLike<number>, batch: TrainingBatch): LossAndGradient {
    const tf = this.#tf;
    return tidied(tf, () => {
      const inputs = this.#inputsOf(batch.rows, batch.labels.length);
      const lossOf = (...tensors: core.Tensor[]) => this.#loss(this.#forward(inputs, tensors), batch);
      const { value, grads } = tf.valueAndGrads(lossOf)(this.#tensorsOf(weights));
      const gradient = new Float64Array(this.size);
      let at = 0;
      for (const each of grads) {
        gradient.set(each.dataSync(), at);
        at += each.size;
      }
      return { loss: value.dataSync()[0]!, gradient };
    });
  }

  /** The mean loss by weight. */
  loss(weights: ArrayLike<number>, batch: TrainingBatch): number {
    return tidied(this.#tf, () => {
      const inputs = this.#inputsOf(batch.rows, batch.labels.length);
      return this.#loss(this.#forward(inputs, this.#tensorsOf(weights)), batch).dataSync()[0]!;
    });
  }

  #outputsOf(weights: ArrayLike<number>, rows: Float32Array, n: number): Float64Array[] {
    return tidied(this.#tf, () => {
      const outputs = this.#forward(this.#inputsOf(rows, n), this.#tensorsOf(weights));
      return columnsOfRows(outputs.dataSync(), n, outputs.shape[1]!);
    });
  }

  #inputsOf(rows: Float32Array, n: number): core.Tensor2D {
    return this.#tf.tensor2d(rows, [n, this.#architecture.layers[0]!]);
  }

  /** The kernel and the biases of each layer. */
  #tensorsOf(weights: ArrayLike<number>): core.Tensor[] {
    const all = Float32Array.from(weights);
    return partsOf(this.#architecture.layers).map(({ from, shape }) =>
      this.#tf.tensor(all.subarray(from, from + sizeOf(shape)), [...shape]),
    );
  }

  #forward(inputs: core.Tensor2D, tensors: readonly core.Tensor[]): core.Tensor2D {
    const { activation } = this.#architecture;
    let values: core.Tensor = inputs;
    for (let l = 0; l < tensors.length; l += 2) {
      const sums = this.#tf.add(this.#tf.matMul(values, tensors[l]!), tensors[l + 1]!);
      values = l + 2 < tensors.length ? this.#tf[activation](sums) : sums;
    }
    return values as core.Tensor2D;
  }

  #loss(outputs: core.Tensor2D, { labels, weights }: TrainingBatch): core.Scalar {
    const tf = this.#tf;
    const shares = tf.tensor1d(sharesOf(labels.length, weights));
    return tf.sum(tf.mul(this.#losses(outputs, labels), shares));
  }

  /** Of each row. */
  #losses(outputs: core.Tensor2D, labels: ArrayLike<number>): core.Tensor1D {
    const tf = this.#tf;
    const right = Float32Array.from(labels);
    if (this.#architecture.task === 'value') {
      return tf.squaredDifference(tf.reshape(outputs, [labels.length]), tf.tensor1d(right)) as core.Tensor1D;
    }
    const isRight = tf.oneHot(tf.tensor1d(Int32Array.from(right), 'int32'), outputs.shape[1]);
    return tf.neg(tf.sum(tf.mul(tf.logSoftmax(outputs), tf.cast(isRight, 'float32')), 1));
  }
}

/**
 * A step of the optimizer against a gradient, to which `l2` adds l2 · w for the kernels, not for the biases. Changes `stepped`.
 */
export function stepNetwork(
  step: Step,
  stepped: Stepped,
  layers: readonly number[],
  gradient: Float64Array,
  l2: number,
): void {
  stepped.steps[0]!++;
  for (const { from, shape } of partsOf(layers)) {
    const slopes = gradient.subarray(from, from + sizeOf(shape));
    step(stepped, from, slopes, 1, l2, shape.length === 2 ? slopes.length : 0);
  }
}

/** Weights as shares of their sum. */
function sharesOf(n: number, weights: ArrayLike<number> | undefined): Float32Array {
  if (weights === undefined) return new Float32Array(n).fill(1 / n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += weights[i]!;
  return Float32Array.from(weights, (weight) => weight / sum);
}
