import { atPlace, type ErrorContext, MillraceError, messageOf, UsageError } from '../errors.ts';

/** Takes a step of a batch. An error in it says what failed, and where, unless it already does. */
export async function withPlace<R>(what: string, place: ErrorContext, step: () => Promise<R>): Promise<R> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof MillraceError) throw 'batch' in error.context ? error : atPlace(error, place);
    const message = `${what} failed: ${messageOf(error)}`;
    throw atPlace(new UsageError('user-function-failed', message, { cause: error }), place);
  }
}
