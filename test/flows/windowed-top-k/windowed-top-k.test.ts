import { Batch, type Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS } from '../flow.ts';

const WINDOW_BATCHES = 4;
const K = 3;

/** What is talked about drifts from the first tags to the last. */
function tags(count: number): string[] {
  const random = seededRandom(17);
  return Array.from({ length: count }, (_, i) => `#${'abcdefghij'[Math.floor((6 * i) / count + 4 * random.next())]}`);
}

const byCount = ([a, m]: Pair<string, number>, [b, n]: Pair<string, number>) => n - m || (a < b ? -1 : 1);
const asLine = ([tag, count]: Pair<string, number>) => `${tag} ${count}`;

/** The most frequent tags of the last batches. */
function trending(stream: DStream<string>, output: string): void {
  stream
    .countByValueAndWindow(WINDOW_BATCHES * BATCH_DURATION_MS)
    .transform((rdd) => Batch.of([...rdd.collect()].sort(byCount).slice(0, K)))
    .map(asLine)
    .saveAsTextFiles(output);
}

describeFlow<string>('the top k of a window', {
  records: tags(46),
  program: trending,
  expected: (batches) =>
    batches.map((_, last) => {
      const window = batches.slice(Math.max(0, last + 1 - WINDOW_BATCHES), last + 1).flat();
      const counts = [...new Set(window)].map((tag): Pair<string, number> => {
        return [tag, window.filter((each) => each === tag).length];
      });
      return counts.sort(byCount).slice(0, K).map(asLine);
    }),
  sameForEveryCut: { notApplicableBecause: 'a window holds a number of batches' },
});
