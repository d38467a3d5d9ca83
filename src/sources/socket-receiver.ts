import * as net from 'node:net';
import { UsageError } from '../errors.ts';
import { Receiver } from './receiver.ts';

/** Makes records of the bytes of one connection, some at a time. What it throws ends the connection. */
export type SocketConverter<T> = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<readonly T[]>;

/** A converter that gives each record by itself, as one for the receiver. */
export async function* oneByOne<T>(records: AsyncIterable<T>): AsyncGenerator<readonly T[]> {
  for await (const record of records) yield [record];
}

export interface ConnectionOptions {
  /** What to do when the sender closes: connect again, as Spark does, or let the stream end there. Default `reconnect`. */
  readonly onEnd?: 'reconnect' | 'end';
  /** How often in a row connecting may fail before the batch fails. Default: no end of trying, as in Spark. */
  readonly connectAttempts?: number;
  /**
   * Whether to tell the sender, in a first line, how many records are already here, so that it goes on from there. With such
   * a sender (`millrace publish --resume`) nothing is lost or doubled by a broken connection or a killed process.
   * Default false: what `nc -lk` sends while nobody listens is gone.
   */
  readonly resume?: boolean;
}

/** Receives from a TCP server. It reads on when its records are stored, so a sender that is too fast is slowed down. */
export class SocketReceiver<T> extends Receiver<T> {
  readonly #host: string;
  readonly #port: number;
  readonly #convert: SocketConverter<T>;
  readonly #onEnd: 'reconnect' | 'end';
  readonly #connectAttempts: number;
  readonly #resume: boolean;
  #socket: net.Socket | undefined;
  /** Attempts in a row that did not connect. */
  #failures = 0;

  /** `who` is what messages call the method that the program called. */
  constructor(who: string, host: string, port: number, convert: SocketConverter<T>, options: ConnectionOptions) {
    super();
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new UsageError('bad-option', `${who}: expected a port from 1 to 65535, got ${port}`);
    }
    this.#host = host;
    this.#port = port;
    this.#convert = convert;
    this.#onEnd = options.onEnd ?? 'reconnect';
    this.#connectAttempts = checkedAttempts(who, options.connectAttempts);
    this.#resume = options.resume ?? false;
  }

  async onStart(): Promise<void> {
    const socket = net.connect(this.#port, this.#host);
    this.#socket = socket;
    this.#failures++;
    socket.once('connect', () => {
      this.#failures = 0;
      if (this.#resume) socket.write(`${this.numReceived}\n`);
    });
    try {
      for await (const records of this.#convert(socket)) await this.storeAll(records);
      this.#hasEnded();
    } catch (error) {
      this.#hasFailed(error as NodeJS.ErrnoException);
    }
  }

  onStop(): void {
    this.#socket?.destroy();
  }

  #hasEnded(): void {
    const message = 'Socket data stream had no more data';
    if (this.#onEnd === 'end') this.stop(message);
    else this.restart(message);
  }

  #hasFailed(error: NodeJS.ErrnoException): void {
    const problem = error.code === 'ECONNREFUSED' ? 'connection refused' : error.message;
    if (this.#failures === 0) this.restart('Error receiving data', error);
    else if (this.#failures < this.#connectAttempts) this.restart(problem);
    else this.stop(`${problem} after ${this.#failures} attempts; is anything listening there?`, error);
  }
}

function checkedAttempts(who: string, attempts = Number.POSITIVE_INFINITY): number {
  if (attempts === Number.POSITIVE_INFINITY || (Number.isSafeInteger(attempts) && attempts >= 1)) return attempts;
  throw new UsageError('bad-option', `${who}: expected at least 1 of connectAttempts, got ${attempts}`);
}
