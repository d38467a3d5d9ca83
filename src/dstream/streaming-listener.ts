import type { ReceiverInfo, ReceiverListener } from '../contracts/receiver-listener.ts';
import type {
  BatchInfo,
  BatchListener,
  BatchProgress,
  EndedOutputOperationInfo,
  OutputOperationInfo,
} from '../engine/progress.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../host/log.ts';

/** Is told what becomes of a context and its batches. Nobody waits for it, and what it throws is only a warning. */
export interface StreamingListener extends BatchListener, ReceiverListener {}

/** All listeners of a context, as one. */
export class StreamingListeners implements Required<StreamingListener> {
  readonly #listeners = new Set<StreamingListener>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  add(listener: StreamingListener): void {
    this.#listeners.add(listener);
  }

  delete(listener: StreamingListener): void {
    this.#listeners.delete(listener);
  }

  onStreamingStarted(time: number): void {
    this.#tell((listener) => listener.onStreamingStarted?.(time));
  }

  onBatchSubmitted(batch: BatchInfo): void {
    this.#tell((listener) => listener.onBatchSubmitted?.(batch));
  }

  onBatchStarted(batch: BatchInfo): void {
    this.#tell((listener) => listener.onBatchStarted?.(batch));
  }

  onOutputOperationStarted(output: OutputOperationInfo): void {
    this.#tell((listener) => listener.onOutputOperationStarted?.(output));
  }

  onOutputOperationCompleted(output: EndedOutputOperationInfo): void {
    this.#tell((listener) => listener.onOutputOperationCompleted?.(output));
  }

  onBatchCompleted(progress: BatchProgress): void {
    this.#tell((listener) => listener.onBatchCompleted?.(progress));
  }

  onReceiverStarted(receiver: ReceiverInfo): void {
    this.#tell((listener) => listener.onReceiverStarted?.(receiver));
  }

  onReceiverError(receiver: ReceiverInfo): void {
    this.#tell((listener) => listener.onReceiverError?.(receiver));
  }

  onReceiverStopped(receiver: ReceiverInfo): void {
    this.#tell((listener) => listener.onReceiverStopped?.(receiver));
  }

  #tell(event: (listener: StreamingListener) => void | Promise<void>): void {
    for (const listener of this.#listeners) {
      // Each begins at once, in the order in which they were added; none keeps the others waiting.
      new Promise<void>((resolve) => resolve(event(listener))).catch((error) => {
        this.#log.warn(`a streaming listener failed: ${messageOf(error)}`);
      });
    }
  }
}
