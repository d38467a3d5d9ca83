import { LabeledPoint } from '../../../src/batch/vector.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { silentLog } from '../../../src/host/log.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { networkLoss, networkOutputs } from '../../../src/numeric/feed-forward.ts';
import { loadTensorFlow, StreamingNeuralClassifier } from '../../../src/pipelines/index.ts';
import { describeFlow } from '../describe-flow.ts';

await loadTensorFlow({ log: silentLog });

interface Seen extends LabeledPoint {
  readonly features: readonly number[];
}

const layers = [2, 3, 2];
const stepSize = 0.1;

function newClassifier(): StreamingNeuralClassifier {
  const [numFeatures, ...others] = layers as [number, number, number];
  const [hidden, numClasses] = others as [number, number];
  return new StreamingNeuralClassifier({
    numFeatures,
    numClasses,
    hiddenLayers: [hidden],
    activation: 'sigmoid',
    stepSize,
    seed: 3,
  });
}

/** Class 1 inside a ring. */
function sightings(count: number): Seen[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => {
    const features = [nextNormal(random), nextNormal(random)] as const;
    return { label: features[0] ** 2 + features[1] ** 2 < 1.4 ? 1 : 0, features };
  });
}

/** Predicts every label before it learns from it. */
function testThenTrain(points: DStream<Seen>, output: string): void {
  const model = newClassifier();
  const keyed = points.map(({ label, features }) => [`${label} ${features[0]}`, features] as const);
  const predictions = model.predictOnValues(keyed);
  model.trainOn(points.map(({ label, features }) => LabeledPoint(label, features)));
  predictions.map(([key, prediction]) => `${key} ${prediction}`).saveAsTextFiles(output);
}

describeFlow<Seen>('a neural network', {
  records: sightings(30),
  program: testThenTrain,
  /** The same in plain loops of double precision: the step of Adam as its paper has it. */
  expected(batches) {
    const weights = newClassifier().learnedValues();
    const [means, squares] = [weights.map(() => 0), weights.map(() => 0)];
    return batches.map((points, batch) => {
      const columns = [0, 1].map((j) => Float64Array.from(points, ({ features }) => features[j]!));
      const [none, one] = networkOutputs(layers, weights, columns);
      const lines = points.map(({ label, features }, i) => `${label} ${features[0]} ${one![i]! > none![i]! ? 1 : 0}`);
      const gradient = weights.map(() => 0);
      networkLoss(
        layers,
        weights,
        columns,
        Float64Array.from(points, ({ label }) => label),
        gradient,
      );
      for (const [p, slope] of gradient.entries()) {
        means[p] = 0.9 * means[p]! + 0.1 * slope;
        squares[p] = 0.999 * squares[p]! + 0.001 * slope ** 2;
        const [mean, square] = [means[p]! / (1 - 0.9 ** (batch + 1)), squares[p]! / (1 - 0.999 ** (batch + 1))];
        weights[p] = weights[p]! - (stepSize * mean) / (Math.sqrt(square) + 1e-8);
      }
      return lines;
    });
  },
  sameForEveryCut: { notApplicableBecause: 'every batch is one step' },
});
