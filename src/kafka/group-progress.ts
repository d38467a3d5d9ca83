import { messageOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import type { KafkaDriver } from './kafka-driver.ts';
import type { CommittedOffset } from './wire/offset-commit.ts';

/**
 * Tells a consumer group how far a stream has got, for those who watch its lag. Nothing waits for it, and nothing is ever read
 * back from it. While one commit is under way, only the newest progress is kept for the next.
 */
export class GroupProgress {
  readonly #driver: KafkaDriver;
  readonly #groupId: string;
  readonly #log: Log;
  #newest: readonly CommittedOffset[] | undefined;
  #committing: Promise<void> | undefined;

  constructor(driver: KafkaDriver, groupId: string, log: Log) {
    this.#driver = driver;
    this.#groupId = groupId;
    this.#log = log;
  }

  report(positions: readonly CommittedOffset[]): void {
    this.#newest = positions;
    this.#committing ??= this.#commit();
  }

  /** Resolves when all that was reported is committed, or has failed. */
  async flush(): Promise<void> {
    await this.#committing;
  }

  async #commit(): Promise<void> {
    for (let next = this.#newest; next !== undefined; next = this.#newest) {
      this.#newest = undefined;
      try {
        await this.#driver.commitOffsets(this.#groupId, next);
      } catch (error) {
        this.#log.warn(`Kafka: can't tell group ${this.#groupId} the progress (${messageOf(error)})`);
      }
    }
    this.#committing = undefined;
  }
}
