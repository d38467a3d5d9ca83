import { seededRandom } from '../../host/random.ts';
import { networkSize } from '../../numeric/feed-forward.ts';
import { partsOf } from './architecture.ts';

/**
 * Weights to begin from: those of a layer are drawn evenly from ±√(6 / (in + out)), and biases are 0. The same on every machine.
 * Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010.
 */
export function initialWeights(layers: readonly number[], seed: number): Float64Array {
  const random = seededRandom(seed);
  const weights = new Float64Array(networkSize(layers));
  for (const { from, shape } of partsOf(layers)) {
    const [into, out] = shape;
    if (out === undefined) continue;
    const limit = Math.sqrt(6 / (into! + out));
    for (let p = from; p < from + into! * out; p++) weights[p] = limit * (2 * random.next() - 1);
  }
  return weights;
}
