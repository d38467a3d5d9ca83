import { atPlace, type ErrorContext, MillraceError, messageOf, TransientError, UsageError } from '../errors.ts';
import { isLostConnection } from '../host/lost-connection.ts';

/** Takes a step of a batch. An error in it says what failed, and where, unless it already does. */
export async function withPlace<R>(what: string, place: ErrorContext, step: () => Promise<R>): Promise<R> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof MillraceError) throw 'batch' in error.context ? error : atPlace(error, place);
    throw atPlace(failureOf(error, `${what} failed: ${messageOf(error)}`), place);
  }
}

/** What code of the program threw, as an error of ours: a lost connection may be tried again, all else is for the program. */
export function failureOf(thrown: unknown, message = messageOf(thrown)): MillraceError {
  const details = { cause: thrown };
  return isLostConnection(thrown)
    ? new TransientError('unreachable', message, details)
    : new UsageError('user-function-failed', message, details);
}
