import * as net from 'node:net';

/** Lines that are sent before an answer is awaited. */
const LINES_AT_ONCE = 10;

/**
 * Publishes lines to a client that answers with how many it has taken, and then forgets them: it can't send them again. Lines
 * without an answer when the connection ends are sent again, and may then have been taken twice.
 */
export class AcknowledgedPublisher {
  readonly maybeTwice = new Set<string>();
  readonly #lines: readonly string[];
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  /** How many lines were answered for. */
  #taken = 0;
  #tell: () => void = () => {};

  private constructor(lines: readonly string[], server: net.Server) {
    this.#lines = lines;
    this.#server = server;
    server.on('connection', (socket) => void this.#serve(socket));
  }

  /** `lines` may grow; `more` tells of it. */
  static async listen(lines: readonly string[]): Promise<AcknowledgedPublisher> {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new AcknowledgedPublisher(lines, server);
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port;
  }

  more(): void {
    this.#tell();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sends some lines, waits for the answer, and so on until the client goes. */
  async #serve(socket: net.Socket): Promise<void> {
    this.#sockets.add(socket);
    socket.on('error', () => {}); // 'close' follows
    const gone = new Promise<'gone'>((resolve) => socket.once('close', () => resolve('gone')));
    const answers = socket[Symbol.asyncIterator]();
    for (;;) {
      const sent = this.#lines.slice(this.#taken, this.#taken + LINES_AT_ONCE);
      if (sent.length === 0) {
        const more = new Promise<void>((resolve) => {
          this.#tell = resolve;
        });
        if ((await Promise.race([more, gone])) === 'gone') break;
        continue;
      }
      socket.write(`${sent.join('\n')}\n`);
      const answered = await answersFor(answers, sent.length);
      this.#taken += answered;
      if (answered < sent.length) {
        for (const line of sent.slice(answered)) this.maybeTwice.add(line);
        break;
      }
    }
    this.#sockets.delete(socket);
  }
}

/** Reads one byte for each line that was taken, `most` of them, or fewer where the connection ends. */
async function answersFor(answers: AsyncIterator<Buffer>, most: number): Promise<number> {
  let count = 0;
  while (count < most) {
    const { done, value } = await answers.next().catch(() => ({ done: true, value: undefined }) as const);
    if (done) break;
    count += value.length;
  }
  return count;
}
