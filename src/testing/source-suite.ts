import * as assert from 'node:assert/strict';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { type Check, check, notApplicable } from './check.ts';

/** A kind of source, and data for it. */
export interface SourceSubject<T = unknown> {
  /** A new source on the same data, as a program makes it that is started again. The data fill at least two batches. */
  make(): Source<T> | Promise<Source<T>>;

  /** Resolves when the opened source has received all its records. Absent: it finds them where they lie. */
  received?(source: Source<T>): Promise<void>;

  /** Everything that the source gives, in order. */
  readonly records: readonly T[];

  /** Why a batch may get more records than it asks for. Absent: it never does. */
  readonly takenWholeBecause?: string;
}

/** The batch times of the suite are multiples of this, milliseconds. */
const BATCH_DURATION_MS = 1000;

/** A batch as the suite takes it from a source. */
interface TakenBatch<T> {
  readonly range: OffsetRange;
  /** The end, as the source itself gave it; the rest of the suite goes on from copies. */
  readonly planned: Offset;
  readonly records: readonly T[];
}

/** The laws of `contracts/source.ts`. */
export function* sourceSuite<T>(subject: SourceSubject<T>): Iterable<Check> {
  yield check('gives all its records once, in order, in at least two batches', async () => {
    await opened(subject, async (source, start) => {
      const batches = await takeAll(source, start);
      assert.deepEqual(recordsOf(batches), subject.records);
      assert.ok(batches.length >= 2, `expected data for at least two batches, got ${batches.length}`);
    });
  });

  yield check('gives a batch that asks for one record at most one, and so all of them', async () => {
    return opened(subject, async (source, start) => {
      if (subject.takenWholeBecause !== undefined) return notApplicable(subject.takenWholeBecause);
      const batches = await takeAll(source, start, 'committed', 1, 1);
      for (const { records } of batches) assert.ok(records.length <= 1, `expected one record, got ${records.length}`);
      assert.deepEqual(recordsOf(batches), subject.records);
      return undefined;
    });
  });

  yield check('plans nothing, and reads nothing, once all is read', async () => {
    await opened(subject, async (source, start) => {
      const end = endOf(await takeAll(source, start), start);
      for (let batch = 101; batch <= 103; batch++) printEqual(await source.plan(end, requestOf(batch)), end);
      assert.deepEqual((await source.read({ start: end, end })).collect(), []);
    });
  });

  yield check('reads the same range twice as the same records', async () => {
    return opened(subject, async (source, start) => {
      if (!source.replayable) return cannotReadAgain;
      for (const { range, records } of await takeAll(source, start, 'uncommitted')) {
        assert.deepEqual(await readPartitions(source, range), await readPartitions(source, range));
        assert.deepEqual((await source.read(range)).collect(), records);
      }
      return undefined;
    });
  });

  yield check('reads a planned range after a restart as the same records', async () => {
    return opened(subject, async (source, start) => {
      if (!source.replayable) return cannotReadAgain;
      for (const { range, records } of await takeAll(source, start, 'uncommitted')) {
        await opened(subject, async (restarted) => assert.deepEqual((await restarted.read(range)).collect(), records), {
          from: range.end,
        });
      }
      return undefined;
    });
  });

  yield check('opens where it is told to', async () => {
    await opened(subject, async (source, start) => {
      for (const end of endsOf(await takeAll(source, start))) {
        await opened(subject, async (_, from) => printEqual(from, end), { from: end });
      }
    });
  });

  yield check('goes on after a restart where the committed offset was', async () => {
    return opened(subject, async (source, start) => {
      if (!source.replayable) return notApplicable('it is not replayable: what it had received went with the process');
      const batches = await takeAll(source, start);
      for (const [index, end] of endsOf(batches).entries()) {
        const rest = (restarted: Source<T>, from: Offset) => takeAll(restarted, from, 'committed', index + 2);
        const after = await opened(subject, rest, { from: end });
        assert.deepEqual(recordsOf(after), recordsOf(batches.slice(index + 1)));
      }
      return undefined;
    });
  });

  yield check('has offsets that are plain JSON', async () => {
    await opened(subject, async (source, start) => {
      const offsets = (await takeAll(source, start)).map(({ planned }) => planned);
      for (const offset of [start, ...offsets]) assert.deepEqual(JSON.parse(JSON.stringify(offset)), offset);
    });
  });

  yield check('has equal offsets print equal', async () => {
    const offsets = async (source: Source<T>, start: Offset) => [start, ...endsOf(await takeAll(source, start))];
    printEqual(await opened(subject, offsets), await opened(subject, offsets));
  });

  yield check('leaves the offsets that it is given as they are', async () => {
    await opened(subject, async (source, start) => {
      const given = frozenCopy(start);
      const batches = await takeAll(source, given);
      assert.deepEqual(recordsOf(batches), subject.records);
    });
  });

  yield check('has not ended while records are left', async () => {
    await opened(subject, async (source, start) => {
      const ends = endsOf(await takeAll(source, start, 'uncommitted'));
      for (const offset of [start, ...ends.slice(0, -1)]) assert.equal(source.endedAt(offset), false);
    });
  });

  yield check('still gives what it has received when it has stopped receiving', async () => {
    return opened(subject, async (source, start) => {
      if (source.stopReceiving === undefined) return notApplicable('it receives nothing, it reads what lies there');
      await source.stopReceiving();
      const batches = await takeAll(source, start);
      assert.deepEqual(recordsOf(batches), subject.records);
      assert.equal(source.endedAt(endOf(batches, start)), true);
      return undefined;
    });
  });

  yield check('closes twice without harm, and without ever having been opened', async () => {
    const source = await subject.make();
    await source.open(undefined);
    await source.close();
    await source.close();
    await (await subject.make()).close();
  });
}

