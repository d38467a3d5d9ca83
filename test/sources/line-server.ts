import { on, once } from 'node:events';
import * as net from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Source } from '../../src/contracts/source.ts';
import { unlimited } from './unlimited.ts';

/** A TCP server on 127.0.0.1 whose every word a test says itself. */
export class LineServer {
  readonly port: number;
  readonly #server: net.Server;
  readonly #connections: AsyncIterator<[net.Socket]>;
  readonly #clients: net.Socket[] = [];

  private constructor(server: net.Server) {
    this.#server = server;
    this.port = (server.address() as net.AddressInfo).port;
    this.#connections = on(server, 'connection') as AsyncIterator<[net.Socket]>;
    server.on('connection', (client) => {
      this.#clients.push(client.setNoDelay(true).on('error', () => {}));
    });
    onTestFinished(() => this.close());
  }

  static async listen(port = 0): Promise<LineServer> {
    const server = net.createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return new LineServer(server);
  }

  /** How many have connected so far. */
  get connections(): number {
    return this.#clients.length;
  }

  /** Each client once, in the order in which they connect. */
  async nextClient(): Promise<net.Socket> {
    const { value } = await this.#connections.next();
    return value[0];
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** A port at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = await LineServer.listen();
  await server.close();
  return server.port;
}

/** Sends the rest and hangs up; resolves when the other side has read everything and hung up too. */
export async function hangUp(client: net.Socket, rest: string | Uint8Array = ''): Promise<void> {
  client.resume().end(rest);
  await once(client, 'close');
}

/** The event loop has turned so often: whatever could be read from a socket has been. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

/** Resolves when an opened source has received so many lines. */
export async function received(source: Source<string>, lines: number): Promise<void> {
  while (((await source.plan(0, unlimited)) as number) < lines) await turns(1);
}

/** The error that planning a batch ends with, once it does. */
export async function failureOf(source: Source<string>, from = 0): Promise<unknown> {
  for (;;) {
    try {
      await source.plan(from, unlimited);
    } catch (error) {
      return error;
    }
    await turns(1);
  }
}
