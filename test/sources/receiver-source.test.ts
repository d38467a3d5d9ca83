import { describe, expect, onTestFinished, test } from 'vitest';
import type { ReceiverJournal } from '../../src/contracts/source.ts';
import { TransientError, UsageError } from '../../src/errors.ts';
import { type ReceiverOptions, ReceiverSource } from '../../src/sources/receiver-source.ts';
import { ManualClock, TestDriver } from '../../src/testing/index.ts';
import { failureOf, turns } from './line-server.ts';
import { OwnReceiver } from './own-receiver.ts';
import { unlimited } from './unlimited.ts';

/** A source of what this receiver stores, opened, on a clock that stands still. */
async function opened(receiver: OwnReceiver, options: ReceiverOptions = {}, from?: number, journal?: ReceiverJournal) {
  const clock = new ManualClock();
  const warnings: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void warnings.push(message) };
  const source = new ReceiverSource(receiver, { name: 'own', streamId: 'own-1' }, clock, log, options);
  onTestFinished(() => source.close());
  const start = (await source.open(from, journal)) as number;
  const records = async () => (await source.read({ start, end: await source.plan(start, unlimited) })).collect();
  return { source, clock, warnings, start, records };
}

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
    const { records } = await opened(receiver);
    receiver.store('a');
    receiver.storeAll(['b', 'c']);
    receiver.storeAll([]);
    receiver.store('d');
    expect(await records()).toEqual(['a', 'b', 'c', 'd']);
    expect(receiver.numReceived).toBe(4);
  });

  test('takes what is stored while the receiver starts, and while it stops', async () => {
    const store = (record: string) => (receiver: OwnReceiver) => void receiver.store(record);
    const { source, records } = await opened(new OwnReceiver(store('first'), store('last')));
    await source.stopReceiving();
    expect(await records()).toEqual(['first', 'last']);
    expect(source.endedAt(2)).toBe(true);
  });

  test('takes records that are arrays as what they are', async () => {
    const receiver = new OwnReceiver<readonly [string, number]>();
    const { records } = await opened(receiver as never);
    receiver.store(['a', 1]);
    expect(await records()).toEqual([['a', 1]]);
  });

  test('is refused before the start and after the stop', async () => {
    const receiver = new OwnReceiver();
    expect(() => receiver.store('too early')).toThrow(
      'A ReceiverSupervisor has not been attached to the receiver yet.',
    );
    const { source } = await opened(receiver);
    await source.stopReceiving();
    await expect(receiver.store('too late')).rejects.toMatchObject({
      code: 'bad-state-of-context',
      message: 'own: Cannot add data as the receiver has not been started or has been stopped',
    });
  });

  test('lets those wait who wait for it, while too much is there', async () => {
    const receiver = new OwnReceiver();
    const { source } = await opened(receiver, { maxWaitingRecords: 3 });
    await receiver.storeAll(['a', 'b']);
    let room = false;
    receiver.store('c').then(() => {
      room = true;
    });
    await turns(5);
    expect(room).toBe(false);
    await source.commit(1);
    await turns(1);
    expect(room).toBe(true);
  });

  test('lets nobody wait who should stop', async () => {
    const receiver = new OwnReceiver(async (self) => {
      while (self.isStarted()) await self.store('more');
    });
    const { source } = await opened(receiver, { maxWaitingRecords: 3 });
    await turns(5);
    expect(receiver.numReceived).toBe(3);
    await source.stopReceiving();
    expect(receiver.calls).toEqual(['start', 'stop']);
  });
});

describe('with a journal', () => {
  test('a record counts when it is written down, and in the order of the calls', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await opened(receiver, {}, undefined, journal);
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
    const { source, start } = await opened(receiver, {}, 7, { ...handWrittenJournal(), kept });
    expect([start, receiver.numReceived]).toEqual([7, 8]);
    expect((await source.read({ start: 5, end: 7 })).collect()).toEqual(['f', 'g']);
    expect(await source.plan(7, unlimited)).toBe(8);
  });

  test('a stop waits until what was stored is written down', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await opened(receiver, {}, undefined, journal);
    receiver.store('a');
    const stopped = source.stopReceiving();
    await turns(5);
    journal.flush();
    await stopped;
    expect(await records()).toEqual(['a']);
    expect(source.endedAt(1)).toBe(true);
  });

  test('a record that can not be written down fails the stream, after those that came before it', async () => {
    const receiver = new OwnReceiver();
    const journal = handWrittenJournal();
    const { source, records } = await opened(receiver, {}, undefined, journal);
    const good = receiver.store('good');
    await expect(receiver.store('no plain data')).rejects.toMatchObject({ code: 'wrong-type' });
    journal.flush();
    await good;
    expect(await records()).toEqual(['good']);
    expect(receiver.isStopped()).toBe(true);
    expect(await failureOf(source, 1)).toMatchObject({ code: 'wrong-type' });
  });
});

