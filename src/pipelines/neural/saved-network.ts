/** A feed-forward network as a TensorFlow.js LayersModel in its standard format, which any program with TensorFlow.js loads. */
import { networkSize } from '../../numeric/feed-forward.ts';
import type { JsonObject } from '../saved/metadata.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { type Activation, partsOf } from './architecture.ts';
import {
  MODEL_FILE,
  parseModelJson,
  savedTensorFlow,
  tensorFlowFiles,
  WEIGHTS_FILE,
  type WeightSpec,
} from './tensorflow-files.ts';

export interface LearnedNetwork {
  /** Units of the input, of each hidden layer, of the output. */
  readonly layers: readonly number[];
  /** Layer after layer: the weight from unit j to unit o at j · out + o, then the biases. */
  readonly weights: Float32Array;
}

/** The parameters that say a network's shape. */
export function shapeOf({ layers }: LearnedNetwork) {
  return { hiddenLayers: layers.slice(1, -1) };
}

/** The files that hold a network. */
export function savedNetwork({ layers, weights }: LearnedNetwork, activation: Activation) {
  const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  return savedTensorFlow({ model: layersModel(layers, activation), specs: specsOf(layers), weights: bytes });
}

/** The network in a saved stage. Throws `StateError` (`damaged`) where it is none of `outputs` outputs, if that is given. */
export async function restoredNetwork(saved: SavedStage, outputs?: number): Promise<LearnedNetwork> {
  const json = parseModelJson((await saved.file(MODEL_FILE)).toString('utf8'), `${saved.directory}/${MODEL_FILE}`);
  const { specs, weights: bytes } = tensorFlowFiles(json, await saved.file(WEIGHTS_FILE), saved.directory);
  const kernels = specs.filter(({ shape }) => shape.length === 2).map(({ shape }) => shape);
  const layers = [kernels[0]?.[0] ?? 0, ...kernels.map(([, out]) => out!)];
  const isNetwork = layers.length > 1 && JSON.stringify(specs) === JSON.stringify(specsOf(layers));
  if (!isNetwork || layers.includes(0)) throw saved.damaged('the weights of a feed-forward network', specs);
  if (outputs !== undefined && layers.at(-1) !== outputs) throw saved.damaged(`${outputs} outputs`, layers.at(-1));
  const weights = new Float32Array(new Uint8Array(bytes).buffer);
  if (weights.length !== networkSize(layers) || !weights.every(Number.isFinite)) {
    throw saved.damaged('finite weights', Array.from(weights.subarray(0, 3)));
  }
  return { layers, weights };
}

function specsOf(layers: readonly number[]): WeightSpec[] {
  return partsOf(layers).map(({ shape }, i) => ({
    name: `${layerName(i >> 1)}/${shape.length === 2 ? 'kernel' : 'bias'}`,
    shape,
    dtype: 'float32',
  }));
}

function layersModel(layers: readonly number[], activation: Activation): JsonObject {
  const dense = layers.slice(1).map((units, l) => ({
    class_name: 'Dense',
    config: {
      name: layerName(l),
      units,
      activation: l < layers.length - 2 ? activation : 'linear',
      use_bias: true,
      trainable: true,
      ...(l === 0 && { batch_input_shape: [null, layers[0]!], dtype: 'float32' }),
    },
  }));
  return {
    format: 'layers-model',
    generatedBy: 'Millrace',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: 'network', layers: dense },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
  };
}

function layerName(l: number): string {
  return `dense_${l + 1}`;
}
