import { UsageError } from '../errors.ts';

/** What a receiver asks of the stream that runs it. */
export interface ReceiverSupervisor<T> {
  readonly streamId: string;
  readonly numReceived: number;
  readonly started: boolean;
  store(records: readonly T[]): Promise<void>;
  reportError(message: string, error: unknown): void;
  restart(message: string, error: unknown, delayMs: number | undefined): void;
  stop(message: string, error: unknown): void;
}

/**
 * Spark's Receiver: takes what others send, and stores it as records. To write one, extend it and give `onStart` and `onStop`;
 * to use it, `context.receiverStream(receiver)`.
 *
 * `store` can be called and forgotten, or waited for. It resolves when the record is safe, on disk with a write-ahead log and
 * else in memory, and there is room for more. So a receiver that waits is slowed down when the job is slower than its
 * sender; and one that answers its sender only after waiting, with a write-ahead log, loses nothing that it answered for.
 */
export abstract class Receiver<T> {
  #supervisor: ReceiverSupervisor<T> | undefined;

  /**
   * Begins to receive. Either returns soon and goes on by itself, or is an async function that receives until `isStopped()`.
   * An error that it throws stops the receiver and fails the next batch. Called again after `restart`.
   */
  abstract onStart(): void | Promise<void>;

  /** Ends what `onStart` began. What is stored before it has ended still counts. */
  abstract onStop(): void | Promise<void>;

  store(record: T): Promise<void> {
    return this.storeAll([record]);
  }

  /** Several records at once: Spark's `store` of a buffer or an iterator. */
  storeAll(records: readonly T[]): Promise<void> {
    const stored = this.#attached.store(records);
    stored.catch(() => {}); // for those who don't wait; the stream knows of it
    return stored;
  }

  /** Tells the log. The receiver goes on. */
  reportError(message: string, error?: unknown): void {
    this.#attached.reportError(message, error);
  }

  /** Stops, and starts again after a delay; default 2000 ms, Spark's. Returns at once. */
  restart(message: string, error?: unknown, delayMs?: number): void {
    this.#attached.restart(message, error, delayMs);
  }

  /** Stops for good: the stream ends after what was stored or, where there is an error, fails with it. Returns at once. */
  stop(message: string, error?: unknown): void {
    this.#attached.stop(message, error);
  }

  isStarted(): boolean {
    return this.#supervisor?.started ?? false;
  }

  /** Also true before the start, and between the end and the new beginning of a restart. */
  isStopped(): boolean {
    return !this.isStarted();
  }

  /** The id of the stream in the checkpoint. */
  get streamId(): string {
    return this.#attached.streamId;
  }

  /** How many records are safe, in all the life of the checkpoint: from there a sender that can must go on. */
  get numReceived(): number {
    return this.#attached.numReceived;
  }

  /** Called by the stream before anything else. */
  attachSupervisor(supervisor: ReceiverSupervisor<T>): void {
    this.#supervisor = supervisor;
  }

  get #attached(): ReceiverSupervisor<T> {
    if (this.#supervisor === undefined) {
      // Spark's words.
      throw new UsageError(
        'bad-state-of-context',
        'A ReceiverSupervisor has not been attached to the receiver yet. Maybe you are starting some computation in the ' +
          'receiver before the Receiver.onStart() has been called.',
      );
    }
    return this.#supervisor;
  }
}
