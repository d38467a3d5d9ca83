import { describe, expect, test } from 'vitest';
import { TransientError, UsageError } from '../../src/errors.ts';
import type { SocketOptions } from '../../src/sources/socket-source.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { failureOf, freePort, hangUp, LineServer, received, turns } from './line-server.ts';
import { openedSocket } from './opened-socket.ts';
import { unlimited } from './unlimited.ts';

describe('lines', () => {
  /** What the source makes of these bytes, sent one packet each. */
  async function linesOf(packets: readonly Uint8Array[], options: SocketOptions = {}) {
    const server = await LineServer.listen();
    const { lines } = await openedSocket(server.port, options);
    const client = await server.nextClient();
    for (const packet of packets) {
      client.write(packet);
      await turns(2);
    }
    await hangUp(client);
    return lines();
  }

  const bytesOf = (text: string) => Array.from(Buffer.from(text), (byte) => Uint8Array.of(byte));

  test('end in \\n or \\r\\n, in one packet or in many', async () => {
    const text = 'to be\r\n\nor not\n\r\n';
    const expected = ['to be', '', 'or not', ''];
    expect(await linesOf([Buffer.from(text)])).toEqual(expected);
    expect(await linesOf(bytesOf(text))).toEqual(expected);
  });

  test('are UTF-8, also where a packet ends within a character', async () => {
    expect(await linesOf(bytesOf('zwölf €\n😀 и é\n'))).toEqual(['zwölf €', '😀 и é']);
  });

  test('need no line feed at the end of the stream', async () => {
    expect(await linesOf([Buffer.from('a\nb')])).toEqual(['a', 'b']);
    expect(await linesOf([Buffer.from('a\nb\r')])).toEqual(['a', 'b']);
    expect(await linesOf([Buffer.from('a\n')])).toEqual(['a']);
    expect(await linesOf([])).toEqual([]);
  });

  test('of more than 64 Mi characters are none: the connection is broken', async () => {
    const server = await LineServer.listen();
    const { nextWarning } = await openedSocket(server.port);
    (await server.nextClient()).write(Buffer.alloc(65 * 1024 * 1024, 'x'));
    expect(await nextWarning()).toContain('a line is longer than');
  });
});

describe('batches', () => {
  test('a stream of lines is counted as it comes, and the context stops where it ends', async () => {
    const server = await LineServer.listen();
    const driver = new TestDriver();
    const { context } = driver;
    const outputs = driver.collect(context.socketTextStream('127.0.0.1', server.port, { onEnd: 'end' }).countByValue());
    await driver.runBatches(1);
    await hangUp(await server.nextClient(), 'a\nb\na\n');
    while (context.getState() !== 'STOPPED') {
      await driver.runBatches(1);
      await turns(1);
    }
    expect(outputs.records.filter((counts) => counts.length > 0)).toEqual([
      [
        ['a', 2],
        ['b', 1],
      ],
    ]);
  });

  test('take at most maxRecordsPerBatch', async () => {
    const server = await LineServer.listen();
    const { source } = await openedSocket(server.port, { maxRecordsPerBatch: 2 });
    await hangUp(await server.nextClient(), 'a\nb\nc\n');
    expect(await source.plan(0, unlimited)).toBe(2);
    await source.commit(2);
    expect(await source.plan(2, unlimited)).toBe(3);
    expect((await source.read({ start: 2, end: 3 })).collect()).toEqual(['c']);
  });

  test('take nothing below minRecordsPerBatch until the stream ends', async () => {
    const server = await LineServer.listen();
    const { source } = await openedSocket(server.port, { minRecordsPerBatch: 3, onEnd: 'end' });
    const client = await server.nextClient();
    client.write('a\nb\nc\n');
    await received(source, 3);
    await source.commit(3);
    client.write('d\ne\n');
    await turns(20);
    expect(await source.plan(3, unlimited)).toBe(3);
    await hangUp(client);
    while (!source.endedAt(5)) await turns(1);
    expect(await source.plan(3, unlimited)).toBe(5);
  });

  test('a sender that is faster than the job is made to wait, and loses nothing', async () => {
    const waitingLimit = 1_000_000;
    const lines = 2_500_000;
    const numbered = Array.from({ length: lines }, (_, i) => `${i}\n`).join('');
    const server = await LineServer.listen();
    const { source } = await openedSocket(server.port, { onEnd: 'end' });
    (await server.nextClient()).resume().end(numbered);
    let taken = 0;
    while (!source.endedAt(taken)) {
      await turns(200);
      const end = (await source.plan(taken, unlimited)) as number;
      expect(end - taken).toBeLessThan(waitingLimit + 65_536);
      const records = (await source.read({ start: taken, end })).collect();
      if (records.some((line, i) => line !== String(taken + i))) expect.fail(`lines ${taken} to ${end} are others`);
      await source.commit(end);
      taken = end;
    }
    expect(taken).toBe(lines);
  });
});

