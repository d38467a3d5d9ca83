import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '../../../src/errors.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { KafkaClient } from '../../../src/kafka/kafka-client.ts';

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
});
