import type * as converter from '@tensorflow/tfjs-converter';
import type * as core from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.ts';
import { importPackage, installedPackage } from '../../host/optional-package.ts';
import { bufferOf, namedValues, portOf, type Runnable, runAnywhere } from './runnable.ts';
import type { TensorFlow } from './tensorflow.ts';
import type { TensorFlowFiles } from './tensorflow-files.ts';

/** A GraphModel, as `tensorflowjs_converter` makes it of a SavedModel. Rejects where it can't be made. */
export async function graphModel(tf: TensorFlow, files: TensorFlowFiles): Promise<Runnable> {
  const model = await loadedGraph(files);
  if (model.inputs.length === 0 || model.outputs.length === 0) {
    model.dispose();
    throw new Error('the graph has no inputs or no outputs');
  }
  const [inputs, outputs] = [portsOf(model, 'inputs'), portsOf(model, 'outputs')];
  const nodesOf = (names: readonly string[]) =>
    names.map((name) => outputs.find(({ port }) => port.name === name)!.node);
  const fed = (tensors: core.NamedTensorMap) =>
    Object.fromEntries(inputs.map(({ port, node }) => [node, tensors[port.name]!]));
  const atOnce = runAnywhere(tf, (tensors, names) => namedValues(names, model.execute(fed(tensors), nodesOf(names))));
  let isStepwise = false;
  return {
    inputs: inputs.map(({ port }) => port),
    outputs: outputs.map(({ port }) => port),
    async run(tensors, names) {
      if (!isStepwise) {
        try {
          return await atOnce(tensors, names);
        } catch (error) {
          // A graph with loops or conditions is run step by step, and says so the first time.
          if (!messageOf(error).includes('executeAsync')) throw error;
          isStepwise = true;
        }
      }
      const given = await model.executeAsync(fed(tensors), nodesOf(names));
      try {
        return namedValues(names, given);
      } finally {
        tf.core.dispose(given);
      }
    },
    dispose: () => model.dispose(),
  };
}

async function loadedGraph({ model, specs, weights }: TensorFlowFiles): Promise<converter.GraphModel> {
  const { loadGraphModelSync } = await installedPackage<typeof converter>(
    '@tensorflow/tfjs-converter',
    'TensorFlowModel',
    importPackage,
  );
  const artifacts = {
    ...model,
    weightSpecs: specs,
    weightData: bufferOf(weights),
  } as unknown as core.io.ModelArtifacts;
  return loadGraphModelSync(artifacts) as converter.GraphModel;
}

type Signature = Partial<Record<'inputs' | 'outputs', Readonly<Record<string, { readonly name?: unknown } | null>>>>;

/** The ports, each with its node in the graph: named as the saved signature has it, or as the node. */
function portsOf(model: converter.GraphModel, side: 'inputs' | 'outputs') {
  const signature = (model.modelSignature as Signature | undefined)?.[side] ?? {};
  const bare = (node: string) => node.replace(/:0$/, '');
  const names = new Map(Object.entries(signature).map(([key, info]) => [bare(String(info?.name ?? key)), key]));
  return model[side].map(({ name: node, shape, dtype }) => ({
    node,
    port: portOf(names.get(bare(node)) ?? node, shape, dtype),
  }));
}
