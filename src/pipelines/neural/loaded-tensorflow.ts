import type * as core from '@tensorflow/tfjs-core';
import { MillraceError, messageOf, StateError } from '../../errors.ts';
import type { TensorValues } from '../tensors/input-values.ts';
import type { LoadedModel } from '../tensors/tensor-model.ts';
import { graphModel } from './graph-model.ts';
import { layersModel } from './layers-model.ts';
import type { Runnable } from './runnable.ts';
import { tensorFlow } from './tensorflow.ts';
import type { TensorFlowFiles } from './tensorflow-files.ts';

/** A model of TensorFlow.js, and the files that it was made from. */
export interface LoadedTensorFlow extends LoadedModel {
  readonly files: TensorFlowFiles;
}

/** Frees the weights of a model that nobody has any more: they lie in memory of WebAssembly or of the binding, which is not collected. */
const freed = new FinalizationRegistry<Runnable>((runnable) => runnable.dispose());

/** Throws `StateError` (`damaged`) naming `where`, where the files are no model that TensorFlow.js can make. */
export async function loadedTensorFlow(files: TensorFlowFiles, where: string): Promise<LoadedTensorFlow> {
  const tf = await tensorFlow();
  const isGraph = files.model['format'] === 'graph-model' || 'node' in (files.model['modelTopology'] as object);
  const runnable = await (isGraph ? graphModel : layersModel)(tf, files).catch((cause) => {
    if (cause instanceof MillraceError) throw cause;
    throw new StateError('damaged', `${where}: TensorFlow.js can't make the model (${messageOf(cause)})`, { cause });
  });
  const loaded: LoadedTensorFlow = {
    files,
    inputs: runnable.inputs,
    outputs: runnable.outputs,
    async run(inputs, outputs) {
      const tensors: core.NamedTensorMap = {};
      for (const [name, values] of inputs) tensors[name] = tensorOf(tf.core, values);
      try {
        return await runnable.run(tensors, outputs);
      } finally {
        tf.core.dispose(tensors);
      }
    },
  };
  freed.register(loaded, runnable);
  return loaded;
}

function tensorOf(ops: typeof core, { type, values, shape }: TensorValues): core.Tensor {
  return ops.tensor(values as Float32Array | Int32Array, [...shape], type as 'float32' | 'int32' | 'bool');
}
