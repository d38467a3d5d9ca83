/** What both kinds of TensorFlow.js models have in common once they are made. */
import type * as core from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.ts';
import { type Log, stderrLog } from '../../host/log.ts';
import { importPackage, installedPackage } from '../../host/optional-package.ts';
import type { GivenValues } from '../tensors/output-column.ts';
import type { Port, ValueType } from '../tensors/port.ts';
import { type TensorFlow, tidied } from './tensorflow.ts';

/** A model of TensorFlow.js that holds memory which nobody collects. */
export interface Runnable {
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
  /** The outputs that are named. */
  run(inputs: core.NamedTensorMap, outputs: readonly string[]): Promise<NamedValues>;
  dispose(): void;
}

export type NamedValues = Map<string, GivenValues>;

type RunAtOnce = (inputs: core.NamedTensorMap, outputs: readonly string[]) => NamedValues;

/** Kernels that WebAssembly lacks, and that the log has told of. */
const told = new Set<string>();

/** `run` without a tensor left; in plain JavaScript from when WebAssembly turned out to lack one of the model's kernels. */
export function runAnywhere(tf: TensorFlow, run: RunAtOnce, log: Log = stderrLog): Runnable['run'] {
  let isPlain = false;
  const atOnce: RunAtOnce = (inputs, outputs) => tidied(tf.core, () => run(inputs, outputs));
  return async (inputs, outputs) => {
    if (!isPlain) {
      try {
        return atOnce(inputs, outputs);
      } catch (error) {
        const kernel = /Kernel '(\w+)' not registered for backend 'wasm'/.exec(messageOf(error))?.[1];
        if (kernel === undefined) throw error;
        await installedPackage(
          '@tensorflow/tfjs-backend-cpu',
          `TensorFlow.js has no ${kernel} in WebAssembly, and`,
          importPackage,
        );
        if (!told.has(kernel))
          log.warn(`TensorFlow.js: WebAssembly has no ${kernel}; going on in plain JavaScript for it`);
        told.add(kernel);
        isPlain = true;
      }
    }
    return inPlainJavaScript(tf, () => atOnce(inputs, outputs));
  };
}

/** `f`, which does not wait, with plain JavaScript to compute on. Setting it takes effect at once: it needs no loading. */
function inPlainJavaScript<R>(tf: TensorFlow, f: () => R): R {
  void tf.core.setBackend('cpu');
  try {
    return f();
  } finally {
    void tf.core.setBackend(tf.backend);
  }
}

const TYPES: Readonly<Record<string, ValueType>> = { float32: 'float32', int32: 'int32', bool: 'bool' };

export function portOf(name: string, shape: readonly (number | null)[] | undefined, dtype: string | undefined): Port {
  const open = (dimension: number | null) => (dimension === null || dimension < 0 ? undefined : dimension);
  return { name, type: TYPES[dtype ?? 'float32'], shape: shape?.map(open) };
}

/** The values of tensors that came for these outputs, in their order. */
export function namedValues(outputs: readonly string[], given: core.Tensor | readonly core.Tensor[]): NamedValues {
  const tensors = Array.isArray(given) ? given : [given];
  return new Map(
    outputs.map((name, k) => {
      const tensor: core.Tensor = tensors[k];
      return [name, { values: tensor.dataSync(), shape: tensor.shape }];
    }),
  );
}

export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
