/** What a hidden layer does to its sums. */
export const ACTIVATIONS = ['relu', 'tanh', 'sigmoid', 'elu', 'selu', 'softplus'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** `classes`: −ln of the softmax of the right output. `value`: the squared error of the one output. */
export type NetworkTask = 'classes' | 'value';

export interface Architecture {
  /** Units of the input, of each hidden layer, of the output. */
  readonly layers: readonly number[];
  readonly activation: Activation;
  readonly task: NetworkTask;
}

/** A tensor among a network's weights. */
interface Part {
  readonly from: number;
  /** [in, out] of a kernel, [out] of biases. */
  readonly shape: readonly number[];
}

/** The kernel and the biases of each layer, in their order. */
export function partsOf(layers: readonly number[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let l = 1; l < layers.length; l++) {
    const [into, out] = [layers[l - 1]!, layers[l]!];
    parts.push({ from, shape: [into, out] }, { from: from + into * out, shape: [out] });
    from += (into + 1) * out;
  }
  return parts;
}

/** How many numbers a tensor has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
