import { Batch } from '../batch/batch.ts';
import { type Duration, toMilliseconds } from '../batch/duration.ts';
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { ReceiverInfo, ReceiverListener } from '../contracts/receiver-listener.ts';
import type { PlanRequest, ReceiverJournal, Source } from '../contracts/source.ts';
import { MillraceError, messageOf, TransientError, UsageError } from '../errors.ts';
import { type Clock, resolvedBy } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { Receiver, ReceiverSupervisor } from './receiver.ts';
import { checkedLimits, type RecordLimits, withinLimits } from './record-limits.ts';

export interface ReceiverOptions extends RecordLimits {
  /** Records that wait in memory before `store` makes its caller wait, at least 1. Default 1,000,000. */
  readonly maxWaitingRecords?: number;
  /** Pause before a receiver is started again. Default 2000 ms, Spark's. */
  readonly restartDelay?: Duration;
}

/** How long a receiver's `onStart` may take to end after its `onStop`. */
const STOP_WAIT_MS = 10_000;

/** How a source calls its receiver. */
export interface ReceiverNames {
  /** In messages. */
  readonly name: string;
  /** In the checkpoint. */
  readonly streamId: string;
}

/**
 * What a receiver stores, as a source. The offset is the number of records. With a write-ahead log a record counts when it is
 * in the journal, and can then be read again, also after a crash; without one, the engine logs the records of each batch with
 * its plan.
 */
export class ReceiverSource<T> implements Source<T>, ReceiverSupervisor<T> {
  readonly streamId: string;
  readonly #name: string;
  readonly #receiver: Receiver<T>;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: Required<RecordLimits>;
  readonly #maxWaitingRecords: number;
  readonly #restartDelayMs: number;
  readonly #closing = new AbortController();
  #append: ReceiverJournal['append'];

  /** Records that are safe and not yet committed; the first has the number `#first`. */
  #records: T[] = [];
  #first = 0;
  /** The number of the next record that comes; those before it may still be on their way to the disk. */
  #next = 0;

  #started = false;
  /** Also while the receiver is being stopped. */
  #accepts = false;
  #running: Promise<void> = Promise.resolve();
  /** The stop or restart under way. */
  #turning: Promise<void> = Promise.resolve();
  #lastStored: Promise<void> = Promise.resolve();
  #waiting: { readonly room: Promise<void>; readonly tell: () => void } | undefined;
  #ended = false;
  #listener: ReceiverListener = {};
  #lastError: Pick<ReceiverInfo, 'lastErrorMessage' | 'lastError' | 'lastErrorTime'> = {};
  #failure: MillraceError | undefined;

  constructor(receiver: Receiver<T>, names: ReceiverNames, clock: Clock, log: Log, options: ReceiverOptions = {}) {
    this.streamId = names.streamId;
    this.#name = names.name;
    this.#receiver = receiver;
    this.#clock = clock;
    this.#log = log;
    this.#limits = checkedLimits(names.name, options);
    const { maxWaitingRecords = 1_000_000, restartDelay = 2000 } = options;
    if (!(maxWaitingRecords >= 1)) {
      throw new UsageError('bad-option', `${names.name}: expected maxWaitingRecords ≥ 1, got ${maxWaitingRecords}`);
    }
    this.#maxWaitingRecords = Math.max(maxWaitingRecords, this.#limits.minRecordsPerBatch);
    this.#restartDelayMs = toMilliseconds(restartDelay, 'restartDelay');
    receiver.attachSupervisor(this);
  }

  /** Tells a listener, from now on, when the receiver starts, fails and stops. */
  toldTo(listener: ReceiverListener): this {
    this.#listener = listener;
    return this;
  }

  // As a source

  get replayable(): boolean {
    return this.#append !== undefined;
  }

  async open(from: Offset | undefined, journal?: ReceiverJournal): Promise<Offset> {
    const begin = (from as number | undefined) ?? 0;
    this.#append = journal?.append;
    this.#first = journal?.kept?.start ?? begin;
    this.#records = [...((journal?.kept?.records ?? []) as readonly T[])];
    this.#next = this.numReceived;
    this.#start();
    return begin;
  }

