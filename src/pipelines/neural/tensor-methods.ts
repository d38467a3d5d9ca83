import type * as core from '@tensorflow/tfjs-core';

/** Operations that some layers call as methods of tensors (attention, position embedding, the orthogonal initializer). */
const METHODS = [
  'broadcastTo',
  'cast',
  'div',
  'expandDims',
  'gather',
  'greaterEqual',
  'logicalAnd',
  'mean',
  'minimum',
  'mul',
  'pad',
  'reshape',
  'sign',
  'slice',
  'square',
  'squeeze',
  'stridedSlice',
  'sub',
  'sum',
  'transpose',
] as const;

type Operation = (tensor: core.Tensor, ...others: unknown[]) => core.Tensor;

/** Gives tensors these methods, which only the large package `@tensorflow/tfjs` gives them, and which the package of layers needs. */
export function addTensorMethods(tf: typeof core): void {
  const methods = tf.Tensor.prototype as unknown as Record<
    string,
    (this: core.Tensor, ...others: unknown[]) => unknown
  >;
  for (const name of METHODS) {
    const operation = tf[name] as Operation;
    methods[name] ??= function (...others) {
      return operation(this, ...others);
    };
  }
  methods['flatten'] ??= function () {
    return tf.reshape(this, [this.size]);
  };
}
