import { once } from 'node:events';
import * as net from 'node:net';
import { type Random, seededRandom } from '../../src/host/random.ts';

/** Chances, for each piece of bytes that comes along. */
const [HANG_UP, RESET, CUT_SHORT] = [0.02, 0.02, 0.02];

/** A relay between clients and a broker that breaks connections at random while it is `bad`, in the midst of requests and answers too. */
export class BadNetwork {
  bad = false;
  /** Connections broken so far. */
  broken = 0;
  readonly #server: net.Server;
  readonly #random: Random;
  readonly #open = new Set<net.Socket>();
  #brokerPort = 0;

  private constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.#server = net.createServer((client) => this.#relay(client));
  }

  static async listening(seed: number): Promise<BadNetwork> {
    const network = new BadNetwork(seed);
    await once(network.#server.listen(0, '127.0.0.1'), 'listening');
    return network;
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Gives the port under which the broker is reached through here. */
  leadTo(brokerPort: number): number {
    this.#brokerPort = brokerPort;
    return this.port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#open) socket.destroy();
  }

  #relay(client: net.Socket): void {
    const broker = net.connect(this.#brokerPort, '127.0.0.1');
    for (const [from, to] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#open.add(from);
      from.setNoDelay(true);
      from.on('error', () => {});
      from.on('data', (bytes) => this.#pass(bytes, from, to));
      from.on('close', () => {
        this.#open.delete(from);
        to.destroy();
      });
    }
  }

  #pass(bytes: Buffer, from: net.Socket, to: net.Socket): void {
    if (to.destroyed) return;
    const chance = this.bad ? this.#random.next() : 1;
    if (chance >= HANG_UP + RESET + CUT_SHORT) return void to.write(bytes);
    this.broken++;
    from.pause();
    if (chance < HANG_UP) to.end();
    else if (chance < HANG_UP + RESET) to.resetAndDestroy();
    else to.end(bytes.subarray(0, Math.floor(this.#random.next() * bytes.length)));
  }
}
