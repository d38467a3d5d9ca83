import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { OwnReceiver } from '../sources/own-receiver.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ON = { receiver: { writeAheadLog: true } };
const OFF = { receiver: { writeAheadLog: false } };

interface Program {
  readonly checkpoint: string;
  readonly options?: typeof ON;
  readonly receiver?: OwnReceiver;
  readonly maxRecordsPerBatch?: number;
  readonly startMs?: number;
  /** Called while a batch runs: its plan is logged, and nothing written. */
  readonly running?: () => void;
}

/** A program that collects what a receiver gets. */
function build({ checkpoint, options = ON, receiver = new OwnReceiver(), running, startMs = 0, ...limits }: Program) {
  const driver = new TestDriver({ ...options, startMs });
  driver.context.checkpoint(checkpoint);
  const stream = driver.context.receiverStream(receiver, { id: 'own', ...limits }).transform((rdd) => {
    running?.();
    return rdd;
  });
  return { driver, receiver, outputs: driver.collect(stream) };
}

function journalIn(checkpoint: string): string {
  const [journal] = fs.readdirSync(checkpoint).filter((name) => name.endsWith('.log'));
  return path.join(checkpoint, journal!);
}

function newCheckpoint(): Promise<string> {
  return temporaryDirectory(onTestFinished);
}

/** Starts the program, has it store these records, runs so many batches, and leaves what a crash would then leave. */
async function crashed(program: Program, records: readonly string[], batches: number): Promise<string> {
  const left = path.join(await temporaryDirectory(onTestFinished), 'left');
  const { driver, receiver } = build(program);
  await driver.start();
  await receiver.storeAll(records);
  await driver.runBatches(batches);
  fs.cpSync(program.checkpoint, left, { recursive: true });
  await driver.stop();
  return left;
}

/** The program as it is started again, at the time of the last batch. */
async function buildAgain(program: Program) {
  const { pending, committed } = await readCheckpoint(program.checkpoint);
  return build({ ...program, startMs: (pending ?? committed).time });
}

/** What a program that is started again gives in its first batches, and how many records it then said to have. */
async function outputAfterRestart(program: Program): Promise<{ records: string[]; numReceived: number }> {
  const { driver, receiver, outputs } = await buildAgain(program);
  await driver.start();
  const { numReceived } = receiver;
  await driver.runBatches(3);
  await driver.stop();
  return { records: outputs.records.flat(), numReceived };
}

