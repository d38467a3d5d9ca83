import { TransientError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';

const [FIRST_DELAY_MS, LONGEST_DELAY_MS] = [20, 1000];

export interface RetryOptions {
  readonly clock: Clock;
  /** How long failures are tried again, from the first attempt on. */
  readonly timeoutMs: number;
  /** Ends the waiting, and with it the attempts. */
  readonly signal?: AbortSignal;
}

/**
 * What `attempt` gives at last. A `TransientError` is tried again after 20 ms, 40 ms and so on up to a second, until the time is
 * up; any other error ends it.
 */
export async function retried<T>(attempt: () => Promise<T>, { clock, timeoutMs, signal }: RetryOptions): Promise<T> {
  const deadline = clock.monotonicMs() + timeoutMs;
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(2 * delayMs, LONGEST_DELAY_MS)) {
    try {
      return await attempt();
    } catch (error) {
      const given = error instanceof TransientError && clock.monotonicMs() < deadline && !signal?.aborted;
      if (!given) throw error;
      await clock.sleepUntil(clock.now() + delayMs, signal);
    }
  }
}
