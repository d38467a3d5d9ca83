import type * as core from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { withWeightsOf } from './bounded-weights.ts';
import { checkLayerOrder } from './layer-order.ts';
import { bufferOf, namedValues, portOf, type Runnable, runAnywhere } from './runnable.ts';
import { type TensorFlow, tidied } from './tensorflow.ts';
import { type TensorFlowFiles, valuesIn } from './tensorflow-files.ts';

/** The most values that a layer may give for one row: more are no model, but a file made to take all memory. */
const MAX_VALUES_PER_ROW = 2 ** 26;

/** A LayersModel with its weights. Rejects where it can't be made. */
export async function layersModel(tf: TensorFlow, files: TensorFlowFiles): Promise<Runnable> {
  const model = await withLoadedWeights(tf, files);
  if (model instanceof tf.layers.Sequential) model.build(); // else it has no names
  const { inputNames, outputNames } = model;
  const run = runAnywhere(tf, (inputs, outputs) => {
    const given = model.predictOnBatch(inputNames.map((name) => inputs[name]!)) as core.Tensor | core.Tensor[];
    const all = Array.isArray(given) ? given : [given];
    return namedValues(
      outputs,
      outputs.map((name) => all[outputNames.indexOf(name)]!),
    );
  });
  return {
    inputs: model.inputs.map(({ shape, dtype }, i) => portOf(inputNames[i]!, shape, dtype)),
    outputs: model.outputs.map(({ shape, dtype }, i) => portOf(outputNames[i]!, shape, dtype)),
    run,
    dispose: () => void model.dispose(),
  };
}

async function withLoadedWeights(tf: TensorFlow, { model: json, specs, weights }: TensorFlowFiles) {
  const limit = specs.reduce((sum, spec) => sum + valuesIn(spec), 0);
  checkLayerOrder(json['modelTopology']);
  const topology = { modelTopology: json['modelTopology'] } as unknown as layers.ModelAndWeightsConfig;
  const model = await withWeightsOf(tf.layers, limit, () => tf.layers.models.modelFromJSON(topology));
  try {
    for (const { name, inboundNodes: uses } of model.layers) {
      const values = Math.max(...uses.map(({ outputShapes }) => valuesPerRow(outputShapes)));
      if (!(values <= MAX_VALUES_PER_ROW)) throw new Error(`layer ${name} gives ${values} values a row`);
    }
    tidied(tf.core, () => {
      const all = tf.core.io.decodeWeights(bufferOf(weights), specs as unknown as core.io.WeightsManifestEntry[]);
      const ofModel = specs.filter(({ group }) => group !== 'optimizer').map(({ name }) => [name, all[name]!]);
      model.loadWeights(Object.fromEntries(ofModel), true);
    });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** How many values a use of a layer gives for one row, in all its outputs. */
function valuesPerRow(shapes: layers.Shape | layers.Shape[]): number {
  const perOutput = (shape: layers.Shape) => shape.reduce<number>((product, size) => product * (size ?? 1), 1);
  return shapes.some(Array.isArray)
    ? (shapes as layers.Shape[]).reduce((sum, shape) => sum + perOutput(shape), 0)
    : perOutput(shapes as layers.Shape);
}
