import * as net from 'node:net';
import { type Clock, systemClock, UsageError } from '../index.ts';
import { checkRate, linesOf, pacedLines } from './paced-lines.ts';

export interface LinePublisherOptions {
  /** Default 127.0.0.1: nobody but this machine. */
  readonly host?: string;
  /** 0 takes any that is free. Default 0. */
  readonly port?: number;
  /** Whether a file's header is sent too: a first line without a number, before one with a number. Default false. */
  readonly withHeader?: boolean;
  /** Lines that each client gets a second. Default: as fast as the client reads. */
  readonly rowsPerSecond?: number;
  /** Whether to begin again at the end of the lines, for ever. Default false. */
  readonly repeat?: boolean;
  /** Whether a client first sends a line with the number of lines that it has, and gets those that follow. Default false. */
  readonly resume?: boolean;
  /** Whether to stop listening once a client has had all lines. Default false. */
  readonly once?: boolean;
  readonly clock?: Clock;
}

/** Lines that are written together. */
const LINES_PER_WRITE = 500;

/**
 * Publishes lines of text over TCP, as `nc -lk` does. Each client gets all of them, from the first, and at the end the
 * connection is closed. A client that reads slowly is sent to slowly.
 *
 *     const publisher = await LinePublisher.listen('flights.csv', { rowsPerSecond: 1000 });
 *     publisher.port; // what clients connect to
 */
export class LinePublisher {
  readonly host: string;
  /** What clients connect to; the chosen one where the option was 0. */
  readonly port: number;
  readonly #lines: Iterable<string>;
  readonly #options: LinePublisherOptions;
  readonly #clock: Clock;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #closed: Promise<void>;

  private constructor(server: net.Server, lines: Iterable<string>, options: LinePublisherOptions) {
    const { address, port } = server.address() as net.AddressInfo;
    this.host = address;
    this.port = port;
    this.#lines = lines;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#server = server;
    this.#closed = new Promise((resolve) => server.once('close', resolve));
    server.on('connection', (socket) => void this.#serve(socket));
  }

  /**
   * Begins to listen. `lines` is a file, or anything that gives the same lines each time it is iterated. Throws
   * `UsageError` where there is no such file, the port is taken, or an option out of range.
   */
  static async listen(lines: string | Iterable<string>, options: LinePublisherOptions = {}): Promise<LinePublisher> {
    const { host = '127.0.0.1', port = 0, rowsPerSecond, withHeader = false } = options;
    checkRate(rowsPerSecond);
    if (!(Number.isInteger(port) && port >= 0 && port <= 65535)) {
      throw new UsageError('bad-option', `publish: expected a port from 0 to 65535, got ${port}`);
    }
    const published = typeof lines === 'string' ? await linesOf(lines, withHeader) : lines;
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'the port is taken; choose another' : cause.message;
        reject(new UsageError('bad-option', `publish: can't listen on ${host}:${port} (${why})`, { cause }));
      });
      server.listen(port, host, resolve);
    });
    return new LinePublisher(server, published, options);
  }

  /** Resolves when the publisher has been closed and the last connection is gone. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  /** Stops listening and breaks the connections off. Harmless when called twice. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    this.#server.close();
    await this.#closed;
  }

  /** One client, from its connection to its end. */
  async #serve(socket: net.Socket): Promise<void> {
    const gone = new AbortController();
    this.#sockets.add(socket);
    socket.on('error', () => {}); // a client that leaves is nobody's error; 'close' follows
    socket.once('close', () => {
      this.#sockets.delete(socket);
      gone.abort();
    });
    const { signal } = gone;
    const skip = this.#options.resume ? await linesAlreadyThere(socket) : 0;
    if (skip === undefined) return void socket.destroy();
    if (!this.#options.resume) socket.resume(); // whatever a client says is not listened to, and its end is noticed
    await this.#send(socket, skip, signal);
    if (signal.aborted) return;
    socket.end();
    if (this.#options.once) this.#server.close();
  }

  async #send(socket: net.Socket, skip: number, signal: AbortSignal): Promise<void> {
    const { rowsPerSecond, repeat } = this.#options;
    const pace = { rowsPerSecond, repeat, skip, linesPerChunk: LINES_PER_WRITE };
    for await (const chunk of pacedLines(this.#lines, pace, this.#clock, signal)) {
      if (!socket.write(`${chunk.join('\n')}\n`)) await drained(socket);
    }
  }
}

/** Resolves when the socket takes more, or takes nothing any more. */
function drained(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}

/** The number in the client's first line; undefined where it is none, or the client leaves before. */
function linesAlreadyThere(socket: net.Socket): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (text.includes('\n')) resolve(/^\d{1,15}\r?\n/.test(text) ? Number.parseInt(text, 10) : undefined);
      else if (text.length > 32) resolve(undefined);
    });
    socket.once('close', () => resolve(undefined));
  });
}
