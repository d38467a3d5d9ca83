import { Receiver } from '../../src/sources/receiver.ts';

/** A receiver of which a test says everything; what was asked of it can be read in `calls`. */
export class OwnReceiver<T = string> extends Receiver<T> {
  readonly calls: string[] = [];
  readonly #starting: (receiver: OwnReceiver<T>) => void | Promise<void>;
  readonly #stopping: (receiver: OwnReceiver<T>) => void | Promise<void>;

  constructor(
    starting: (receiver: OwnReceiver<T>) => void | Promise<void> = () => {},
    stopping: (receiver: OwnReceiver<T>) => void | Promise<void> = () => {},
  ) {
    super();
    this.#starting = starting;
    this.#stopping = stopping;
  }

  onStart(): void | Promise<void> {
    this.calls.push('start');
    return this.#starting(this);
  }

  onStop(): void | Promise<void> {
    this.calls.push('stop');
    return this.#stopping(this);
  }
}
