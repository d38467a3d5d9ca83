import * as fs from 'node:fs/promises';
import * as net from 'node:net';
import { type Clock, messageOf, splitLines, systemClock, UsageError } from '../index.ts';

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
/** With a rate, the pause between two writes. */
const PAUSE_MS = 10;

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
    if (rowsPerSecond !== undefined && !(rowsPerSecond > 0)) {
      throw new UsageError('bad-option', `publish: expected a rate above 0 rows a second, got ${rowsPerSecond}`);
    }
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
    const { rowsPerSecond = Number.POSITIVE_INFINITY } = this.#options;
    const lines = this.#linesFrom(skip);
    const startedAt = this.#clock.now();
    for (let sent = 0; !signal.aborted; ) {
      const due = Math.floor(((this.#clock.now() - startedAt) / 1000) * rowsPerSecond) + 1;
      const chunk = take(
        lines,
        rowsPerSecond === Number.POSITIVE_INFINITY ? LINES_PER_WRITE : Math.min(due - sent, LINES_PER_WRITE),
      );
      if (chunk === undefined) return;
      sent += chunk.length;
      if (chunk.length > 0 && !socket.write(`${chunk.join('\n')}\n`)) await drained(socket);
      const next = startedAt + (sent / rowsPerSecond) * 1000;
      if (next > this.#clock.now()) {
        await this.#clock.sleepUntil(Math.max(next, this.#clock.now() + PAUSE_MS), signal);
      }
    }
  }

  *#linesFrom(skip: number): Generator<string> {
    let position = 0;
    do {
      const before = position;
      for (const line of this.#lines) if (position++ >= skip) yield line;
      if (position === before) return; // nothing to repeat
    } while (this.#options.repeat);
  }
}

async function linesOf(file: string, withHeader: boolean): Promise<readonly string[]> {
  const text = await fs.readFile(file, 'utf8').catch((cause) => {
    throw new UsageError('not-found', `publish: can't read ${file} (${messageOf(cause)})`, { cause });
  });
  const all = splitLines(text);
  const hasHeader = all.length > 1 && !hasNumber(all[0]!) && hasNumber(all[1]!);
  return hasHeader && !withHeader ? all.slice(1) : all;
}

function hasNumber(line: string): boolean {
  return line.split(',').some((field) => field.trim() !== '' && Number.isFinite(Number(field)));
}

/** The next lines, at most `count`; undefined where there are no more. */
function take(lines: Iterator<string>, count: number): string[] | undefined {
  const taken: string[] = [];
  while (taken.length < count) {
    const { done, value } = lines.next();
    if (done) return taken.length === 0 ? undefined : taken;
    taken.push(value);
  }
  return taken;
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
