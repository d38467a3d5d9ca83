import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS } from '../flow.ts';

type Reading = readonly [sensor: string, value: number];

const WINDOW_BATCHES = 3;
const SLIDE_BATCHES = 2;
const WINDOW = WINDOW_BATCHES * BATCH_DURATION_MS;
const SLIDE = SLIDE_BATCHES * BATCH_DURATION_MS;

function readings(count: number): Reading[] {
  const random = seededRandom(5);
  return Array.from({ length: count }, () => [`s${Math.floor(4 * random.next())}`, 1 + Math.floor(99 * random.next())]);
}

/** The sums of the last three batches, every second batch: once computed from all, once from what comes and goes. */
function windowedSums(stream: DStream<Reading>, output: string): void {
  const pairs = stream.map((reading): Pair<string, number> => reading);
  const add = (a: number, b: number) => a + b;
  const subtract = (a: number, b: number) => a - b;
  const whole = pairs.reduceByKeyAndWindow(add, undefined, WINDOW, SLIDE);
  const slid = pairs.reduceByKeyAndWindow(add, subtract, WINDOW, SLIDE, { filter: ([, sum]) => sum !== 0 });
  const label =
    (name: string) =>
    ([sensor, sum]: Pair<string, number>) =>
      `${name} ${sensor} ${sum}`;
  whole
    .map(label('whole'))
    .union(slid.map(label('slid')))
    .transform((rdd) => rdd.sortBy((line) => line))
    .saveAsTextFiles(output);
}

describeFlow<Reading>('windows', {
  records: readings(48),
  program: windowedSums,
  expected: (batches) =>
    batches.map((_, last) => {
      if ((last + 1) % SLIDE_BATCHES !== 0) return undefined;
      const window = batches.slice(Math.max(0, last + 1 - WINDOW_BATCHES), last + 1).flat();
      const sensors = [...new Set(window.map(([sensor]) => sensor))].sort();
      const sums = sensors.map((each) => {
        const values = window.filter(([sensor]) => sensor === each).map(([, value]) => value);
        return `${each} ${values.reduce((sum, value) => sum + value)}`;
      });
      return ['slid', 'whole'].flatMap((name) => sums.map((sum) => `${name} ${sum}`));
    }),
  sameForEveryCut: { notApplicableBecause: 'a window holds a number of batches' },
});