  async plan(start: Offset, { maxRecords }: PlanRequest): Promise<Offset> {
    const waiting = this.numReceived - (start as number);
    if (waiting === 0 && this.#failure !== undefined) throw this.#failure;
    const over = this.#ended || this.#failure !== undefined;
    return (start as number) + withinLimits(waiting, over, maxRecords, this.#limits);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<T>> {
    return Batch.of(this.#records.slice((start as number) - this.#first, (end as number) - this.#first));
  }

  async commit(end: Offset): Promise<void> {
    this.#records.splice(0, (end as number) - this.#first);
    this.#first = Math.max(this.#first, end as number);
    if (this.#hasRoom) this.#letStore();
  }

  endedAt(offset: Offset): boolean {
    return this.#ended && offset === this.numReceived;
  }

  async stopReceiving(): Promise<void> {
    this.#closing.abort();
    await this.#turning;
    await this.#end();
    this.#ended = true;
  }

  async close(): Promise<void> {
    await this.stopReceiving();
  }

  // As the receiver's supervisor

  get started(): boolean {
    return this.#started;
  }

  get numReceived(): number {
    return this.#first + this.#records.length;
  }

  async store(records: readonly T[]): Promise<void> {
    if (!this.#accepts) {
      const message = `${this.#name}: Cannot add data as the receiver has not been started or has been stopped`;
      throw new UsageError('bad-state-of-context', message);
    }
    this.#lastStored = this.#write(records);
    try {
      await this.#lastStored;
    } catch (error) {
      this.stop(`can't write down what was received (${messageOf(error)})`, error);
      throw error;
    }
    if (!this.#hasRoom && this.#started) await this.#untilRoom();
  }

  reportError(message: string, error: unknown): void {
    this.#log.warn(`${this.#name}: ${withCause(message, error)}`);
    this.#tellError(message, error);
  }

  restart(message: string, error: unknown, delayMs = this.#restartDelayMs): void {
    if (!this.#started) return;
    this.#log.warn(`${this.#name}: ${withCause(message, error)}; trying again in ${delayMs} ms`);
    this.#tellError(message, error);
    this.#turning = this.#startAgainAt(this.#clock.now() + delayMs);
  }

  stop(message: string, error?: unknown): void {
    if (!this.#started) return;
    if (error !== undefined) {
      this.#failure = failureOf(error, `${this.#name}: ${message}`);
      this.#tellError(message, error);
    }
    this.#turning = this.#end().then(() => {
      this.#ended = error === undefined;
    });
  }

  #start(): void {
    this.#started = true;
    this.#accepts = true;
    void this.#listener.onReceiverStarted?.(this.#info);
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      await this.#receiver.onStart();
    } catch (error) {
      this.stop(`the receiver failed: ${messageOf(error)}`, error);
    }
  }

  async #startAgainAt(time: number): Promise<void> {
    await this.#end();
    await this.#clock.sleepUntil(time, this.#closing.signal);
    if (!this.#closing.signal.aborted) this.#start();
  }

  /** Ends receiving; what was stored until then is safe. */
  async #end(): Promise<void> {
    if (!this.#started) return;
    this.#started = false;
    this.#letStore();
    try {
      await this.#receiver.onStop();
    } catch (error) {
      this.reportError('onStop failed', error);
    }
    if (!(await resolvedBy(this.#clock.now() + STOP_WAIT_MS, this.#running, this.#clock))) {
      this.#log.warn(`${this.#name}: onStart has not ended ${STOP_WAIT_MS} ms after onStop; going on without it`);
    }
    this.#accepts = false;
    await this.#lastStored.catch(() => {});
    void this.#listener.onReceiverStopped?.(this.#info);
  }

  #tellError(message: string, error: unknown): void {
    const cause = error === undefined ? {} : { lastError: messageOf(error) };
    this.#lastError = { lastErrorMessage: message, ...cause, lastErrorTime: this.#clock.now() };
    void this.#listener.onReceiverError?.(this.#info);
  }

  get #info(): ReceiverInfo {
    return { streamId: this.streamId, name: this.#name, active: this.#started, ...this.#lastError };
  }

  async #write(records: readonly T[]): Promise<void> {
    if (this.#append !== undefined) {
      const written = this.#append({ start: this.#next, records: records as readonly Offset[] });
      this.#next += records.length;
      await written;
    }
    for (const record of records) this.#records.push(record);
  }

  get #hasRoom(): boolean {
    return this.#records.length < this.#maxWaitingRecords;
  }

  #untilRoom(): Promise<void> {
    if (this.#waiting === undefined) {
      let tell = () => {};
      const room = new Promise<void>((resolve) => {
        tell = resolve;
      });
      this.#waiting = { room, tell };
    }
    return this.#waiting.room;
  }

  #letStore(): void {
    this.#waiting?.tell();
    this.#waiting = undefined;
  }
}

function withCause(message: string, error: unknown): string {
  return error === undefined ? message : `${message} (${messageOf(error)})`;
}

function failureOf(error: unknown, message: string): MillraceError {
  return error instanceof MillraceError ? error : new TransientError('unreachable', message, { cause: error });
}
