import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS } from '../flow.ts';

type Click = readonly [ad: string, user: string];
type View = readonly [ad: string, page: string];

const CLICK_BATCHES = 2;
const VIEW_BATCHES = 3;

const random = seededRandom(8);
const anyAd = () => `ad-${Math.floor(4 * random.next())}`;
const clicks = Array.from({ length: 31 }, (_, i): Click => [anyAd(), `user-${i}`]);

/** The second source: two views a batch, and none in every fourth. */
const views = clicks.map((_, batch): View[] => {
  return batch % 4 === 3 ? [] : [[anyAd(), `page-${batch}a`], [anyAd(), `page-${batch}b`]]; // biome-ignore format: one line
});

/** Which clicks may come from which views: those of the same ad that were seen at most so long ago. */
function attribution(stream: DStream<Click>, output: string): void {
  const clicked = stream.map((click): Pair<string, string> => click).window(CLICK_BATCHES * BATCH_DURATION_MS);
  const viewed = stream.context
    .queueStream(views, { id: 'views' })
    .map((view): Pair<string, string> => view)
    .window(VIEW_BATCHES * BATCH_DURATION_MS);
  clicked
    .join(viewed)
    .map(([ad, [user, page]]) => `${ad} ${user} ${page}`)
    .saveAsTextFiles(output);
}

describeFlow<Click>('a join of two windowed streams', {
  records: clicks,
  program: attribution,
  ownRecords: (batches) => views.slice(0, batches).flat().length,
  expected: (batches) =>
    batches.map((_, last) => {
      const recent = <R>(list: readonly (readonly R[])[], length: number) => {
        return list.slice(Math.max(0, last + 1 - length), last + 1).flat();
      };
      const clicked = recent(batches, CLICK_BATCHES);
      const viewed = recent(views, VIEW_BATCHES);
      return [...new Set(clicked.map(([ad]) => ad))].flatMap((ad) => {
        const users = clicked.filter((click) => click[0] === ad).map(([, user]) => user);
        const pages = viewed.filter((view) => view[0] === ad).map(([, page]) => page);
        return users.flatMap((user) => pages.map((page) => `${ad} ${user} ${page}`));
      });
    }),
  sameForEveryCut: { notApplicableBecause: 'a window holds a number of batches' },
});
