import { messageOf, UsageError } from '../../errors.ts';

/** Classes of characters that Java has by other names, or with fewer characters in them. */
const CLASSES: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\v\\f\\r',
  IsAlphabetic: '\\p{Alphabetic}',
  IsLetter: '\\p{L}',
  IsDigit: '\\p{Nd}',
  IsPunctuation: '\\p{P}',
  IsWhite_Space: '\\p{White_Space}',
};

const SPACE = ' \\t\\n\\v\\f\\r';

/** Pieces of a pattern: `\p{…}` and its like, another escape, an opening or a closing bracket, a flag at the beginning, or a character. */
const PIECES = /\\[pP](?:\{(\w+)\}|(\w))|\\([\s\S])|\[\^?|\]|[\s\S]/g;

/**
 * A global pattern of JavaScript that matches what one of Java does, as far as the two languages are alike: white space is that of ASCII,
 * `\p{Alpha}` and its like are known, and `(?i)` at the beginning.
 *
 * Throws `UsageError` (`bad-option`) for a pattern that can't be said in JavaScript.
 */
export function javaPattern(pattern: string, who: string): RegExp {
  const ignoresCase = pattern.startsWith('(?i)');
  const body = ignoresCase ? pattern.slice('(?i)'.length) : pattern;
  let depth = 0;
  let unicode = false;
  const source = body.replace(
    PIECES,
    (piece, braced: string | undefined, letter: string | undefined, escaped: string | undefined) => {
      if (escaped === 's') return depth > 0 ? SPACE : `[${SPACE}]`;
      if (escaped === 'S' && depth === 0) return `[^${SPACE}]`;
      if (escaped !== undefined) return unicodeEscape(piece, escaped);
      const name = braced ?? letter;
      if (name !== undefined) return classOf(piece, name);
      if (piece.startsWith('[')) depth++;
      else if (piece === ']' && depth > 0) depth--;
      return piece;
    },
  );
  try {
    return new RegExp(source, `g${ignoresCase ? 'i' : ''}${unicode ? 'u' : ''}`);
  } catch (cause) {
    throw new UsageError('bad-option', `${who}: pattern ${pattern}: ${messageOf(cause)}; write it otherwise`, {
      cause,
    });
  }

  function classOf(piece: string, name: string): string {
    const known = CLASSES[name];
    const negated = piece[1] === 'P';
    if (known === undefined || known.startsWith('\\p')) unicode = true;
    if (known === undefined) return `\\${piece[1]}{${name}}`;
    if (negated) return depth > 0 ? known : `[^${known}]`;
    return depth > 0 ? known : `[${known}]`;
  }

  /** With the flag for classes of Unicode, only some characters may be escaped. */
  function unicodeEscape(piece: string, escaped: string): string {
    return /[\w^$\\.*+?()[\]{}|/-]/.test(escaped) ? piece : escaped;
  }
}
