import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Pair } from '../../src/batch/batch.ts';
import type { Stateful } from '../../src/contracts/stateful.ts';
import { StateError } from '../../src/errors.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { WordCounter } from '../flows/word-count/word-counter.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Arrival, ScheduledSource } from './scheduled-source.ts';

const words: readonly Arrival<string>[] = [
  [500, 'mill'],
  [1500, 'race'],
  [2500, 'wheel'],
];

/** A program that counts words, as it is now and as it may be changed before it is started again. */
interface Program {
  readonly checkpoint: string;
  readonly source?: ScheduledSource<string>;
  readonly sourceId?: string;
  readonly states?: Readonly<Record<string, Stateful>>;
  readonly startMs?: number;
  /** Called while a batch runs: its plan is logged, and nothing written. */
  readonly running?: () => Promise<void>;
}

function build({ checkpoint, startMs = 0, ...program }: Program) {
  const driver = new TestDriver({ startMs });
  driver.context.checkpoint(checkpoint);
  const { source = new ScheduledSource(words), sourceId = 'words', states = { counter: new WordCounter() } } = program;
  const stream = driver.context.sourceStream(source, { id: sourceId }).transform(async (rdd) => {
    await program.running?.();
    return rdd;
  });
  for (const [id, state] of Object.entries(states)) {
    const add = (counts: readonly Pair<string, number>[]) => state instanceof WordCounter && state.add(counts);
    stream.updateFromBatches('state', state, (batch) => void add(batch.collect().map((word) => [word, 1])), id);
  }
  return { driver, source, outputs: driver.collect(stream) };
}

/** Runs a program for one batch and a bit: what a crash in the second batch leaves. */
async function crashedInItsSecondBatch(kind?: 'not replayable'): Promise<string> {
  const checkpoint = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
  const left = `${checkpoint} at the crash`;
  let batch = 0;
  const running = async () => {
    if (batch++ === 1) await fs.cp(checkpoint, left, { recursive: true });
  };
  const { driver } = build({ checkpoint, running, source: new ScheduledSource(words, kind) });
  await driver.runBatches(2);
  await driver.stop();
  return left;
}

/** Runs a program for one batch and stops it. */
async function stoppedAfterOneBatch(program: Omit<Program, 'checkpoint'> = {}): Promise<string> {
  const checkpoint = await temporaryDirectory(onTestFinished);
  const { driver } = build({ checkpoint, ...program });
  await driver.runBatches(1);
  await driver.stop();
  return checkpoint;
}

it('goes on with states and sources that are called as what every object has', async () => {
  const checkpoint = await temporaryDirectory(onTestFinished);
  const counts: unknown[] = [];
  for (const [run, ids] of [['constructor'], ['constructor', 'toString']].entries()) {
    const counters = ids.map((id): [string, WordCounter] => [id, new WordCounter()]);
    const program = { checkpoint, sourceId: 'valueOf', states: Object.fromEntries(counters), startMs: 1000 * run };
    const { driver } = build(program);
    await driver.runBatches(1);
    await driver.stop();
    counts.push(counters.map(([, counter]) => counter.snapshot()));
  }
  const [mill, race] = [
    ['mill', 1],
    ['race', 1],
  ];
  expect(counts).toEqual([[{ totals: [mill] }], [{ totals: [mill, race] }, { totals: [race] }]]);
});

describe('a batch that was under way', () => {
  it('is run again with its id, its time and its range, whatever there is by now and whatever the hour', async () => {
    const checkpoint = await crashedInItsSecondBatch();
    const all = words.map(([, word]): Arrival<string> => [0, word]);
    const { driver, source, outputs } = build({ checkpoint, source: new ScheduledSource(all), startMs: 2500 });
    await driver.context.start();
    expect(outputs.batches.map(({ id, time }) => [id, time])).toEqual([[1, 2000]]);
    expect(outputs.records).toEqual([['race']]);
    expect(driver.progress).toMatchObject([
      { batchId: 1, batchTime: 2000, schedulingDelayMs: 500, sources: { words: { start: 1, end: 2 } } },
    ]);
    expect(source.calls).toEqual(['open 2', 'read 1 to 2', 'commit 2']);
    await driver.runBatches(1);
    await driver.stop();
    expect(outputs.batches.map(({ id, time }) => [id, time])).toEqual([[1, 2000], [2, 3000]]); // biome-ignore format: one line
    expect(outputs.records).toEqual([['race'], ['wheel']]);
  });

  it('is run from its plan where the source can not be read again', async () => {
    const checkpoint = await crashedInItsSecondBatch('not replayable');
    const nothingLeft = new ScheduledSource<string>([], 'not replayable');
    const { driver, source, outputs } = build({ checkpoint, source: nothingLeft });
    await driver.context.start();
    await driver.stop();
    expect(outputs.records).toEqual([['race']]);
    expect(source.calls).toEqual(['open 2', 'commit 2', 'close']);
  });

  it('is run again at the next start where it fails once more', async () => {
    const checkpoint = await crashedInItsSecondBatch();
    const running = async () => {
      throw new Error('still broken');
    };
    for (let n = 0; n < 2; n++) {
      const { driver, outputs } = build({ checkpoint, running });
      await expect(driver.context.start()).rejects.toThrow('still broken');
      expect(outputs.records).toEqual([]);
      expect(driver.context.getState()).toBe('STOPPED');
    }
    const { driver, outputs } = build({ checkpoint });
    await driver.context.start();
    await driver.stop();
    expect(outputs.records).toEqual([['race']]);
  });

  it('is refused where its source is gone, also in the very first batch', async () => {
    const checkpoint = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
    const left = `${checkpoint} at the crash`;
    const first = build({ checkpoint, running: () => fs.cp(checkpoint, left, { recursive: true }) });
    await first.driver.runBatches(1);
    await first.driver.stop();
    const { driver } = build({ checkpoint: left, sourceId: 'renamed' });
    await expect(driver.context.start()).rejects.toMatchObject({ code: 'does-not-fit', context: { source: 'words' } });
  });
});

