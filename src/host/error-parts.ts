import {
  DataError,
  type ErrorCode,
  type ErrorContext,
  InternalError,
  StateError,
  TransientError,
  UsageError,
} from '../errors.ts';

/** An error as plain data: what is sent from thread to thread, since a copy of an error has neither its class nor its code. */
export interface ErrorParts {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly context?: ErrorContext;
}

/** Our kinds of error. */
const KINDS = classesByName(UsageError, DataError, TransientError, StateError, InternalError);
const OF_THE_LANGUAGE = classesByName(EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError);

/** The error of these parts, of its own class where that is one of ours or of the language. After it come those that caused it. */
export function errorOf([parts, ...causes]: readonly [ErrorParts, ...ErrorParts[]]): Error {
  const { name, message, stack, code, context } = parts;
  const [next, ...others] = causes;
  const error = new Error(message, next && { cause: errorOf([next, ...others]) });
  const kind = code === undefined ? undefined : KINDS.get(name);
  Object.setPrototypeOf(error, kind ?? OF_THE_LANGUAGE.get(name) ?? Error.prototype);
  if (kind !== undefined) Object.assign(error, { context: context ?? {} });
  return Object.assign(error, {
    ...(error.name !== name && { name }),
    ...(stack !== undefined && { stack }),
    ...(code !== undefined && { code: code as ErrorCode }),
  });
}

function classesByName(...classes: readonly { readonly name: string; readonly prototype: Error }[]) {
  return new Map(classes.map(({ name, prototype }) => [name, prototype]));
}
