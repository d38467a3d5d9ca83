import { describe, expect, test } from 'vitest';
import { TransientError } from '../../src/errors.ts';
import { failureOf, turns } from './line-server.ts';
import { openedReceiver } from './opened-receiver.ts';
import { OwnReceiver } from './own-receiver.ts';

describe('restart', () => {
  test('stops, waits for the delay, and starts again', async () => {
    const receiver = new OwnReceiver();
    const { clock, warnings } = await openedReceiver(receiver);
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
    const { clock, warnings } = await openedReceiver(receiver, { restartDelay: '5 seconds' });
    receiver.restart('first');
    await clock.sleeping();
    clock.advance(5000);
    await turns(1);
    receiver.restart('second', undefined, 10);
    expect(warnings).toEqual(['own: first; trying again in 5000 ms', 'own: second; trying again in 10 ms']);
  });

  test('happens once, however often it is asked for', async () => {
    const receiver = new OwnReceiver();
    const { clock, warnings } = await openedReceiver(receiver);
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
    const { source, clock } = await openedReceiver(receiver);
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
    const { source, records } = await openedReceiver(receiver);
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
    const { source, records } = await openedReceiver(receiver);
    expect(await records()).toEqual(['a']);
    expect(await failureOf(source, 1)).toEqual(new TransientError('unreachable', 'own: lost for good', { cause }));
  });

  test.each([
    ['throws', () => expect.fail('broken')],
    ['rejects', async () => expect.fail('broken')],
  ])('comes by itself where onStart %s', async (_, onStart) => {
    const receiver = new OwnReceiver(onStart);
    const { source } = await openedReceiver(receiver);
    expect(await failureOf(source)).toMatchObject({ message: 'own: the receiver failed: broken' });
    expect(receiver.calls).toEqual(['start', 'stop']);
  });

  test('waits 10 seconds for an onStart that does not end, and says so', async () => {
    const { source, clock, warnings } = await openedReceiver(new OwnReceiver(() => new Promise(() => {})));
    const stopped = source.stopReceiving();
    await clock.sleeping();
    clock.advance(9_999);
    await turns(5);
    expect(warnings).toEqual([]);
    clock.advance(1);
    await stopped;
    expect(warnings).toEqual(['own: onStart has not ended 10000 ms after onStop; going on without it']);
  });

  test('survives an onStop that fails, and says so', async () => {
    const { source, warnings } = await openedReceiver(new OwnReceiver(undefined, () => expect.fail('broken')));
    await source.stopReceiving();
    expect(warnings).toEqual(['own: onStop failed (broken)']);
  });
});

test('reportError tells the log, and the receiver goes on', async () => {
  const receiver = new OwnReceiver();
  const { warnings } = await openedReceiver(receiver);
  receiver.reportError('a bad packet');
  receiver.reportError('another', new Error('of 0 bytes'));
  expect(warnings).toEqual(['own: a bad packet', 'own: another (of 0 bytes)']);
  expect(receiver.isStarted()).toBe(true);
});