describe('a program that is started again', () => {
  it('goes on where it stopped: ids, times, offsets, state and totals', async () => {
    const checkpoint = await stoppedAfterOneBatch();
    const counter = new WordCounter();
    const { driver, outputs } = build({ checkpoint, states: { counter }, startMs: 1000 });
    await driver.context.start();
    expect(counter.total('mill')).toBe(1);
    await driver.runBatches(2);
    await driver.stop();
    expect(outputs.batches.map(({ id, time }) => [id, time])).toEqual([[1, 2000], [2, 3000]]); // biome-ignore format: one line
    expect(outputs.records).toEqual([['race'], ['wheel']]);
    expect(['mill', 'race', 'wheel'].map((word) => counter.total(word))).toEqual([1, 1, 1]);
    expect(driver.progress.at(-1)!.totals).toEqual({ batches: 3, records: 3, rejected: 0 });
  });

  it('runs the batches of the time it was down, one after the other', async () => {
    const checkpoint = await stoppedAfterOneBatch();
    const { driver, outputs } = build({ checkpoint, startMs: 4700 });
    const caughtUp = new Promise<void>((resolve) => {
      driver.context.addStreamingListener({
        onBatchCompleted: ({ batchTime }) => void (batchTime === 4000 && resolve()),
      });
    });
    await driver.context.start();
    await caughtUp;
    await driver.stop();
    expect(driver.progress.map(({ batchTime, schedulingDelayMs }) => [batchTime, schedulingDelayMs])).toEqual([
      [2000, 2700],
      [3000, 1700],
      [4000, 700],
    ]);
    expect(outputs.records).toEqual([['race'], ['wheel'], []]);
  });

  it('never gives two batches the same time, even where the clock was set back', async () => {
    const checkpoint = await stoppedAfterOneBatch({ startMs: 10_000 });
    const { driver } = build({ checkpoint, startMs: 0 });
    await driver.context.start();
    driver.clock.advance(11_000);
    await driver.runBatches(1);
    await driver.stop();
    expect(driver.progress[0]!.batchTime).toBe(12_000);
  });

  it('takes in a state and a source that are new', async () => {
    const checkpoint = await stoppedAfterOneBatch();
    const added = new WordCounter();
    const counter = new WordCounter();
    const { driver } = build({ checkpoint, states: { counter, added }, startMs: 1000 });
    const more = new MemorySink();
    driver.context.sourceStream(new ScheduledSource([[0, 'new']]), { id: 'more' }).writeTo('more', more);
    await driver.runBatches(1);
    await driver.stop();
    expect([counter, added].map((each) => each.total('mill'))).toEqual([1, 0]);
    expect([counter, added].map((each) => each.total('race'))).toEqual([1, 1]);
    expect(more.records).toEqual([['new']]);
  });

  it.each([
    ['a state', 'counter', { states: { renamed: new WordCounter() } }, 'state', 'it has: renamed'],
    ['any state', 'counter', { states: {} }, 'state', 'it has: none'],
    ['a source', 'words', { sourceId: 'renamed' }, 'source', 'it has: renamed'],
  ])('is refused by name where it lacks %s of its checkpoint, and harms nothing', async (_, id, changed, what, has) => {
    const checkpoint = await stoppedAfterOneBatch();
    const { driver } = build({ checkpoint, ...changed });
    await expect(driver.context.start()).rejects.toMatchObject({
      name: 'StateError',
      code: 'does-not-fit',
      message: expect.stringMatching(`${what} '${id}'.*${has}`),
      context: { [what]: id },
    });
    const asBefore = build({ checkpoint });
    await asBefore.driver.context.start();
    await asBefore.driver.stop();
  });

  it('is refused by name where a state has another shape', async () => {
    const model = (k: number) => new StreamingKMeans({ k }).setRandomCenters(2, 1, 3);
    const checkpoint = await stoppedAfterOneBatch({ states: { model: model(2) } });
    const { driver } = build({ checkpoint, states: { model: model(3) } });
    const refusal = await driver.context.start().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StateError);
    expect(refusal).toMatchObject({ code: 'does-not-fit', message: expect.stringContaining('[state model]') });
  });

  it('is refused while another context uses its checkpoint', async () => {
    const checkpoint = await temporaryDirectory(onTestFinished);
    const first = build({ checkpoint });
    await first.driver.context.start();
    const second = build({ checkpoint });
    await expect(second.driver.context.start()).rejects.toMatchObject({ name: 'StateError', code: 'in-use' });
    await first.driver.runBatches(1);
    await first.driver.stop();
    const third = build({ checkpoint, startMs: 1000 });
    await third.driver.runBatches(1);
    await third.driver.stop();
    expect(third.outputs.records).toEqual([['race']]);
  });

  it('with a file in the place of its checkpoint is a usage error', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'a-file');
    await fs.writeFile(file, '');
    const { driver, source } = build({ checkpoint: file });
    await expect(driver.context.start()).rejects.toMatchObject({ name: 'UsageError' });
    expect(driver.context.getState()).toBe('STOPPED');
    expect(source.calls).toEqual(['close']);
  });
});
