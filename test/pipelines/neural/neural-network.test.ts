import * as core from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { importPackage } from '../../../src/host/optional-package.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { networkLoss, networkOutputs } from '../../../src/numeric/feed-forward.ts';
import { newStepped, stepOf } from '../../../src/numeric/optimizer.ts';
import { rowMajor } from '../../../src/numeric/row-major.ts';
import { ACTIVATIONS, type Architecture } from '../../../src/pipelines/neural/architecture.ts';
import { initialWeights } from '../../../src/pipelines/neural/initial-weights.ts';
import { NeuralNetwork, stepNetwork } from '../../../src/pipelines/neural/neural-network.ts';
import { savedNetwork } from '../../../src/pipelines/neural/saved-network.ts';
import { tensorFlow } from '../../../src/pipelines/neural/tensorflow.ts';

const { core: tf } = await tensorFlow({ log: silentLog });
await importPackage('@tensorflow/tfjs-backend-cpu');

const random = seededRandom(11);
const ROWS = 37;
const columns = Array.from({ length: 4 }, () => Float64Array.from({ length: ROWS }, () => nextNormal(random)));
const places = Int32Array.from({ length: ROWS }, (_, i) => i);
const classes = Float64Array.from(places, (i) => (i * i) % 3);
const values = Float64Array.from(places, (i) => 2 * columns[0]![i]! - columns[3]![i]!);
const rows = rowMajor(columns, places);
const LAYERS = { classes: [4, 6, 5, 3], value: [4, 6, 1] } as const;

function expectClose(got: ArrayLike<number>, expected: ArrayLike<number>, digits: number): void {
  expect(got.length).toBe(expected.length);
  for (let p = 0; p < got.length; p++) expect(got[p], `number ${p}`).toBeCloseTo(expected[p]!, digits);
}

