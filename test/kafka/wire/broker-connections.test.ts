import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { KafkaClient } from '../../../src/kafka/kafka-client.ts';

/** What an old broker answers up to the password: it lists the requests that it takes, and agrees on a mechanism. */
function answerUpToPassword(socket: net.Socket): void {
  const answers: Readonly<Record<number, readonly number[]>> = {
    18: [0, 0, 0, 0, 0, 2, 0, 18, 0, 0, 0, 2, 0, 17, 0, 0, 0, 1, 0, 0, 0, 0], // no error; ApiVersions up to 2, SaslHandshake up to 1
    17: [0, 0, 0, 0, 0, 1, 0, 5, ...Buffer.from('PLAIN')],
  };
  socket.on('data', (request) => {
    const answer = request.length < 12 ? undefined : answers[request.readInt16BE(4)];
    if (answer === undefined) return;
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + answer.length);
    socket.write(Buffer.concat([length, request.subarray(8, 12), Uint8Array.from(answer)]));
  });
}

describe('a connection to a broker', () => {
  let server: net.Server;
  let onConnection: (socket: net.Socket) => void;
  const sockets = new Set<net.Socket>();

  beforeEach(async () => {
    server = net.createServer((socket) => {
      sockets.add(socket.on('error', () => {}));
      onConnection(socket);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  it.each([
    ['hangs up before TLS is agreed on', true, (socket: net.Socket) => void socket.end()],
    ['never agrees on TLS', true, () => {}],
    ['hangs up on the first request', false, (socket: net.Socket) => void socket.once('data', () => socket.end())],
    ['never answers', false, () => {}],
  ])(
    'gives an error where the broker %s',
    async (_, ssl, behaviour) => {
      onConnection = behaviour;
      const { port } = server.address() as net.AddressInfo;
      const options = { bootstrapServers: [`127.0.0.1:${port}`], ssl, requestTimeout: 300, retryTimeout: 1 } as const;
      const client = new KafkaClient(options, systemClock);
      await expect(client.describe('all')).rejects.toThrow(TransientError);
      await client.close();
    },
    10_000,
  );

  // Here kafkajs itself would wait for ever.
  it('gives an error where the broker says nothing to the password', async () => {
    onConnection = answerUpToPassword;
    const { port } = server.address() as net.AddressInfo;
    const sasl = { mechanism: 'plain', username: 'someone', password: 'secret' } as const;
    const options = { bootstrapServers: [`127.0.0.1:${port}`], sasl, requestTimeout: 300, retryTimeout: 1 };
    const client = new KafkaClient(options, systemClock);
    await expect(client.describe('all')).rejects.toThrow('none in 600 ms');
    await client.close();
  }, 10_000);
});
