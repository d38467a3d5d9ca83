import { Batch } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { StreamingKMeans } from '../../../src/learners/streaming-k-means.ts';
import { describeFlow } from '../describe-flow.ts';
import { type Clusters, learnPlainly, type Point } from './plain-k-means.ts';

const decayFactor = 0.7;
const initialCenters: readonly Point[] = [
  [-1, 0],
  [1, 0],
  [0, 3],
];

/** Heavy enough that no cluster is ever taken for a dying one. */
const initialWeights = [1, 1, 1];

/** Three clouds that drift to the right. */
function driftingPoints(count: number): Point[] {
  const random = seededRandom(20);
  return Array.from({ length: count }, (_, i): Point => {
    const [x, y] = ([[-4, 0], [4, 0], [0, 6]] as const)[i % 3]!; // biome-ignore format: one line
    return [x + i / 20 + nextNormal(random), y + nextNormal(random)];
  });
}

/** Says to which cluster each point belongs, learns from the points, and says where the centres are then. */
function cluster(points: DStream<Point>, output: string): void {
  const model = new StreamingKMeans({ k: 3, decayFactor }).setInitialCenters(initialCenters, initialWeights);
  const labels = model.predictOn(points).map(String);
  model.trainOn(points);
  const centers = points.deriveBatches('centers', () => Batch.of(model.latestModel().clusterCenters));
  labels.union(centers.map(centerLine)).saveAsTextFiles(output);
}

function centerLine(center: ArrayLike<number>): string {
  return Array.from(center, (value) => value.toFixed(6)).join(' ');
}

describeFlow<Point>('k-means', {
  records: driftingPoints(38),
  program: cluster,
  expected(batches) {
    let now: Clusters = { centers: initialCenters, weights: initialWeights };
    return batches.map((points) => {
      const { labels, clusters } = learnPlainly(points, now, decayFactor);
      now = clusters;
      return [...labels.map(String), ...clusters.centers.map(centerLine)];
    });
  },
  sameForEveryCut: { notApplicableBecause: 'the centres forget once a batch' },
});
