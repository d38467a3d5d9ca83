import { DataError } from '../../errors.ts';
import { type SeededRandom, seededRandom } from '../../host/random.ts';
import { allFinite } from '../../numeric/linear.ts';
import { newStepped, stepOf } from '../../numeric/optimizer.ts';
import type { Architecture } from './architecture.ts';
import type { FitRows, FitSettings } from './fit-settings.ts';
import { initialWeights } from './initial-weights.ts';
import { NeuralNetwork, stepNetwork } from './neural-network.ts';
import type { TensorFlow } from './tensorflow.ts';
import { batchOf, placesWithWeight } from './training-batch.ts';

/** Rows whose loss is taken at once. */
const BLOCK_ROWS = 4096;

/**
 * The weights of a network that was taken through the rows `epochs` times, in an order drawn anew each time, one step a batch. With a
 * `patience`, it ends as soon as the loss on the rows held back (on those learned from, where none are) has not got better by more than
 * `tol` in so many epochs, and the weights are those of the best epoch. The same for the same seed.
 *
 * Throws `DataError` (`not-finite`) naming `who`, where the steps are too large. Cost: O(epochs · n · weights).
 */
export function fitNetwork(
  who: string,
  tf: TensorFlow,
  architecture: Architecture,
  rows: FitRows,
  settings: FitSettings,
) {
  const network = new NeuralNetwork(tf.core, architecture);
  const { layers } = architecture;
  const random = seededRandom(settings.seed);
  const [training, heldBack] = splitRows(rows, settings.validationSplit, random);
  const stepped = { ...newStepped(settings.optimizer, network.size), weights: initialWeights(layers, settings.seed) };
  const step = stepOf(settings.optimizer, settings.stepSize);
  let best = { loss: Number.POSITIVE_INFINITY, epoch: 0, weights: stepped.weights };
  for (let epoch = 1; epoch <= settings.epochs; epoch++) {
    shuffle(training, random);
    let sum = 0;
    for (const places of slicesOf(training, settings.batchSize)) {
      const { loss, gradient } = network.lossAndGradient(stepped.weights, batchOf(rows, places));
      stepNetwork(step, stepped, layers, gradient, settings.regParam);
      sum += loss * weightOf(rows, places);
    }
    if (!Number.isFinite(sum) || !allFinite(stepped.weights)) throw notFinite(who);
    if (settings.patience === 0) continue;
    const watched =
      heldBack.length > 0 ? meanLoss(network, stepped.weights, rows, heldBack) : sum / weightOf(rows, training);
    if (watched < best.loss - settings.tol) best = { loss: watched, epoch, weights: stepped.weights.slice() };
    else if (epoch - best.epoch >= settings.patience) break;
  }
  return Float32Array.from(settings.patience === 0 ? stepped.weights : best.weights);
}

/** The places of rows with a weight, in an order drawn by `random`: those to learn from, and a share to be held back. */
function splitRows({ labels, weights }: FitRows, share: number, random: SeededRandom): [Int32Array, Int32Array] {
  const places = placesWithWeight(labels.length, weights);
  shuffle(places, random);
  const held = Math.floor(share * places.length);
  return [places.slice(held), places.slice(0, held)];
}

/** Source: Durstenfeld, Algorithm 235: Random Permutation, 1964. */
function shuffle(places: Int32Array, random: SeededRandom): void {
  for (let i = places.length - 1; i > 0; i--) {
    const j = Math.floor(random.next() * (i + 1));
    [places[i], places[j]] = [places[j]!, places[i]!];
  }
}

function* slicesOf(places: Int32Array, size: number): Iterable<Int32Array> {
  for (let start = 0; start < places.length; start += size) yield places.subarray(start, start + size);
}

function weightOf({ weights }: FitRows, places: Int32Array): number {
  if (weights === undefined) return places.length;
  let sum = 0;
  for (const i of places) sum += weights[i]!;
  return sum;
}

function meanLoss(network: NeuralNetwork, weights: Float64Array, rows: FitRows, places: Int32Array): number {
  let sum = 0;
  for (const slice of slicesOf(places, BLOCK_ROWS)) {
    sum += network.loss(weights, batchOf(rows, slice)) * weightOf(rows, slice);
  }
  return sum / weightOf(rows, places);
}

function notFinite(who: string): DataError {
  return new DataError(
    'not-finite',
    `${who}: fitting left the finite numbers; bring features to one scale, or take a smaller stepSize`,
  );
}
