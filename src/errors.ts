/**
 * The five kinds of error, sorted by what the reader should do about them.
 *
 * | kind             | what to do                                            |
 * |------------------|-------------------------------------------------------|
 * | `UsageError`     | fix the program or the command line                   |
 * | `DataError`      | this record is bad; the bad-record policy decides      |
 * | `TransientError` | wait; the only kind that is retried                   |
 * | `StateError`     | saved state is missing, damaged or of another shape   |
 * | `InternalError`  | report it: a bug in Millrace                          |
 *
 * A message reads: who: expected what, got what; what to do.
 */

/** Every code an error can carry. A closed list, so that programs can switch on it. */
export type ErrorCode =
  | 'bad-option'
  | 'bad-state-of-context'
  | 'duplicate-id'
  | 'no-output'
  | 'not-found'
  | 'not-initialised'
  | 'user-function-failed'
  | 'bad-record'
  | 'wrong-width'
  | 'not-finite'
  | 'wrong-type'
  | 'too-few-records'
  | 'unreachable'
  | 'io'
  | 'damaged'
  | 'data-loss'
  | 'newer-format'
  | 'unknown-format'
  | 'does-not-fit'
  | 'in-use'
  | 'bug';

/** Where it happened and what was there: plain data only. */
export type ErrorContext = Readonly<Record<string, string | number | boolean | null>>;

interface ErrorDetails {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

/** What all errors of Millrace share: a kind (the class), a code and plain-data context. */
export abstract class MillraceError extends Error {
  readonly code: ErrorCode;
  /** The engine adds operator, batch and record once. */
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.context = details.context ?? {};
  }
}

export class UsageError extends MillraceError {}
export class DataError extends MillraceError {}
export class TransientError extends MillraceError {}
export class StateError extends MillraceError {}
export class InternalError extends MillraceError {}

/** The same error, which also says where it happened, in the message and as data. Called once, by whoever knows the place. */
export function atPlace<E extends MillraceError>(error: E, place: ErrorContext): E {
  const words = Object.entries(place).map(([key, value]) => `${key} ${value}`);
  const message = `${error.message} [${words.join(', ')}]`;
  const cause = 'cause' in error ? { cause: error.cause } : {};
  const placed = Object.setPrototypeOf(new Error(message, cause), Object.getPrototypeOf(error)) as E;
  const stack = error.stack?.replace(error.message, () => message);
  return Object.assign(placed, error, { stack, context: { ...error.context, ...place } });
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A short, one-line picture of a value for an error message. */
export function excerpt(value: unknown, maxLength = 80): string {
  const text = textOf(value);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
