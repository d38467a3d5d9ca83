import { TransientError, UsageError } from '../errors.ts';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';

/** How often a batch is tried. */
export interface Attempts {
  /** At least 1. */
  readonly maxBatchAttempts: number;
  /** Before the second attempt; before each further one it is twice as long. */
  readonly retryDelayMs: number;
}

export function checkAttempts({ maxBatchAttempts }: Attempts): void {
  if (Number.isSafeInteger(maxBatchAttempts) && maxBatchAttempts >= 1) return;
  throw new UsageError(
    'bad-option',
    `maxBatchAttempts: expected a whole number of at least 1, got ${maxBatchAttempts}`,
  );
}

/**
 * Takes a step, and after a `TransientError` takes it again: no other error would go away by itself. Waits in between, and
 * throws the last error when all attempts are used up or `signal` is aborted. `step` gets the number of the attempt, from 1.
 */
export async function attempted<R>(
  step: (attempt: number) => Promise<R>,
  { maxBatchAttempts, retryDelayMs, clock, log }: Attempts & { readonly clock: Clock; readonly log: Log },
  signal: AbortSignal,
): Promise<R> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step(attempt);
    } catch (error) {
      if (!(error instanceof TransientError) || attempt === maxBatchAttempts || signal.aborted) throw error;
      const delayMs = retryDelayMs * 2 ** (attempt - 1);
      log.warn(`attempt ${attempt} of ${maxBatchAttempts} failed, the next one is in ${delayMs} ms: ${error.message}`);
      await clock.sleepUntil(clock.now() + delayMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