describe('a network on TensorFlow.js', () => {
  it('gives what the plain loops of double precision give, and their gradient', () => {
    const architecture: Architecture = { layers: LAYERS.classes, activation: 'sigmoid', task: 'classes' };
    const weights = initialWeights(architecture.layers, 3).map((weight, p) => weight + Math.sin(p));
    const network = new NeuralNetwork(tf, architecture);
    const outputs = network.outputs(weights, { rows: ROWS, columns });
    for (const [o, column] of networkOutputs(architecture.layers, weights, columns).entries()) {
      expectClose(outputs[o]!, column, 5);
    }
    const gradient = new Float64Array(weights.length);
    const loss = networkLoss(architecture.layers, weights, columns, classes, gradient);
    const given = network.lossAndGradient(weights, { rows, labels: classes });
    expect(given.loss).toBeCloseTo(loss, 5);
    expectClose(given.gradient, gradient, 5);
    expect(network.loss(weights, { rows, labels: classes })).toBe(given.loss);
  });

  it.each(ACTIVATIONS.flatMap((activation) => [[activation, 'classes'] as const, [activation, 'value'] as const]))(
    'has the same slopes in WebAssembly as in plain JavaScript: %s, %s',
    async (activation, task) => {
      const architecture: Architecture = { layers: LAYERS[task], activation, task };
      const weights = initialWeights(architecture.layers, 9);
      const rowWeights = places.map((i) => 1 + (i % 3));
      const batch = { rows, labels: task === 'classes' ? classes : values, weights: rowWeights };
      const onWasm = new NeuralNetwork(tf, architecture).lossAndGradient(weights, batch);
      expect(core.getBackend()).toBe('wasm');
      await core.setBackend('cpu');
      const onCpu = new NeuralNetwork(tf, architecture).lossAndGradient(weights, batch);
      await core.setBackend('wasm');
      expect(onWasm.loss).toBeCloseTo(onCpu.loss, 5);
      expectClose(onWasm.gradient, onCpu.gradient, 5);
      // The slope by one weight is what the loss does when that weight moves.
      const moved = (by: number) => weights.map((weight, p) => (p === 2 ? weight + by : weight));
      const network = new NeuralNetwork(tf, architecture);
      const slope = (network.loss(moved(1e-2), batch) - network.loss(moved(-1e-2), batch)) / 2e-2;
      expect(onWasm.gradient[2]).toBeCloseTo(slope, 2);
    },
  );

  it('counts a row of weight 2 as two', () => {
    const architecture: Architecture = { layers: LAYERS.value, activation: 'tanh', task: 'value' };
    const network = new NeuralNetwork(tf, architecture);
    const weights = initialWeights(architecture.layers, 1);
    const twice = Int32Array.from([...places, ...places.filter((i) => i % 2 === 0)]);
    const repeated = { rows: rowMajor(columns, twice), labels: Float64Array.from(twice, (i) => values[i]!) };
    const weighted = { rows, labels: values, weights: places.map((i) => (i % 2 === 0 ? 2 : 1)) };
    const [one, other] = [network.lossAndGradient(weights, repeated), network.lossAndGradient(weights, weighted)];
    expect(other.loss).toBeCloseTo(one.loss, 5);
    expectClose(other.gradient, one.gradient, 5);
  });

  it.each([
    ['sgd', () => core.train.sgd(0.05)],
    ['adam', () => core.train.adam(0.05, 0.9, 0.999, 1e-8)],
  ] as const)('learns as trainOnBatch of TensorFlow.js does: %s', async (optimizer, optimizerOfTensorFlow) => {
    const architecture: Architecture = { layers: LAYERS.value, activation: 'tanh', task: 'value' };
    const stepped = { ...newStepped(optimizer, 37), weights: initialWeights(architecture.layers, 4) };
    const files = savedNetwork({ layers: architecture.layers, weights: Float32Array.from(stepped.weights) }, 'tanh');
    const model = await loadedLayersModel(files);
    model.compile({ optimizer: optimizerOfTensorFlow(), loss: 'meanSquaredError' });
    const [x, y] = [core.tensor2d(rows, [ROWS, 4]), core.tensor2d(Float32Array.from(values), [ROWS, 1])];
    const network = new NeuralNetwork(tf, architecture);
    for (let batch = 0; batch < 10; batch++) {
      const { loss, gradient } = network.lossAndGradient(stepped.weights, { rows, labels: values });
      stepNetwork(stepOf(optimizer, 0.05), stepped, architecture.layers, gradient, 0);
      expect(await model.trainOnBatch(x, y)).toBeCloseTo(loss, 4);
    }
    const learned = model.getWeights().flatMap((tensor) => Array.from(tensor.dataSync()));
    expectClose(stepped.weights, learned, 4);
  });

  it('is saved as a model that TensorFlow.js loads', async () => {
    const learned = { layers: [4, 6, 5, 3], weights: Float32Array.from(initialWeights([4, 6, 5, 3], 8)) };
    const model = await loadedLayersModel(savedNetwork(learned, 'softplus'));
    const right = model.predict(core.tensor2d(rows, [ROWS, 4])) as core.Tensor;
    const network = new NeuralNetwork(tf, { layers: learned.layers, activation: 'softplus', task: 'classes' });
    const given = network.outputs(learned.weights, { rows: ROWS, columns });
    expectClose(rowMajor(given, places), right.dataSync(), 5);
  });

  it('leaves no tensor behind, also where it fails', () => {
    const network = new NeuralNetwork(tf, { layers: LAYERS.value, activation: 'relu', task: 'value' });
    const weights = initialWeights(LAYERS.value, 1);
    const before = core.memory().numTensors;
    network.outputs(weights, { rows: ROWS, columns });
    network.lossAndGradient(weights, { rows, labels: values });
    expect(() => network.lossAndGradient(weights, { rows: rows.subarray(1), labels: values })).toThrow();
    expect(core.memory().numTensors).toBe(before);
  });
});

/** What any program with TensorFlow.js makes of the files. */
async function loadedLayersModel(files: Readonly<Record<string, Uint8Array>>): Promise<layers.LayersModel> {
  const { 'tensorflow/model.json': json, 'tensorflow/weights.bin': bytes } = files;
  const { modelTopology, weightsManifest } = JSON.parse(Buffer.from(json!).toString('utf8'));
  const weightData = new Uint8Array(bytes!).buffer;
  return layers.loadLayersModel(
    core.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
}
