import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint } from '../../../src/engine/checkpoint.ts';
import type { Trigger } from '../../../src/engine/engine-options.ts';
import { seededRandom } from '../../../src/host/random.ts';
import type { Arrival } from '../../engine/scheduled-source.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { readTextFiles } from '../../text-files.ts';
import { describeFlow } from '../describe-flow.ts';
import { BATCH_DURATION_MS, type Flow, type Place } from '../flow.ts';
import { crash } from '../run-flow.ts';
import { QueryDriver, type QueryOptions } from './query-driver.ts';
import type { Query, Row } from './query-graph.ts';

const query: Query = {
  where: { column: 'kind', equals: 'view' },
  groupBy: 'page',
  eventTime: 'at',
  windowMs: 1000,
  watermarkDelayMs: 500,
};

/** Views and clicks in the order in which they come, some of them late. */
const rows: readonly Row[] = Array.from({ length: 33 }, (_, i) => {
  const random = seededRandom(i);
  const late = [0, 0, 0, 400, 2500][Math.floor(random.next() * 5)]!;
  const kind = random.next() < 0.8 ? 'view' : 'click';
  const page = ['home', 'search', 'toString'][Math.floor(random.next() * 3)]!;
  return { kind, page, at: Math.max(0, 250 * i - late) };
});

/** What each batch gives, and what the watermark is at the end; a plain loop over all rows. */
function answersOf(batches: readonly (readonly Row[])[]) {
  let watermark = 0;
  let open: { readonly page: unknown; readonly start: number; count: number }[] = [];
  const answers = batches.map((batch) => {
    const views = batch.filter(({ kind }) => kind === 'view');
    for (const { page, at } of views) {
      const start = Math.floor(Number(at) / 1000) * 1000;
      if (start + 1000 <= watermark) continue;
      const window = open.find((each) => each.page === page && each.start === start);
      if (window === undefined) open.push({ page, start, count: 1 });
      else window.count++;
    }
    const closed = open.filter(({ start }) => start + 1000 <= watermark);
    open = open.filter((each) => !closed.includes(each));
    watermark = Math.max(watermark, ...views.map(({ at }) => Number(at) - 500));
    return closed.map(({ page, start, count }) => `${page} from ${start}: ${count}`);
  });
  return { answers, watermark };
}

/** Each batch of rows is there at its time. */
function arrivalsOf(batches: readonly (readonly Row[])[]): readonly Arrival<Row>[] {
  return batches.flatMap((batch, i) => batch.map((row): Arrival<Row> => [(i + 1) * BATCH_DURATION_MS, row]));
}

const flow: Flow<Row> = {
  records: rows,
  start: (place) => new QueryDriver(query, arrivalsOf(place.batches), place, { trigger: 'processingTime' }).start(),
  expected: (batches) => answersOf(batches).answers,
  sameForEveryCut: ({ committed }) => committed.states['watermark'],
};

describeFlow('a declarative query', flow);

it('the rows hold all that the query has to deal with: late ones that count, later ones that do not, and other kinds', () => {
  const { answers, watermark } = answersOf(rows.map((row) => [row]));
  const views = rows.filter(({ kind }) => kind === 'view').length;
  const counted = answers.flat().reduce((sum, line) => sum + Number(line.split(': ')[1]), 0);
  const inOpenWindows = rows.filter(
    ({ kind, at }) => kind === 'view' && Number(at) - (Number(at) % 1000) + 1000 > watermark,
  );
  expect(views).toBeLessThan(rows.length);
  expect(counted + inOpenWindows.length).toBeLessThan(views);
  const times = rows.map(({ at }) => Number(at));
  expect(times.some((at, i) => i > 0 && at < times[i - 1]! && at > times[i - 1]! - 1000)).toBe(true);
});

/** Six rows are there before 2500, all others come at 2600. */
const AT_FIRST = 6;
const twoLots = rows.map((row, i): Arrival<Row> => [i < AT_FIRST ? 2000 : 2600, row]);

/** Runs the query by a trigger until it ends by itself. */
async function runToItsEnd(
  world: string,
  startMs: number,
  options: QueryOptions,
  at: Place<Row>['at'] = async () => {},
) {
  const place = {
    checkpoint: path.join(world, 'checkpoint'),
    output: path.join(world, 'output', 'batch'),
    startMs,
    at,
  };
  const driver = await new QueryDriver(query, twoLots, place, options).start();
  await driver.ended;
  return driver.progress.map(({ batchTime, numRecords }) => [batchTime, numRecords]);
}

