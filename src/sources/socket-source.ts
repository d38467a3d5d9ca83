import * as net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { Source } from '../contracts/source.ts';
import { TransientError, UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { checkedLimits, type RecordLimits, withinLimits } from './record-limits.ts';

/** Lines that wait in memory before the socket is no longer read, so that a fast sender is slowed down instead. */
const MAX_WAITING_LINES = 1_000_000;

export interface SocketOptions extends RecordLimits {
  /** What to do when the sender closes: connect again, as Spark does, or let the stream end there. Default `reconnect`. */
  readonly onEnd?: 'reconnect' | 'end';
  /** Pause before connecting again. Default 2000 ms, Spark's. */
  readonly reconnectDelay?: Duration;
  /** How often in a row a connection may fail before the batch fails. Default: no end of trying, as in Spark. */
  readonly connectAttempts?: number;
  /**
   * Whether to tell the sender, in a first line, how many lines are already here, so that it goes on from there. With such
   * a sender (`millrace publish --resume`) no line is lost or doubled by a broken connection or a killed process.
   * Default false: what `nc -lk` sends while nobody listens is gone.
   */
  readonly resume?: boolean;
}

/**
 * Lines of UTF-8 text from a TCP server. The offset is the number of lines received. A socket can't be asked again, so the
 * engine logs the lines of each batch with its plan.
 */
export class SocketSource implements Source<string> {
  readonly replayable = false;
  readonly #host: string;
  readonly #port: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: Required<RecordLimits>;
  readonly #reconnectDelayMs: number;
  readonly #connectAttempts: number;
  readonly #onEnd: 'reconnect' | 'end';
  readonly #resume: boolean;
  readonly #closing = new AbortController();

  /** Lines that are not yet committed; the first has the number `#firstLine`. */
  #lines: string[] = [];
  #firstLine = 0;
  #socket: net.Socket | undefined;
  #receiving: Promise<void> = Promise.resolve();
  #ended = false;
  #failure: TransientError | undefined;

  constructor(host: string, port: number, clock: Clock, log: Log, options: SocketOptions = {}) {
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new UsageError('bad-option', `socketTextStream: expected a port from 1 to 65535, got ${port}`);
    }
    this.#host = host;
    this.#port = port;
    this.#clock = clock;
    this.#log = log;
    this.#limits = checkedLimits('socketTextStream', options);
    this.#reconnectDelayMs = toMilliseconds(options.reconnectDelay ?? 2000, 'reconnectDelay');
    this.#connectAttempts = options.connectAttempts ?? Number.POSITIVE_INFINITY;
    this.#onEnd = options.onEnd ?? 'reconnect';
    this.#resume = options.resume ?? false;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    this.#firstLine = (from as number | undefined) ?? 0;
    this.#receiving = this.#receive();
    return this.#firstLine;
  }

  async plan(start: Offset): Promise<Offset> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = this.#received - (start as number);
    return (start as number) + withinLimits(waiting, this.#ended, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<string>> {
    const lines = this.#lines.slice((start as number) - this.#firstLine, (end as number) - this.#firstLine);
    return Batch.of(lines);
  }

  async commit(end: Offset): Promise<void> {
    this.#lines.splice(0, (end as number) - this.#firstLine);
    this.#firstLine = Math.max(this.#firstLine, end as number);
    if (this.#lines.length < MAX_WAITING_LINES) this.#socket?.resume();
  }

  endedAt(offset: Offset): boolean {
    return this.#ended && offset === this.#received;
  }

  async stopReceiving(): Promise<void> {
    this.#closing.abort();
    this.#socket?.destroy();
    await this.#receiving;
    this.#ended = true;
  }

  async close(): Promise<void> {
    await this.stopReceiving();
  }

  get #received(): number {
    return this.#firstLine + this.#lines.length;
  }

  /** Connects and receives, again and again, until the stream ends or the source is closed. */
  async #receive(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      const problem = await this.#receiveOnce();
      if (signal.aborted) return;
      if (problem === undefined && this.#onEnd === 'end') {
        this.#ended = true;
        return;
      }
      failures = problem === undefined ? 0 : failures + 1;
      const name = `socket ${this.#host}:${this.#port}`;
      if (failures >= this.#connectAttempts) {
        this.#failure = new TransientError(
          'unreachable',
          `${name}: ${problem} after ${failures} attempts; is anything listening there?`,
        );
        return;
      }
      this.#log.warn(
        `${name}: ${problem ?? 'Socket data stream had no more data'}; connecting again in ${this.#reconnectDelayMs} ms`,
      );
      await this.#clock.sleepUntil(this.#clock.now() + this.#reconnectDelayMs, signal);
    }
  }

  /** One connection, from its beginning to its end. Says what went wrong, or nothing where the sender just closed. */
  #receiveOnce(): Promise<string | undefined> {
    return new Promise((resolve) => {
      const socket = net.connect(this.#port, this.#host);
      const decoder = new StringDecoder('utf8');
      let unfinished = '';
      let problem: string | undefined;
      this.#socket = socket;
      socket.once('connect', () => {
        if (this.#resume) socket.write(`${this.#received}\n`);
      });
      socket.on('data', (bytes) => {
        const lines = (unfinished + decoder.write(bytes)).split('\n');
        unfinished = lines.pop()!;
        for (const line of lines) this.#lines.push(line.endsWith('\r') ? line.slice(0, -1) : line);
        if (this.#lines.length >= MAX_WAITING_LINES) socket.pause();
      });
      socket.once('end', () => {
        // A sender that can resume gives an unfinished line again whole.
        if (unfinished !== '' && !this.#resume) this.#lines.push(unfinished);
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        problem = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
      });
      socket.once('close', () => resolve(problem));
    });
  }
}
