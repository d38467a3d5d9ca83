import { LabeledPoint } from '../../../src/batch/vector.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { StreamingLinearRegressionWithSGD } from '../../../src/learners/streaming-linear-regression-with-sgd.ts';
import { describeFlow } from '../describe-flow.ts';

interface Measured extends LabeledPoint {
  readonly features: readonly number[];
}

const stepSize = 0.2;
const numIterations = 8;

/** y = 2a − 3b + noise. */
function measurements(count: number): Measured[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, () => {
    const features = [nextNormal(random), nextNormal(random)] as const;
    return { label: 2 * features[0] - 3 * features[1] + 0.1 * nextNormal(random), features };
  });
}

/** Predicts every label before it learns from it. */
function testThenTrain(points: DStream<Measured>, output: string): void {
  const model = new StreamingLinearRegressionWithSGD({ stepSize, numIterations, convergenceTol: 0 });
  model.setInitialWeights([0, 0]);
  const keyed = points.map(({ label, features }) => [label.toFixed(3), features] as const);
  const predictions = model.predictOnValues(keyed);
  model.trainOn(points.map(({ label, features }) => LabeledPoint(label, features)));
  predictions.map(([label, prediction]) => `${label} ${prediction.toFixed(6)}`).saveAsTextFiles(output);
}

describeFlow<Measured>('linear regression', {
  records: measurements(36),
  program: testThenTrain,
  expected(batches) {
    let weights = [0, 0];
    return batches.map((points) => {
      const predict = ({ features }: Measured) => features.reduce((sum, x, j) => sum + x * weights[j]!, 0);
      const lines = points.map((point) => `${point.label.toFixed(3)} ${predict(point).toFixed(6)}`);
      for (let i = 1; i <= numIterations; i++) {
        const errors = points.map((point) => predict(point) - point.label);
        weights = weights.map((weight, j) => {
          const gradient = points.reduce((sum, { features }, row) => sum + errors[row]! * features[j]!, 0);
          return weight - ((stepSize / Math.sqrt(i)) * gradient) / points.length;
        });
      }
      return lines;
    });
  },
  sameForEveryCut: { notApplicableBecause: 'every batch takes its steps anew' },
});
