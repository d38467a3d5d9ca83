import { StateError } from '../errors.ts';
import type { Log } from '../host/log.ts';

/** What becomes of a stream whose records are no longer all there: it ends, or says so and goes on with those that are. */
export class DataLoss {
  readonly #fails: boolean;
  readonly #log: Log;

  constructor(failOnDataLoss: boolean, log: Log) {
    this.#fails = failOnDataLoss;
    this.#log = log;
  }

  /** Throws `StateError` (`data-loss`) where the stream is to end. `what` is a sentence without its full stop. */
  report(what: string): void {
    if (this.#fails) {
      const advice = 'set failOnDataLoss to false to go on with the records that are there';
      throw new StateError('data-loss', `Kafka: ${what}; ${advice}`);
    }
    this.#log.warn(`Kafka: ${what}; going on, as failOnDataLoss is false`);
  }
}
