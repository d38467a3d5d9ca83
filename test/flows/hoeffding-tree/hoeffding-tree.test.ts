import { toFeatures } from '../../../src/batch/examples.ts';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { HoeffdingTreeClassifier } from '../../../src/learners/trees/hoeffding-tree-classifier.ts';
import { teach } from '../../learners/teach.ts';
import { describeFlow } from '../describe-flow.ts';

/** Splits early, so that some batches change leaves and others branches. */
const newTree = () => new HoeffdingTreeClassifier({ numFeatures: 2, gracePeriod: 5, delta: 0.5, tau: 0.9 });

function points(count: number): LabeledPoint[] {
  const random = seededRandom(9);
  return Array.from({ length: count }, () => {
    const features = [random.next(), random.next()];
    return LabeledPoint(features[0]! > 0.5 !== features[1]! > 0.3 ? 1 : 0, features);
  });
}

/** Foretells each point's class, and then learns it. */
function foretell(stream: DStream<LabeledPoint>, output: string): void {
  const tree = newTree();
  tree
    .predictOn(stream.map(({ features }) => features))
    .map(String)
    .saveAsTextFiles(output);
  tree.trainOn(stream);
}

describeFlow<LabeledPoint>('a Hoeffding tree, committed by its changes', {
  records: points(60),
  program: foretell,
  expected(batches) {
    const tree = newTree();
    return batches.map((batch) => {
      const vectors = batch.map(({ features }) => features);
      const lines = Array.from(tree.predict(toFeatures(vectors, 2)), String);
      if (batch.length > 0) teach(tree, batch);
      return lines;
    });
  },
  sameForEveryCut: { notApplicableBecause: 'a point is foretold as the tree was before its batch' },
});
