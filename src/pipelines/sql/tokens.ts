import { UsageError } from '../../errors.ts';

/** A piece of a statement. A `word` is a name or a keyword; a `name` was written in backquotes and is no keyword. */
export interface Token {
  readonly kind: 'word' | 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
}

const PIECE =
  /\s+|--[^\n]*|(?<word>[A-Za-z_]\w*)|`(?<name>(?:[^`]|``)+)`|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|'(?<single>(?:[^']|'')*)'|"(?<double>(?:[^"]|"")*)"|(?<sign><=>|<>|!=|==|<=|>=|\|\||[-+*/%=<>(),.;])/y;

/** The pieces of a statement. Throws `UsageError` (`bad-option`) naming the place where it is none. */
export function tokensOf(statement: string): readonly Token[] {
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  let at = 0;
  while (at < statement.length) {
    const match = PIECE.exec(statement);
    if (match === null) throw new UsageError('bad-option', `SQL: can't read ${statement.slice(at, at + 20)}`);
    at = PIECE.lastIndex;
    const { word, name, number, single, double, sign } = match.groups!;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name.replaceAll('``', '`') });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (single !== undefined) tokens.push({ kind: 'text', text: single.replaceAll("''", "'") });
    else if (double !== undefined) tokens.push({ kind: 'text', text: double.replaceAll('""', '"') });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
  }
  return [...tokens, { kind: 'end', text: 'the end' }];
}
