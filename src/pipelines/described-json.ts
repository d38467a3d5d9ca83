/** What a text of JSON says at a place in it; each throws `UsageError` naming the place where it says something else. */
import { excerpt, MillraceError, messageOf, UsageError } from '../errors.ts';
import type { JsonValue } from './saved/json-text.ts';

export type JsonFields = { readonly [key: string]: JsonValue };

/** The value of the whole text. */
export function jsonOfText(text: string, who: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const why = messageOf(cause).replace(/\s+/g, ' '); // it has a piece of the text in it
    throw new UsageError('bad-option', `${who}: expected JSON (${why})`, { cause });
  }
}

/** `known`: the names that it may have, if not any. */
export function fieldsAt(json: JsonValue | undefined, place: string, known?: readonly string[]): JsonFields {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(place, 'an object', json);
  const other = known && Object.keys(json).find((key) => !known.includes(key));
  if (other === undefined) return json;
  throw new UsageError('bad-option', `${place}: expected ${known!.join(', ')}, got ${excerpt(other)}`);
}

export function listAt(json: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (Array.isArray(json)) return json;
  throw wrong(place, 'a list', json);
}

export function uidAt(uid: JsonValue | undefined, place: string): string | undefined {
  if (uid === undefined || (typeof uid === 'string' && /^[\w.-]*\w[\w.-]*$/.test(uid))) return uid;
  throw wrong(`${place}: uid`, 'letters, digits, _, . and -', uid);
}

/** What `make` gives; where it is refused, with the place in the text. */
export function inPlace<R>(place: string, make: () => R): R {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof MillraceError)) throw cause;
    throw new UsageError('bad-option', `${place}: ${cause.message}`, { cause });
  }
}

export function wrong(place: string, expected: string, got: unknown): UsageError {
  return new UsageError('bad-option', `${place}: expected ${expected}, got ${excerpt(got)}`);
}
