import { once } from 'node:events';
import type * as net from 'node:net';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { hangUp, LineServer, received, turns } from './line-server.ts';
import { openedSocket } from './opened-socket.ts';

/** The first line that a client sends: how many lines it has. */
async function linesHeld(client: net.Socket): Promise<number> {
  let text = '';
  while (!text.endsWith('\n')) text += String((await once(client, 'data'))[0]);
  return Number(text);
}

test('the client first says how many lines it has', async () => {
  const server = await LineServer.listen();
  const fresh = await openedSocket(server.port, { resume: true });
  expect(await linesHeld(await server.nextClient())).toBe(0);
  await fresh.source.close();
  await openedSocket(server.port, { resume: true }, 7);
  expect(await linesHeld(await server.nextClient())).toBe(7);
});

test('without resume the client says nothing', async () => {
  const server = await LineServer.listen();
  const { source } = await openedSocket(server.port);
  const client = await server.nextClient();
  client.on('data', () => expect.fail('the client spoke'));
  client.write('a\n');
  await received(source, 1);
  await hangUp(client);
});

test('a line that breaks off is not taken, and a stream that breaks off in a line has not ended', async () => {
  const server = await LineServer.listen();
  const { source, clock, nextWarning, lines } = await openedSocket(server.port, { resume: true, onEnd: 'end' });
  await hangUp(await server.nextClient(), 'a\nunfinis');
  expect(await nextWarning()).toContain(
    'Error receiving data (the connection broke off in the middle of a line); trying again',
  );
  clock.advance(2000);
  const client = await server.nextClient();
  expect(await linesHeld(client)).toBe(1);
  await hangUp(client, 'unfinished\n');
  while (!source.endedAt(2)) await turns(1);
  expect(await lines()).toEqual(['a', 'unfinished']);
});

test('nothing is lost or doubled, wherever connections break', async () => {
  const all = ['to be', '', 'zwölf €', 'or not', '😀', 'to be'];
  const bytesFrom = (line: number) =>
    Buffer.from(
      all
        .slice(line)
        .map((each) => `${each}\n`)
        .join(''),
    );
  const wholeLength = bytesFrom(0).length;
  const breaks = fc.array(fc.record({ afterBytes: fc.nat(wholeLength), reset: fc.boolean() }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(breaks, async (connections) => {
      const server = await LineServer.listen();
      const { source, clock, nextWarning, lines } = await openedSocket(server.port, { resume: true });
      for (const { afterBytes, reset } of connections) {
        const client = await server.nextClient();
        const rest = bytesFrom(await linesHeld(client));
        await new Promise((sent) => client.write(rest.subarray(0, afterBytes), sent));
        if (reset) client.resetAndDestroy();
        else client.destroy();
        await nextWarning();
        clock.advance(2000);
      }
      const client = await server.nextClient();
      client.write(bytesFrom(await linesHeld(client)));
      await received(source, all.length);
      expect(await lines()).toEqual(all);
      await source.close();
      await server.close();
    }),
    { numRuns: 40 },
  );
});
