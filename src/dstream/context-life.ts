import { UsageError } from '../errors.ts';

/** Where a context is in its life. */
export type StreamingContextState = 'INITIALIZED' | 'ACTIVE' | 'STOPPED';

/** The life of a context: built, then active, then stopped, for good; and the news of its end, for all who wait for it. */
export class ContextLife {
  #state: StreamingContextState = 'INITIALIZED';
  /** Whether somebody waits for the end, and so will be told of an error. */
  #isAwaited = false;
  readonly #ended: Promise<void>;
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor() {
    this.#ended = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#ended.catch(() => {}); // whoever waits is told of an error; nobody has to wait
  }

  get state(): StreamingContextState {
    return this.#state;
  }

  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Resolves when the context has stopped; rejects with the error that stopped it. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The same, for somebody who acts on the error. */
  awaited(): Promise<void> {
    this.#isAwaited = true;
    return this.#ended;
  }

  /** Throws `UsageError`, in Spark's words, unless nothing has started. */
  checkBuilding(): void {
    if (this.#state === 'INITIALIZED') return;
    const when = this.#state === 'ACTIVE' ? 'starting' : 'stopping';
    throw wrongState(
      `Adding new inputs, transformations, and output operations after ${when} a context is not supported`,
    );
  }

  begin(): void {
    this.#state = 'ACTIVE';
  }

  end(): void {
    this.#state = 'STOPPED';
    this.#settle.resolve();
  }

  fail(error: unknown): void {
    this.#state = 'STOPPED';
    this.#settle.reject(error);
  }
}

export function wrongState(message: string): UsageError {
  return new UsageError('bad-state-of-context', message);
}
