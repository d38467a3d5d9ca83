import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type ErrorParts, errorOf } from './error-parts.ts';

/** As many threads as can run at the same time. */
export const parallelThreads = availableParallelism;

/** What a thread runs: it answers arguments with the items that the module's default export gives for them, or the parts of an error. */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const isPlain = (value) => value === null || ['boolean', 'number', 'string'].includes(typeof value);
  const text = (value) => (typeof value === 'string' ? value : undefined);
  const partsOf = ({ name, message, stack, code, context, cause }) => [
    {
      name: String(name),
      message: String(message),
      stack: text(stack),
      code: text(code),
      context: Object.fromEntries(Object.entries(context ?? {}).filter(([, value]) => isPlain(value))),
    },
    ...(cause instanceof Error ? partsOf(cause) : []),
  ];
  const loaded = import(workerData);
  loaded.catch(() => {}); // told in the first answer
  parentPort.on('message', async (args) => {
    try {
      const { default: f } = await loaded;
      if (typeof f !== 'function') throw new TypeError('expected a function as its default export, got ' + typeof f);
      parentPort.postMessage({ value: [...(await f(...args))] });
    } catch (error) {
      parentPort.postMessage({ parts: partsOf(error instanceof Error ? error : new Error(String(error))) });
    }
  });
`;

/** What a thread answers. */
type Answer = { readonly value: unknown[] } | { readonly parts: readonly [ErrorParts, ...ErrorParts[]] };
type Outcome = { readonly value: unknown[] } | { readonly error: unknown };

interface Task {
  readonly args: readonly unknown[];
  readonly resolve: (value: unknown[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Threads that run the default export of a module: plain data in, plain data out, copied both ways. They start when
 * they are needed, and keep no process alive while they are idle.
 */
export class WorkerPool {
  readonly #module: URL;
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #waiting: Task[] = [];
  /** All that run, with the task that each is at work on. */
  readonly #workers = new Map<Worker, Task | undefined>();
  #closed = false;

  constructor(module: URL, size: number) {
    this.#module = module;
    this.#size = size;
  }

  /** The items that the function gives for these arguments. Rejects with an error like the one it throws, or when its thread ends. */
  run(...args: readonly unknown[]): Promise<unknown[]> {
    if (this.#closed) return Promise.reject(threadsAreClosed());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ args, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends the threads, whatever they are at work on. Harmless when called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(threadsAreClosed());
    await Promise.all(Array.from(this.#workers.keys(), (worker) => worker.terminate()));
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#newWorker();
      if (worker === undefined) return;
      const task = this.#waiting.shift()!;
      this.#workers.set(worker, task);
      worker.ref();
      try {
        worker.postMessage(task.args);
      } catch (error) {
        this.#settle(worker, { error }); // not to be copied
      }
    }
  }

  #newWorker(): Worker | undefined {
    if (this.#closed || this.#workers.size === this.#size) return undefined;
    const worker = new Worker(WORKER, { eval: true, workerData: this.#module.href });
    this.#workers.set(worker, undefined);
    worker.on('message', (answer: Answer) => {
      this.#settle(worker, 'value' in answer ? answer : { error: errorOf(answer.parts) });
    });
    worker.on('messageerror', (error) => this.#settle(worker, { error }));
    let why: unknown;
    worker.on('error', (error) => {
      why = error;
    });
    worker.on('exit', (code) => {
      const task = this.#workers.get(worker);
      this.#workers.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      task?.reject(why ?? new Error(`its thread ended with code ${code}`));
      this.#dispatch();
    });
    return worker;
  }

  #settle(worker: Worker, outcome: Outcome): void {
    const task = this.#workers.get(worker);
    this.#workers.set(worker, undefined);
    worker.unref();
    this.#idle.push(worker);
    if ('value' in outcome) task?.resolve(outcome.value);
    else task?.reject(outcome.error);
    this.#dispatch();
  }
}

function threadsAreClosed(): Error {
  return new Error('the threads are closed');
}