/** All lines, in the order of the batches. */
async function answersIn(world: string): Promise<readonly string[]> {
  const written = Object.entries(await readTextFiles(path.join(world, 'output')));
  const timeOf = (name: string) => Number(name.slice('batch-'.length));
  return written.sort(([a], [b]) => timeOf(a) - timeOf(b)).flatMap(([, parts]) => parts.flat());
}

const newWorld = () => temporaryDirectory(onTestFinished);

describe('the trigger once', () => {
  it('runs one batch of all that is there, whatever the rate, and ends; and so again when it is started again', async () => {
    const world = await newWorld();
    const once: QueryOptions = { trigger: 'once', maxRecordsPerBatch: 2 };
    expect(await runToItsEnd(world, 1500, once)).toEqual([[2000, AT_FIRST]]);
    expect(await runToItsEnd(world, 1700, once)).toEqual([]);
    expect(await runToItsEnd(world, 9500, once)).toEqual([[10_000, rows.length - AT_FIRST]]);
    const { answers } = answersOf([rows.slice(0, AT_FIRST), rows.slice(AT_FIRST)]);
    expect(await answersIn(world)).toEqual(answers.flat());
  });

  it('runs the batch that was under way at a crash, and no other', async () => {
    const world = await newWorld();
    const left = path.join(world, 'at the crash');
    await runToItsEnd(world, 1500, { trigger: 'once' }, (moment) => {
      return moment === 'written' ? crash(world, left) : Promise.resolve();
    });
    expect(await runToItsEnd(left, 9500, { trigger: 'once' })).toEqual([[2000, AT_FIRST]]);
    expect((await readCheckpoint(path.join(left, 'checkpoint'))).committed).toMatchObject({ batch: 0 });
  });
});

describe('the trigger availableNow', () => {
  it('runs as many batches as it takes to read what is there at the start, and ends', async () => {
    const world = await newWorld();
    const options: QueryOptions = { trigger: 'availableNow', maxRecordsPerBatch: 4 };
    expect(await runToItsEnd(world, 1500, options)).toEqual([
      [2000, 4],
      [3000, 2],
    ]);
    const later = Array.from({ length: 7 }, (_, i) => [10_000 + 1000 * i, i < 6 ? 4 : 3]);
    expect(await runToItsEnd(world, 9500, options)).toEqual(later);
    const cuts = [[0, 4], [4, 6], ...Array.from({ length: 7 }, (_, i) => [6 + 4 * i, 10 + 4 * i])];
    const { answers } = answersOf(cuts.map(([from, until]) => rows.slice(from, until)));
    expect(await answersIn(world)).toEqual(answers.flat());
  });

  it('crashed at any moment and started again, is as if it had never stopped', async () => {
    const options: QueryOptions = { trigger: 'availableNow', maxRecordsPerBatch: 7 };
    const world = await newWorld();
    const lefts: string[] = [];
    await runToItsEnd(world, 9500, options, async (moment) => {
      const left = path.join(world, `${lefts.length} ${moment}`);
      lefts.push(left);
      await crash(world, left);
    });
    const stateIn = async (place: string) => (await readCheckpoint(path.join(place, 'checkpoint'))).committed;
    expect(lefts).toHaveLength(3 * 5);
    for (const left of lefts) {
      await runToItsEnd(left, 9500, options);
      expect(await stateIn(left), left).toEqual(await stateIn(world));
      expect(await answersIn(left), left).toEqual(await answersIn(world));
    }
  });
});

it('a batch that one trigger leaves, another takes up', async () => {
  const world = await newWorld();
  const left = path.join(world, 'at the crash');
  await runToItsEnd(world, 9500, { trigger: 'once' }, async (moment) => {
    if (moment === 'run') await crash(world, left);
  });
  for (const trigger of ['availableNow', 'once'] satisfies Trigger[]) {
    const copy = path.join(world, trigger);
    await fs.cp(left, copy, { recursive: true });
    expect(await runToItsEnd(copy, 9500, { trigger })).toEqual([[10_000, rows.length]]);
  }
});
