/**
 * JSON as Spark writes and reads it: a double has a point or an exponent, NaN and infinities are the texts "NaN", "Inf" and
 * "-Inf", and whole numbers may have 64 bits.
 */

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | { [key: string]: JsonValue };

/** Longer whole numbers may not be exact as a number. */
const LONG_DIGITS = 16;

/** Marks a long integer on its way through `JSON.parse`, which would round it. */
const LONG_MARK = '\u0000long:';

/** A text, a whole number with many digits, or what Python writes for numbers that JSON does not have. */
const TOKEN = new RegExp(
  `"(?:[^"\\\\]|\\\\.)*"|(?<![\\d.eE+])-?\\d{${LONG_DIGITS},}(?![\\d.eE])|-?\\bInfinity\\b|\\bNaN\\b`,
  'g',
);

/** The value of a text. Whole numbers beyond 2^53 are bigints. Throws `SyntaxError`. */
export function parseJson(text: string): JsonValue {
  const marked = text.replace(TOKEN, (token) => {
    if (token.startsWith('"')) return token;
    if (token.endsWith('Infinity')) return token.startsWith('-') ? '"-Inf"' : '"Inf"';
    return token === 'NaN' ? '"NaN"' : JSON.stringify(LONG_MARK + token);
  });
  return JSON.parse(marked, (_key, value) => {
    if (typeof value !== 'string' || !value.startsWith(LONG_MARK)) return value;
    const long = BigInt(value.slice(LONG_MARK.length));
    return Number.isSafeInteger(Number(long)) ? Number(long) : long;
  }) as JsonValue;
}

export function jsonOfDouble(value: number): string {
  if (Number.isNaN(value)) return '"NaN"';
  if (!Number.isFinite(value)) return value > 0 ? '"Inf"' : '"-Inf"';
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** The number that a JSON value stands for; undefined where it is none. */
export function doubleOfJson(json: JsonValue): number | undefined {
  if (typeof json === 'number') return json;
  if (typeof json === 'bigint') return Number(json);
  if (json === 'NaN') return Number.NaN;
  if (json === 'Inf') return Number.POSITIVE_INFINITY;
  return json === '-Inf' ? Number.NEGATIVE_INFINITY : undefined;
}