describe('restart', () => {
  test('stops, waits for the delay, and starts again', async () => {
    const receiver = new OwnReceiver();
    const { clock, warnings } = await opened(receiver);
    receiver.store('a');
    receiver.restart('Error receiving data', new Error('lost'));
    expect([receiver.isStarted(), receiver.isStopped()]).toEqual([false, true]);
    expect(warnings).toEqual(['own: Error receiving data (lost); trying again in 2000 ms']);
    await clock.sleeping();
    clock.advance(1999);
    await turns(5);
    expect(receiver.calls).toEqual(['start', 'stop']);
    clock.advance(1);
    await turns(1);
    expect(receiver.calls).toEqual(['start', 'stop', 'start']);
    expect(receiver.isStarted()).toBe(true);
  });

  test('takes the delay that is asked for, else that of the stream', async () => {
    const receiver = new OwnReceiver();
    const { clock, warnings } = await opened(receiver, { restartDelay: '5 seconds' });
    receiver.restart('first');
    await clock.sleeping();
    clock.advance(5000);
    await turns(1);
    receiver.restart('second', undefined, 10);
    expect(warnings).toEqual(['own: first; trying again in 5000 ms', 'own: second; trying again in 10 ms']);
  });

  test('happens once, however often it is asked for', async () => {
    const receiver = new OwnReceiver();
    const { clock, warnings } = await opened(receiver);
    receiver.restart('first');
    receiver.restart('second');
    await clock.sleeping();
    clock.advance(10_000);
    await turns(5);
    expect(warnings).toHaveLength(1);
    expect(receiver.calls).toEqual(['start', 'stop', 'start']);
  });

  test('does not happen any more when the stream is closed', async () => {
    const receiver = new OwnReceiver();
    const { source, clock } = await opened(receiver);
    receiver.restart('again');
    await clock.sleeping();
    await source.close();
    clock.advance(10_000);
    await turns(5);
    expect(receiver.calls).toEqual(['start', 'stop']);
  });
});

describe('stop', () => {
  test('ends the stream after what was stored', async () => {
    const receiver = new OwnReceiver((self) => {
      self.storeAll(['a', 'b']);
      self.stop('that was all');
    });
    const { source, records } = await opened(receiver);
    await turns(1);
    expect(await records()).toEqual(['a', 'b']);
    expect([source.endedAt(0), source.endedAt(2)]).toEqual([false, true]);
  });

  test('with an error fails the stream after what was stored', async () => {
    const cause = new Error('no route');
    const receiver = new OwnReceiver((self) => {
      self.store('a');
      self.stop('lost for good', cause);
    });
    const { source, records } = await opened(receiver);
    expect(await records()).toEqual(['a']);
    expect(await failureOf(source, 1)).toEqual(new TransientError('unreachable', 'own: lost for good', { cause }));
  });

  test.each([
    ['throws', () => expect.fail('broken')],
    ['rejects', async () => expect.fail('broken')],
  ])('comes by itself where onStart %s', async (_, onStart) => {
    const receiver = new OwnReceiver(onStart);
    const { source } = await opened(receiver);
    expect(await failureOf(source)).toMatchObject({ message: 'own: the receiver failed: broken' });
    expect(receiver.calls).toEqual(['start', 'stop']);
  });

  test('survives an onStop that fails, and says so', async () => {
    const { source, warnings } = await opened(new OwnReceiver(undefined, () => expect.fail('broken')));
    await source.stopReceiving();
    expect(warnings).toEqual(['own: onStop failed (broken)']);
  });
});

test('reportError tells the log, and the receiver goes on', async () => {
  const receiver = new OwnReceiver();
  const { warnings } = await opened(receiver);
  receiver.reportError('a bad packet');
  receiver.reportError('another', new Error('of 0 bytes'));
  expect(warnings).toEqual(['own: a bad packet', 'own: another (of 0 bytes)']);
  expect(receiver.isStarted()).toBe(true);
});

test.each<ReceiverOptions>([{ maxWaitingRecords: 0 }, { restartDelay: 'soon' }, { maxRecordsPerBatch: 0 }])(
  '%j is refused',
  (options) => {
    expect(() => new TestDriver().context.receiverStream(new OwnReceiver(), options)).toThrow(UsageError);
  },
);

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
