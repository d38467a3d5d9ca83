import type { Log } from '../../host/log.ts';
import { tensorFlow } from './tensorflow.ts';

/** What TensorFlow.js computes on: the native binding, WebAssembly, plain JavaScript. */
export type TensorFlowBackend = 'tensorflow' | 'wasm' | 'cpu';

/**
 * Loads TensorFlow.js and says in the log what it computes on: `@tensorflow/tfjs-node` where that is installed and works, else
 * `@tensorflow/tfjs-backend-wasm`, else `@tensorflow/tfjs-backend-cpu`. Stages do it by themselves; a streaming learner, which learns
 * without waiting, needs it done before it is made. Asked again, it gives what it gave.
 *
 * Throws `UsageError` (`not-found`) that names the packages to install.
 */
export async function loadTensorFlow(options: { readonly log?: Log } = {}): Promise<TensorFlowBackend> {
  return (await tensorFlow(options)).backend;
}
