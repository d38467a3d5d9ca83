import { describe, expect, test } from 'vitest';
import type { ReceiverJournal } from '../../src/contracts/source.ts';
import { UsageError } from '../../src/errors.ts';
import type { ReceiverOptions } from '../../src/sources/receiver-source.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { failureOf, turns } from './line-server.ts';
import { openedReceiver } from './opened-receiver.ts';
import { OwnReceiver } from './own-receiver.ts';
import { unlimited } from './unlimited.ts';

/** A journal whose flushes end when the test says so. */
function handWrittenJournal() {
  const flushes: (() => void)[] = [];
  const written: string[][] = [];
  const append: ReceiverJournal['append'] = ({ start, records }) => {
    if (records.includes('no plain data')) throw new UsageError('wrong-type', 'no plain data');
    return new Promise((resolve) => {
      flushes.push(() => {
        written.push([`from ${start}`, ...(records as string[])]);
        resolve();
      });
    });
  };
  return { kept: undefined, append, written, flush: () => flushes.splice(0).map((end) => end()) };
}

describe('store', () => {
  test('takes records at once, one or several, without being waited for', async () => {
    const receiver = new OwnReceiver();
    const { records } = await openedReceiver(receiver);
    receiver.store('a');
    receiver.storeAll(['b', 'c']);
    receiver.storeAll([]);
    receiver.store('d');
    expect(await records()).toEqual(['a', 'b', 'c', 'd']);
    expect(receiver.numReceived).toBe(4);
  });

  test('takes what is stored while the receiver starts, and while it stops', async () => {
    const store = (record: string) => (receiver: OwnReceiver) => void receiver.store(record);
    const { source, records } = await openedReceiver(new OwnReceiver(store('first'), store('last')));
    await source.stopReceiving();
    expect(await records()).toEqual(['first', 'last']);
    expect(source.endedAt(2)).toBe(true);
  });

  test('takes records that are arrays as what they are', async () => {
    const receiver = new OwnReceiver<readonly [string, number]>();
    const { records } = await openedReceiver(receiver as never);
    receiver.store(['a', 1]);
    expect(await records()).toEqual([['a', 1]]);
  });

  test('is refused before the start and after the stop', async () => {
    const receiver = new OwnReceiver();
    expect(() => receiver.store('too early')).toThrow(
      'A ReceiverSupervisor has not been attached to the receiver yet.',
    );
    const { source } = await openedReceiver(receiver);
    await source.stopReceiving();
    await expect(receiver.store('too late')).rejects.toMatchObject({
      code: 'bad-state-of-context',
      message: 'own: Cannot add data as the receiver has not been started or has been stopped',
    });
  });

  test('lets those wait who wait for it, while too much is there', async () => {
    const receiver = new OwnReceiver();
    const { source } = await openedReceiver(receiver, { maxWaitingRecords: 3 });
    await receiver.storeAll(['a', 'b']);
    let room = false;
    receiver.storeAll(['c', 'd']).then(() => {
      room = true;
    });
    await turns(5);
    expect(room).toBe(false);
    await source.commit(1);
    await turns(5);
    expect(room).toBe(false);
    await source.commit(2);
    await turns(1);
    expect(room).toBe(true);
  });

  test('lets nobody wait who should stop', async () => {
    const receiver = new OwnReceiver(async (self) => {
      while (self.isStarted()) await self.store('more');
    });
    const { source } = await openedReceiver(receiver, { maxWaitingRecords: 3 });
    await turns(5);
    expect(receiver.numReceived).toBe(3);
    await source.stopReceiving();
    expect(receiver.calls).toEqual(['start', 'stop']);
  });

  test('nor one who stores a last record while it stops', async () => {
    const receiver = new OwnReceiver(undefined, (self) => self.store('last'));
    const { source, records } = await openedReceiver(receiver, { maxWaitingRecords: 1 });
    await source.stopReceiving();
    expect(await records()).toEqual(['last']);
  });
});

describe('with a journal', () => {
  test('a record counts when it is written down, and in the order of the calls', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await openedReceiver(receiver, {}, undefined, journal);
    expect(source.replayable).toBe(true);
    let safe = false;
    receiver.store('a');
    receiver.storeAll(['b', 'c']).then(() => {
      safe = true;
    });
    await turns(5);
    expect([await records(), receiver.numReceived, safe]).toEqual([[], 0, false]);
    journal.flush();
    await turns(1);
    expect([await records(), receiver.numReceived, safe]).toEqual([['a', 'b', 'c'], 3, true]);
    expect(journal.written).toEqual([
      ['from 0', 'a'],
      ['from 1', 'b', 'c'],
    ]);
  });

  test('goes on behind what was kept, which it gives again from where it began', async () => {
    const receiver = new OwnReceiver();
    const kept = { start: 5, records: ['f', 'g', 'h'] };
    const { source, start } = await openedReceiver(receiver, {}, 7, { ...handWrittenJournal(), kept });
    expect([start, receiver.numReceived]).toEqual([7, 8]);
    expect((await source.read({ start: 5, end: 7 })).collect()).toEqual(['f', 'g']);
    expect(await source.plan(7, unlimited)).toBe(8);
  });

  test('a stop waits until what was stored is written down', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await openedReceiver(receiver, {}, undefined, journal);
    receiver.store('a');
    let ended = false;
    const stopped = source.stopReceiving().then(() => {
      ended = true;
    });
    await turns(20);
    expect(ended).toBe(false);
    journal.flush();
    await stopped;
    expect(await records()).toEqual(['a']);
    expect(source.endedAt(1)).toBe(true);
  });

  test('a record that can not be written down fails the stream, after those that came before it', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await openedReceiver(receiver, {}, undefined, journal);
    const good = receiver.store('good');
    await expect(receiver.store('no plain data')).rejects.toMatchObject({ code: 'wrong-type' });
    journal.flush();
    await good;
    expect(await records()).toEqual(['good']);
    expect(receiver.isStopped()).toBe(true);
    expect(await failureOf(source, 1)).toMatchObject({ code: 'wrong-type' });
  });
});

test.each<[ReceiverOptions, string]>([
  [{ maxWaitingRecords: 0 }, 'OwnReceiver: expected maxWaitingRecords ≥ 1, got 0'],
  [{ restartDelay: 'soon' }, 'restartDelay: expected a duration of at least 1 ms'],
  [
    { maxRecordsPerBatch: 0 },
    'OwnReceiver: expected whole numbers, 1 ≤ minRecordsPerBatch ≤ maxRecordsPerBatch, got 1',
  ],
])('%j is refused', (options, message) => {
  const use = () => new TestDriver().context.receiverStream(new OwnReceiver(), options);
  expect(use).toThrow(UsageError);
  expect(use).toThrow(message);
});

test('receiverStream gives what the receiver stores, and tells it its id', async () => {
  const driver = new TestDriver();
  const first = new OwnReceiver((self) => void self.store(self.streamId));
  const second = new OwnReceiver((self) => void self.store(self.streamId));
  const { context } = driver;
  const outputs = driver.collect(context.receiverStream(first).union(context.receiverStream(second, { id: 'mine' })));
  await driver.runBatches(1);
  await driver.stop();
  expect(outputs.records).toEqual([['receiver', 'mine']]);
  expect([...first.calls, ...second.calls]).toEqual(['start', 'stop', 'start', 'stop']);
});
