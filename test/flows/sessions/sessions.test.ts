import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { type State, StateSpec } from '../../../src/dstream/state-spec.ts';
import { seededRandom } from '../../../src/host/random.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS } from '../flow.ts';

type Visit = readonly [visitor: string, page: string];

interface Session {
  readonly pages: readonly string[];
}

/** A session ends with the page `bye`, or after more than so many batches without a page. */
const TIMEOUT_BATCHES = 2;

function visits(count: number): Visit[] {
  const random = seededRandom(3);
  const oneOf = (choices: readonly string[]) => choices[Math.floor(choices.length * random.next())]!;
  return Array.from({ length: count }, (_, i) => [
    oneOf(i < count / 2 ? ['ada', 'bob', 'eve', 'joe'] : ['eve', 'kim', 'lea']),
    oneOf(['home', 'news', 'shop', 'bye']),
  ]);
}

function sessions(stream: DStream<Visit>, output: string): void {
  const spec = StateSpec.function((visitor: string, page: string | undefined, state: State<Session>) => {
    const pages = [...(state.getOption()?.pages ?? []), ...(page === undefined ? [] : [page])];
    if (state.isTimingOut()) return `${visitor} left after ${pages.join(' ')}`;
    if (page === 'bye') {
      if (state.exists()) state.remove();
      return `${visitor} said bye after ${pages.join(' ')}`;
    }
    state.update({ pages });
    return pages.length > 1 ? `${visitor} went to ${page}` : undefined;
  });
  const mapped = stream
    .map((visit): Pair<string, string> => visit)
    .mapWithState(spec.timeout(TIMEOUT_BATCHES * BATCH_DURATION_MS));
  const open = mapped.stateSnapshots().map(([visitor, { pages }]) => `${visitor} is at ${pages.at(-1)}`);
  mapped.union(open).saveAsTextFiles(output);
}

describeFlow<Visit>('sessions with a timeout', {
  records: visits(44),
  program: sessions,
  expected(batches) {
    let open: { visitor: string; pages: string[]; lastBatch: number }[] = [];
    return batches.map((batch, now) => {
      const lines: string[] = [];
      for (const [visitor, page] of batch) {
        const session = open.find((each) => each.visitor === visitor) ?? { visitor, pages: [], lastBatch: -1 };
        session.pages.push(page);
        if (page === 'bye') {
          lines.push(`${visitor} said bye after ${session.pages.join(' ')}`);
          open = open.filter((each) => each !== session);
          continue;
        }
        if (session.pages.length > 1) lines.push(`${visitor} went to ${page}`);
        if (session.lastBatch !== now) open = [...open.filter((each) => each !== session), session];
        session.lastBatch = now;
      }
      const idle = open.filter(({ lastBatch }) => now - lastBatch > TIMEOUT_BATCHES);
      open = open.filter((session) => !idle.includes(session));
      return [
        ...lines,
        ...idle.map(({ visitor, pages }) => `${visitor} left after ${pages.join(' ')}`),
        ...open.map(({ visitor, pages }) => `${visitor} is at ${pages.at(-1)}`),
      ];
    });
  },
  sameForEveryCut: { notApplicableBecause: 'the timeout is counted in batch times' },
});
