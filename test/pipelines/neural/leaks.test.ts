/**
 * No tensor is left behind, and memory does not grow. 100,000 batches of each: `BATCHES=100000 npx vitest run
 * test/pipelines/neural/leaks.test.ts`, some minutes.
 */

import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as core from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import {
  loadTensorFlow,
  NeuralClassifier,
  OnnxModel,
  StreamingNeuralClassifier,
  Table,
  TensorFlowModel,
} from '../../../src/pipelines/index.ts';

const BATCHES = Number(process.env['BATCHES'] ?? 500);

/** What the collector and WebAssembly may take in between. */
const MAX_GROWTH_BYTES = 12e6;

/** Of all the process's memory, that of libraries among it, which the collector says nothing of. */
const MAX_RESIDENT_GROWTH_BYTES = 100e6;

await loadTensorFlow({ log: silentLog });
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const rows = Array.from({ length: 4 }, (_, i) => ({ features: [i, 1 - i, i / 2], label: i % 2, age: i }));
const table = Table.fromRows(rows);
const examples = { features: table.features('features'), labels: table.numbers('label').values };

/** Memory in use after the collector has been there. */
function heldBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Runs a batch again and again: as many tensors at the end as after the first tenth, and not much more memory. */
async function expectFlat(runBatch: () => unknown): Promise<void> {
  const warmUp = Math.ceil(BATCHES / 10);
  for (let batch = 0; batch < warmUp; batch++) await runBatch();
  const [tensors, bytes, ofTensors] = [core.memory().numTensors, heldBytes(), core.memory().numBytes];
  const resident = process.memoryUsage().rss;
  for (let batch = warmUp; batch < BATCHES; batch++) await runBatch();
  // Models of earlier tests may have been freed meanwhile.
  expect(core.memory().numTensors).toBeLessThanOrEqual(tensors);
  expect(core.memory().numBytes).toBeLessThanOrEqual(ofTensors);
  expect(heldBytes() - bytes).toBeLessThan(MAX_GROWTH_BYTES);
  expect(process.memoryUsage().rss - resident).toBeLessThan(MAX_RESIDENT_GROWTH_BYTES);
}

const reference = (name: string) => fileURLToPath(new URL(`../../reference/${name}`, import.meta.url));

describe(`over ${BATCHES} batches, memory stays flat`, { timeout: 3_600_000 }, () => {
  it('where a network is trained on a stream, and predicts', async () => {
    const learner = new StreamingNeuralClassifier({ numFeatures: 3, numClasses: 2, hiddenLayers: [4] });
    await expectFlat(() => {
      learner.predict(examples.features);
      learner.update(examples);
    });
    expect(learner.version).toBe(BATCHES);
  });

  it('where a fitted network scores', async () => {
    const model = await new NeuralClassifier({ hiddenLayers: [4], epochs: 2 }).fit(table);
    await expectFlat(() => model.transform(table));
  });

  it('where a LayersModel scores', async () => {
    const options = { inputs: { numbers: 'features' } };
    const model = await TensorFlowModel.fromDirectory(reference('tensorflow/keras-two-inputs'), options);
    await expectFlat(() => model.transform(table));
  });

  it('where a GraphModel scores, at once and step by step', async () => {
    const options = { inputs: { size: 'age' } };
    const loop = await TensorFlowModel.fromDirectory(reference('tensorflow/graph-loop'), options);
    const plain = await TensorFlowModel.fromDirectory(reference('tensorflow/graph-half-precision'));
    const wide = Table.fromRows([{ dense_1_input: new Float64Array(20) }]);
    await expectFlat(async () => {
      await loop.transform(table);
      await plain.transform(wide);
    });
  });

  it('where an ONNX model scores', async () => {
    const model = await OnnxModel.fromFile(reference('onnx/iris-linear-double.onnx'), { inputs: { X: 'features' } });
    await expectFlat(() => model.transform(table));
  });
});
