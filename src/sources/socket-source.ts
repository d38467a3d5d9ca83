import * as net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { PlanRequest, Source } from '../contracts/source.ts';
import { TransientError, UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { checkedLimits, type RecordLimits, withinLimits } from './record-limits.ts';

/** Lines that wait in memory before the socket is no longer read, so that a fast sender is slowed down instead. */
const MAX_WAITING_LINES = 1_000_000;

/** A line that is longer, in UTF-16 units, breaks the connection: something else than lines is being sent. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

export interface SocketOptions extends RecordLimits {
  /** What to do when the sender closes: connect again, as Spark does, or let the stream end there. Default `reconnect`. */
  readonly onEnd?: 'reconnect' | 'end';
  /** Pause before connecting again. Default 2000 ms, Spark's. */
  readonly reconnectDelay?: Duration;
  /** How often in a row connecting may fail before the batch fails. Default: no end of trying, as in Spark. */
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
  readonly #maxWaitingLines: number;
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
    this.#maxWaitingLines = Math.max(MAX_WAITING_LINES, this.#limits.minRecordsPerBatch);
    this.#reconnectDelayMs = toMilliseconds(options.reconnectDelay ?? 2000, 'reconnectDelay');
    this.#connectAttempts = checkedAttempts(options.connectAttempts);
    this.#onEnd = options.onEnd ?? 'reconnect';
    this.#resume = options.resume ?? false;
  }

  async open(from: Offset | undefined): Promise<Offset> {
    this.#firstLine = (from as number | undefined) ?? 0;
    this.#receiving = this.#receive();
    return this.#firstLine;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const waiting = this.#received - (start as number);
    if (waiting === 0 && this.#failure !== undefined) throw this.#failure;
    const over = this.#ended || this.#failure !== undefined;
    return (start as number) + withinLimits(waiting, over, maxRecords, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<string>> {
    const lines = this.#lines.slice((start as number) - this.#firstLine, (end as number) - this.#firstLine);
    return Batch.of(lines);
  }

  async commit(end: Offset): Promise<void> {
    this.#lines.splice(0, (end as number) - this.#firstLine);
    this.#firstLine = Math.max(this.#firstLine, end as number);
    if (this.#lines.length < this.#maxWaitingLines) this.#socket?.resume();
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
    const name = `socket ${this.#host}:${this.#port}`;
    for (let failures = 0; !signal.aborted; ) {
      const { connected, problem } = await this.#receiveOnce();
      if (signal.aborted) return;
      if (problem === undefined && this.#onEnd === 'end') {
        this.#ended = true;
        return;
      }
      failures = connected ? 0 : failures + 1;
      if (failures >= this.#connectAttempts) {
        this.#failure = new TransientError(
          'unreachable',
          `${name}: ${problem} after ${failures} attempts; is anything listening there?`,
        );
        return;
      }
      const why = problem ?? 'Socket data stream had no more data';
      this.#log.warn(`${name}: ${why}; connecting again in ${this.#reconnectDelayMs} ms`);
      await this.#clock.sleepUntil(this.#clock.now() + this.#reconnectDelayMs, signal);
    }
  }

  /** One connection, from its beginning to its end. */
  #receiveOnce(): Promise<ConnectionEnd> {
    return new Promise((resolve) => {
      const socket = net.connect(this.#port, this.#host);
      const decoder = new StringDecoder('utf8');
      let connected = false;
      let problem: string | undefined;
      let unfinished = '';
      this.#socket = socket;
      socket.once('connect', () => {
        connected = true;
        if (this.#resume) socket.write(`${this.#received}\n`);
      });
      socket.on('data', (bytes) => {
        const [first = '', ...others] = decoder.write(bytes).split('\n');
        const lines = [unfinished + first, ...others];
        unfinished = lines.pop()!;
        for (const line of lines) this.#lines.push(withoutCarriageReturn(line));
        if (this.#lines.length >= this.#maxWaitingLines) socket.pause();
        if (unfinished.length > MAX_LINE_LENGTH) socket.destroy(new Error(`a line is longer than ${MAX_LINE_LENGTH}`));
      });
      socket.once('end', () => {
        unfinished += decoder.end();
        if (unfinished === '') return;
        // A sender that can resume gives an unfinished line again, whole; it would not end in the middle of one.
        if (this.#resume) problem = 'the connection broke off in the middle of a line';
        else this.#lines.push(withoutCarriageReturn(unfinished));
      });
      socket.once('error', (error: NodeJS.ErrnoException) => {
        problem = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
      });
      socket.once('close', () => resolve({ connected, problem }));
    });
  }
}

/** How a connection came to its end. */
interface ConnectionEnd {
  readonly connected: boolean;
  /** Absent where the sender just closed. */
  readonly problem: string | undefined;
}

/** Lines may end in `\r\n`. */
function withoutCarriageReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function checkedAttempts(attempts = Number.POSITIVE_INFINITY): number {
  if (attempts === Number.POSITIVE_INFINITY || (Number.isSafeInteger(attempts) && attempts >= 1)) return attempts;
  throw new UsageError('bad-option', `socketTextStream: expected at least 1 of connectAttempts, got ${attempts}`);
}