describe('with a write-ahead log', () => {
  it('nothing that was acknowledged is lost, wherever the journal is cut', async () => {
    const checkpoint = await newCheckpoint();
    const { driver, receiver } = build({ checkpoint, maxRecordsPerBatch: 3 });
    await driver.start();
    const sizeBytes = () => fs.statSync(journalIn(checkpoint)).size;
    const stored: string[] = [];
    const sightings = [{ sizeBytes: sizeBytes(), acknowledged: 0 }];
    const store = async (...records: string[]) => {
      stored.push(...records);
      await receiver.storeAll(records);
      sightings.push({ sizeBytes: sizeBytes(), acknowledged: stored.length });
    };
    await store('ä');
    await store('b', 'c€');
    await driver.runBatches(1);
    await store('d', 'e', 'f', 'g');
    await driver.runBatches(1);
    await Promise.all([store('h'), store('i'), driver.runBatches(1)]);
    await store('j');
    await driver.stop();

    const bytes = fs.readFileSync(journalIn(checkpoint));
    const cutFile = path.join(await newCheckpoint(), 'journal-00000001.log');
    for (let size = sightings[0]!.sizeBytes; size <= bytes.length; size++) {
      fs.writeFileSync(cutFile, bytes.subarray(0, size));
      const { committed, received } = await readCheckpoint(path.dirname(cutFile));
      const taken = (committed.offsets['own'] as number | undefined) ?? 0;
      const { start, records } = received['own'] ?? { start: taken, records: [] };
      const acknowledged = sightings.findLast((each) => each.sizeBytes <= size)!.acknowledged;
      expect(start, `cut at byte ${size}`).toBe(taken);
      expect(records, `cut at byte ${size}`).toEqual(stored.slice(start, start + records.length));
      expect(start + records.length, `cut at byte ${size}`).toBeGreaterThanOrEqual(acknowledged);
    }
  });

  it('what no batch had taken, and what one was taking, comes again, once', async () => {
    const running = await newCheckpoint();
    const left = path.join(running, 'left');
    const program = build({
      checkpoint: path.join(running, 'checkpoint'),
      maxRecordsPerBatch: 2,
      running: () => fs.cpSync(path.join(running, 'checkpoint'), left, { recursive: true }),
    });
    await program.driver.start();
    await program.receiver.storeAll(['a', 'b', 'c', 'd', 'e']);
    await program.driver.runBatches(2);
    await program.driver.stop();
    const { committed, pending, received } = await readCheckpoint(left);
    expect(committed.offsets).toEqual({ own: 2 });
    expect(pending?.ranges).toEqual({ own: { start: 2, end: 4 } });
    expect(received).toEqual({ own: { start: 2, records: ['c', 'd', 'e'] } });
    expect(await outputAfterRestart({ checkpoint: left })).toEqual({ records: ['c', 'd', 'e'], numReceived: 5 });
  });

  it('a snapshot that replaces the journal carries over what no batch has taken', async () => {
    const checkpoint = await newCheckpoint();
    const driver = new TestDriver(ON);
    driver.context.checkpoint(checkpoint, { replaceAboveBytes: 1 });
    const receiver = new OwnReceiver();
    const outputs = driver.collect(driver.context.receiverStream(receiver, { id: 'own', maxRecordsPerBatch: 2 }));
    await driver.start();
    await receiver.storeAll(['a', 'b', 'c', 'd', 'e']);
    const unawaited = receiver.store('f');
    await driver.runBatches(2);
    await unawaited;
    await driver.stop();
    expect(outputs.records).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(path.basename(journalIn(checkpoint))).toBe('journal-00000002.log');
    expect(fs.readFileSync(journalIn(checkpoint), 'utf8').split('\n')[0]).toContain('"received":{"own":{"start":2');
    expect(await outputAfterRestart({ checkpoint })).toEqual({ records: ['e', 'f'], numReceived: 6 });
  });

  it('the count with which a sender goes on is of what is on disk', async () => {
    const left = await crashed({ checkpoint: await newCheckpoint(), maxRecordsPerBatch: 2 }, ['a', 'b', 'c'], 1);
    const counts: number[] = [];
    const receiver = new OwnReceiver((self) => void counts.push(self.numReceived));
    expect(await outputAfterRestart({ checkpoint: left, receiver })).toEqual({ records: ['c'], numReceived: 3 });
    expect(counts).toEqual([3]);
  });

  it('a record that is no plain data fails the stream by name', async () => {
    const { driver, receiver } = build({ checkpoint: await newCheckpoint() });
    await driver.start();
    await expect(receiver.store(new Map() as never)).rejects.toMatchObject({ code: 'wrong-type' });
    await expect(driver.runBatches(1)).rejects.toMatchObject({
      code: 'wrong-type',
      message: expect.stringContaining('[source own, batch 0]'),
    });
  });

  it('a program that lacks a receiver of which records are left is refused by name', async () => {
    const left = await crashed({ checkpoint: await newCheckpoint() }, ['a'], 0);
    const driver = new TestDriver();
    driver.context.checkpoint(left);
    driver.collect(driver.context.queueStream([['other']]));
    await expect(driver.context.start()).rejects.toMatchObject({ code: 'does-not-fit', context: { source: 'own' } });
  });

  it('a checkpoint directory must be set, in Spark’s words', async () => {
    const driver = new TestDriver(ON);
    driver.collect(driver.context.receiverStream(new OwnReceiver()));
    await expect(driver.context.start()).rejects.toThrow(
      'Cannot enable receiver write-ahead log without checkpoint directory set. ' +
        'Please use streamingContext.checkpoint() to set the checkpoint directory.',
    );
  });
});

describe('without a write-ahead log', () => {
  it('what no batch had planned is lost, and nothing else', async () => {
    const checkpoint = await newCheckpoint();
    const left = await crashed({ checkpoint, options: OFF, maxRecordsPerBatch: 2 }, ['a', 'b', 'c'], 1);
    expect(await outputAfterRestart({ checkpoint: left, options: OFF })).toEqual({ records: [], numReceived: 2 });
  });
});

describe('a program that is started again', () => {
  it('without the log that it had, still gives what was left in it', async () => {
    const left = await crashed({ checkpoint: await newCheckpoint(), maxRecordsPerBatch: 2 }, ['a', 'b', 'c'], 1);
    expect(await outputAfterRestart({ checkpoint: left, options: OFF })).toEqual({ records: ['c'], numReceived: 3 });
    const { received, committed } = await readCheckpoint(left);
    expect([received, committed.offsets]).toEqual([{}, { own: 3 }]);
  });

  it('with a log that it had not, begins it where the plan ended that was under way', async () => {
    const running = await newCheckpoint();
    const checkpoint = path.join(running, 'checkpoint');
    const left = path.join(running, 'left');
    const without = build({
      checkpoint,
      options: OFF,
      running: () => fs.cpSync(checkpoint, left, { recursive: true }),
    });
    await without.driver.start();
    without.receiver.storeAll(['a', 'b']);
    await without.driver.runBatches(1);
    await without.driver.stop();

    const again = await buildAgain({ checkpoint: left, receiver: new OwnReceiver((self) => void self.store('c')) });
    await again.driver.start();
    await again.driver.runBatches(1);
    await again.driver.stop();
    expect(again.outputs.records).toEqual([['a', 'b'], ['c']]);
    expect((await readCheckpoint(left)).committed.offsets).toEqual({ own: 3 });
  });
});