describe('connecting', () => {
  test('again after the sender closed, when the delay is over and not before', async () => {
    const server = await LineServer.listen();
    const { clock, nextWarning, lines } = await openedSocket(server.port);
    await hangUp(await server.nextClient(), 'a\n');
    expect(await nextWarning()).toBe(
      `socket 127.0.0.1:${server.port}: Socket data stream had no more data; trying again in 2000 ms`,
    );
    clock.advance(1999);
    await turns(20);
    expect(server.connections).toBe(1);
    clock.advance(1);
    await hangUp(await server.nextClient(), 'b\n');
    expect(await lines()).toEqual(['a', 'b']);
  });

  test('again after the connection was reset', async () => {
    const server = await LineServer.listen();
    const { source, clock, nextWarning, lines } = await openedSocket(server.port, { reconnectDelay: '1 second' });
    const client = await server.nextClient();
    client.write('a\nunfinis');
    await received(source, 1);
    client.resetAndDestroy();
    expect(await nextWarning()).toMatch(/: Error receiving data \(.*ECONNRESET\); trying again in 1000 ms$/);
    clock.advance(1000);
    await hangUp(await server.nextClient(), 'b\n');
    expect(await lines()).toEqual(['a', 'b']);
  });

  test('again and again where nobody listens, then the batch fails naming host and port', async () => {
    const port = await freePort();
    const { source, clock, nextWarning } = await openedSocket(port, { connectAttempts: 3 });
    for (let attempt = 1; attempt < 3; attempt++) {
      expect(await nextWarning()).toBe(`socket 127.0.0.1:${port}: connection refused; trying again in 2000 ms`);
      expect(await source.plan(0, unlimited)).toBe(0);
      clock.advance(2000);
    }
    const failure = await failureOf(source);
    expect(failure).toBeInstanceOf(TransientError);
    expect(failure).toMatchObject({
      code: 'unreachable',
      message: `socket 127.0.0.1:${port}: connection refused after 3 attempts; is anything listening there?`,
    });
  });

  test('a connection that succeeds begins the count of attempts anew; lines come before the failure', async () => {
    const port = await freePort();
    const { source, clock, nextWarning } = await openedSocket(port, { connectAttempts: 2 });
    expect(await nextWarning()).toContain('connection refused');
    const server = await LineServer.listen(port);
    clock.advance(2000);
    await hangUp(await server.nextClient(), 'a\n');
    await server.close();
    expect(await nextWarning()).toContain('no more data');
    clock.advance(2000);
    expect(await nextWarning()).toContain('connection refused');
    expect(await source.plan(0, unlimited)).toBe(1);
    await source.commit(1);
    clock.advance(2000);
    expect(await failureOf(source, 1)).toMatchObject({ code: 'unreachable' });
  });

  test('the failure ends the context', async () => {
    const driver = new TestDriver({ batchDurationMs: 2000 });
    const port = await freePort();
    driver.collect(driver.context.socketTextStream('127.0.0.1', port, { connectAttempts: 1 }));
    await driver.context.start();
    const waiting = expect(driver.context.awaitTermination()).rejects.toThrow(`127.0.0.1:${port}`);
    while (driver.context.getState() === 'ACTIVE') {
      await driver.runBatches(1).catch(() => {});
      await turns(1);
    }
    await waiting;
  });
});

describe('closing', () => {
  const openSockets = () => process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));

  test('lets go of everything, twice without harm', async () => {
    const before = openSockets();
    const server = await LineServer.listen();
    const { source } = await openedSocket(server.port);
    await server.nextClient();
    await source.close();
    await source.close();
    await server.close();
    await turns(5);
    expect(openSockets()).toEqual(before);
  });

  test('ends an attempt to connect, and a wait for the next', async () => {
    const server = await LineServer.listen();
    const connecting = await openedSocket(server.port);
    await connecting.source.close();

    const refused = await openedSocket(await freePort());
    await refused.nextWarning();
    await refused.source.close();
    refused.clock.advance(10_000);
    expect(await refused.source.plan(0, unlimited)).toBe(0);
  });

  test('a graceful stop gives what was received, and nothing after', async () => {
    const server = await LineServer.listen();
    const { source, lines } = await openedSocket(server.port);
    const client = await server.nextClient();
    client.write('a\nb\nunfinis');
    await received(source, 2);
    await source.stopReceiving();
    expect(source.endedAt(0)).toBe(false);
    expect(await lines()).toEqual(['a', 'b']);
    expect(source.endedAt(2)).toBe(true);
  });
});

describe('options', () => {
  test.each([0, -1, 65_536, 1.5, Number.NaN])('port %d is out of range', (port) => {
    expect(() => new TestDriver().context.socketTextStream('localhost', port)).toThrow(
      `socketTextStream: expected a port from 1 to 65535, got ${port}`,
    );
  });

  test.each<[SocketOptions, string]>([
    [{ reconnectDelay: 0 }, 'restartDelay: expected a duration'],
    [{ reconnectDelay: 'soon' }, 'restartDelay: expected a duration'],
    [{ connectAttempts: 0 }, 'socketTextStream: expected at least 1 of connectAttempts, got 0'],
    [{ connectAttempts: 1.5 }, 'socketTextStream: expected at least 1 of connectAttempts, got 1.5'],
    [{ minRecordsPerBatch: 0 }, 'expected whole numbers, 1 ≤ minRecordsPerBatch'],
    [{ minRecordsPerBatch: 2, maxRecordsPerBatch: 1 }, '≤ maxRecordsPerBatch, got 2 and 1'],
  ])('%j is refused', (options, message) => {
    const use = () => new TestDriver().context.socketTextStream('localhost', 9999, options);
    expect(use).toThrow(UsageError);
    expect(use).toThrow(message);
  });
});
