import { Batch } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { StreamingKMeans } from '../../../src/learners/streaming-k-means.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS } from '../flow.ts';
import { type Clusters, learnPlainly, type Point } from '../k-means/plain-k-means.ts';

const WINDOW_BATCHES = 3;
const SLIDE_BATCHES = 2;
const decayFactor = 0.5;
const initial: Clusters = { centers: [[-1, 0], [1, 0]], weights: [1, 1] }; // biome-ignore format: one line

/** Two clouds that drift upwards. */
function driftingPoints(count: number): Point[] {
  const random = seededRandom(31);
  return Array.from({ length: count }, (_, i): Point => {
    return [(i % 2 === 0 ? -3 : 3) + nextNormal(random), i / 10 + nextNormal(random)];
  });
}

/** Learns from the points of the last batches, at every slide, and says where the centres are then. */
function cluster(points: DStream<Point>, output: string): void {
  const model = new StreamingKMeans({ k: 2, decayFactor }).setInitialCenters(initial.centers, initial.weights);
  const recent = points.window(WINDOW_BATCHES * BATCH_DURATION_MS, SLIDE_BATCHES * BATCH_DURATION_MS);
  model.trainOn(recent);
  recent
    .deriveBatches('centers', () => Batch.of(model.latestModel().clusterCenters))
    .map(centerLine)
    .saveAsTextFiles(output);
}

function centerLine(center: ArrayLike<number>): string {
  return Array.from(center, (value) => value.toFixed(6)).join(' ');
}

describeFlow<Point>('k-means on a window', {
  records: driftingPoints(43),
  program: cluster,
  expected(batches) {
    let now = initial;
    return batches.map((_, last) => {
      if ((last + 1) % SLIDE_BATCHES !== 0) return undefined;
      const window = batches.slice(Math.max(0, last + 1 - WINDOW_BATCHES), last + 1).flat();
      now = learnPlainly(window, now, decayFactor).clusters;
      return now.centers.map(centerLine);
    });
  },
  sameForEveryCut: { notApplicableBecause: 'a window holds a number of batches' },
});