const cannotReadAgain = notApplicable('it is not replayable: the engine logs its records with the plan');

/** Runs `use` on a new source, opened and with all its records there, and closes it. */
async function opened<T, R>(
  subject: SourceSubject<T>,
  use: (source: Source<T>, start: Offset) => Promise<R>,
  { from }: { readonly from?: Offset } = {},
): Promise<R> {
  const source = await subject.make();
  try {
    const start = await source.open(from === undefined ? undefined : frozenCopy(from));
    if (from === undefined) await subject.received?.(source);
    return await use(source, start);
  } finally {
    await source.close();
  }
}

/** Plans and reads batch after batch until nothing is left, and commits each unless told not to. */
async function takeAll<T>(
  source: Source<T>,
  from: Offset,
  commit: 'committed' | 'uncommitted' = 'committed',
  firstBatch = 1,
  maxRecords = Number.POSITIVE_INFINITY,
): Promise<TakenBatch<T>[]> {
  const batches: TakenBatch<T>[] = [];
  for (let start = from, batch = firstBatch; ; batch++) {
    const planned = await source.plan(start, requestOf(batch, maxRecords));
    const end = frozenCopy(planned);
    if (JSON.stringify(end) === JSON.stringify(start)) return batches;
    batches.push({ range: { start, end }, planned, records: (await source.read({ start, end })).collect() });
    if (commit === 'committed') await source.commit(end);
    start = end;
  }
}

function requestOf(batch: number, maxRecords = Number.POSITIVE_INFINITY): PlanRequest {
  return { batchTime: batch * BATCH_DURATION_MS, maxRecords };
}

async function readPartitions<T>(source: Source<T>, range: OffsetRange): Promise<readonly (readonly T[])[]> {
  return (await source.read(range)).partitions;
}

function recordsOf<T>(batches: readonly TakenBatch<T>[]): T[] {
  return batches.flatMap(({ records }) => records);
}

function endsOf(batches: readonly TakenBatch<unknown>[]): Offset[] {
  return batches.map(({ range }) => range.end);
}

function endOf(batches: readonly TakenBatch<unknown>[], start: Offset): Offset {
  return endsOf(batches).at(-1) ?? start;
}

function printEqual(actual: Offset, expected: Offset): void {
  assert.equal(JSON.stringify(actual), JSON.stringify(expected));
}

/** The offset as it comes out of a checkpoint, and such that nobody can change it. */
function frozenCopy(offset: Offset): Offset {
  return JSON.parse(JSON.stringify(offset), (_, value) => Object.freeze(value)) as Offset;
}
