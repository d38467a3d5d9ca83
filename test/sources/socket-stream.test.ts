import { expect, test } from 'vitest';
import { TestDriver } from '../../src/testing/index.ts';
import { hangUp, LineServer, turns } from './line-server.ts';

/** Numbers of four bytes, the highest byte first. */
async function* numbers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<number> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 4; rest = rest.subarray(4)) yield rest.readUInt32BE();
  }
  if (rest.length > 0) throw new Error(`${rest.length} bytes are no number`);
}

/** What batch after batch gives until the context stops by itself. */
async function runToItsEnd(driver: TestDriver): Promise<void> {
  while (driver.context.getState() !== 'STOPPED') {
    await driver.runBatches(1);
    await turns(1);
  }
}

test('a socket stream is what the converter makes of the bytes, however they are cut', async () => {
  const server = await LineServer.listen();
  const driver = new TestDriver();
  const stream = driver.context.socketStream('127.0.0.1', server.port, numbers, { onEnd: 'end' });
  const outputs = driver.collect(stream);
  await driver.start();
  const client = await server.nextClient();
  const sent = [1, 2 ** 32 - 1, 0, 70_000];
  const bytes = Buffer.alloc(4 * sent.length);
  for (const [index, number] of sent.entries()) bytes.writeUInt32BE(number, 4 * index);
  for (const packet of [bytes.subarray(0, 3), bytes.subarray(3, 5), bytes.subarray(5, 9)]) {
    client.write(packet);
    await turns(2);
  }
  await hangUp(client, bytes.subarray(9));
  await runToItsEnd(driver);
  expect(outputs.records.flat()).toEqual(sent);
});

test('what the converter throws ends the connection, and is a reason to connect again', async () => {
  const server = await LineServer.listen();
  const warnings: string[] = [];
  const driver = new TestDriver({ log: { info: () => {}, warn: (message) => void warnings.push(message) } });
  const outputs = driver.collect(driver.context.socketStream('127.0.0.1', server.port, numbers, { onEnd: 'end' }));
  await driver.start();
  await hangUp(await server.nextClient(), Buffer.from([0, 0, 0, 7, 1]));
  while (warnings.length === 0) await turns(1);
  const warning = 'Error receiving data (1 bytes are no number); trying again in 2000 ms';
  expect(warnings).toEqual([`socket 127.0.0.1:${server.port}: ${warning}`]);
  await driver.runBatches(2);
  await hangUp(await server.nextClient(), Buffer.from([0, 0, 0, 8]));
  await runToItsEnd(driver);
  expect(outputs.records.flat()).toEqual([7, 8]);
});

test('a port out of range is refused by the name of the method', () => {
  expect(() => new TestDriver().context.socketStream('localhost', 0, numbers)).toThrow(
    'socketStream: expected a port from 1 to 65535, got 0',
  );
});
