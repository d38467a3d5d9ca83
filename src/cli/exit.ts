import { CommanderError } from 'commander';
import { InternalError, MillraceError } from '../index.ts';

/** 0: done. 1: a bug of ours. 2: something that the user can put right. */
export function exitCodeOf(error: unknown): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  return isForUser(error) ? 2 : 1;
}

/** One line on standard error; for a bug, also where it happened. */
export function reportError(error: unknown): void {
  if (isForUser(error)) {
    process.stderr.write(`millrace: ${error.message}\n`);
    return;
  }
  const details = error instanceof Error ? error.stack : String(error);
  process.stderr.write(
    `millrace: this is a bug in Millrace; please report it with the lines that follow\n${details}\n`,
  );
}

function isForUser(error: unknown): error is MillraceError {
  return error instanceof MillraceError && !(error instanceof InternalError);
}
