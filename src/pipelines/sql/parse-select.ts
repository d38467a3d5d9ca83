import { UsageError } from '../../errors.ts';
import type { Expression, Select, SelectItem } from './select.ts';
import { type Token, tokensOf } from './tokens.ts';

/** What the table is called. */
const THIS = '__THIS__';

const KEYWORDS = new Set(
  'SELECT FROM WHERE AS AND OR NOT IS NULL IN BETWEEN LIKE CASE WHEN THEN ELSE END TRUE FALSE CAST'.split(' '),
);

/** Deeper ones are no statement that a person wrote. */
const MAX_DEPTH = 200;

/** A statement of the form `SELECT … FROM __THIS__ [WHERE …]`. Throws `UsageError` (`bad-option`) saying what was expected where. */
export function parseSelect(statement: string): Select {
  return new SelectParser(tokensOf(statement)).select();
}

class SelectParser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  select(): Select {
    this.#expect('SELECT');
    const items = this.#list(() => this.#item());
    this.#expect('FROM');
    this.#expect(THIS);
    const where = this.#took('WHERE') ? this.#or() : undefined;
    this.#took(';');
    if (this.#next.kind !== 'end') throw this.#expected('the end');
    return { items, where };
  }

  #item(): SelectItem {
    if (this.#took('*')) return { kind: 'all' };
    if (this.#isSign('.', 1) && this.#isSign('*', 2) && this.#next.text.toUpperCase() === THIS) {
      this.#at += 3;
      return { kind: 'all' };
    }
    const of = this.#or();
    if (this.#took('AS') || this.#isName(this.#next)) return { kind: 'one', of, name: this.#name() };
    if (of.kind === 'column') return { kind: 'one', of, name: of.name };
    throw this.#expected('AS and a name for what is computed');
  }

  #or(): Expression {
    if (++this.#depth > MAX_DEPTH) throw this.#expected(`at most ${MAX_DEPTH} levels`);
    const parsed = this.#chain(['OR'], () => this.#chain(['AND'], () => this.#not()));
    this.#depth--;
    return parsed;
  }

  #not(): Expression {
    let negated = false;
    while (this.#took('NOT')) negated = !negated;
    const of = this.#comparison();
    return negated ? call('NOT', of) : of;
  }

  #comparison(): Expression {
    const left = this.#sum();
    for (const sign of ['<=>', '<>', '!=', '==', '<=', '>=', '=', '<', '>']) {
      if (this.#took(sign)) return call(sign === '==' ? '=' : sign === '!=' ? '<>' : sign, left, this.#sum());
    }
    if (this.#took('IS')) {
      const negated = this.#took('NOT');
      this.#expect('NULL');
      return negated ? call('NOT', call('ISNULL', left)) : call('ISNULL', left);
    }
    const negated = this.#took('NOT');
    const test = this.#membership(left);
    if (test === undefined && negated) throw this.#expected('IN, BETWEEN or LIKE');
    return test === undefined ? left : negated ? call('NOT', test) : test;
  }

  #membership(left: Expression): Expression | undefined {
    if (this.#took('IN')) {
      this.#expect('(');
      const among = this.#list(() => this.#or());
      this.#expect(')');
      return call('IN', left, ...among);
    }
    if (this.#took('BETWEEN')) {
      const low = this.#sum();
      this.#expect('AND');
      return call('AND', call('>=', left, low), call('<=', left, this.#sum()));
    }
    return this.#took('LIKE') ? call('LIKE', left, this.#sum()) : undefined;
  }

  #sum(): Expression {
    return this.#chain(['+', '-', '||'], () => this.#chain(['*', '/', '%'], () => this.#signed()));
  }

  #signed(): Expression {
    let negative = false;
    for (;;) {
      if (this.#took('-')) negative = !negative;
      else if (!this.#took('+')) break;
    }
    const of = this.#primary();
    return negative ? call('NEGATIVE', of) : of;
  }

  #primary(): Expression {
    const token = this.#next;
    if (this.#took('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    if (token.kind === 'number' || token.kind === 'text') {
      this.#at++;
      const value = token.kind === 'number' ? Number(token.text) : token.text;
      return { kind: 'literal', value, isWhole: /^\d+$/.test(token.text) };
    }
    for (const [word, value] of [
      ['TRUE', true],
      ['FALSE', false],
      ['NULL', null],
    ] as const) {
      if (this.#took(word)) return { kind: 'literal', value, isWhole: false };
    }
    if (this.#took('CASE')) return this.#case();
    if (this.#took('CAST')) return this.#cast();
    const name = this.#name();
    if (token.kind === 'word' && this.#took('(')) {
      const args = this.#took(')') ? [] : this.#list(() => this.#or());
      if (args.length > 0) this.#expect(')');
      return { kind: 'call', name: name.toUpperCase(), args };
    }
    return { kind: 'column', name: name.toUpperCase() === THIS && this.#took('.') ? this.#name() : name };
  }

  #case(): Expression {
    const subject = this.#isWord('WHEN') ? undefined : this.#or();
    const branches: (readonly [Expression, Expression])[] = [];
    while (this.#took('WHEN')) {
      const when = this.#or();
      this.#expect('THEN');
      branches.push([subject === undefined ? when : call('=', subject, when), this.#or()]);
    }
    if (branches.length === 0) throw this.#expected('WHEN');
    const otherwise: Expression = this.#took('ELSE') ? this.#or() : { kind: 'literal', value: null, isWhole: false };
    this.#expect('END');
    return { kind: 'case', branches, otherwise };
  }

  #cast(): Expression {
    this.#expect('(');
    const of = this.#or();
    this.#expect('AS');
    const to = this.#name().toLowerCase();
    this.#expect(')');
    return { kind: 'cast', of, to };
  }

  /** Operands with these operators between them, from left to right. */
  #chain(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (;;) {
      const operator = operators.find((each) => this.#took(each));
      if (operator === undefined) return left;
      left = call(operator, left, operand());
    }
  }

  #list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.#took(',')) items.push(item());
    return items;
  }

  #name(): string {
    if (!this.#isName(this.#next)) throw this.#expected('a name');
    return this.#tokens[this.#at++]!.text;
  }

  #isName({ kind, text }: Token): boolean {
    return kind === 'name' || (kind === 'word' && !KEYWORDS.has(text.toUpperCase()));
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #isSign(sign: string, ahead: number): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.kind === 'sign' && token.text === sign;
  }

  #isWord(word: string): boolean {
    return this.#next.kind === 'word' && this.#next.text.toUpperCase() === word;
  }

  /** Goes past a sign or a word, if it is the next. */
  #took(wanted: string): boolean {
    const there = this.#isSign(wanted, 0) || this.#isWord(wanted);
    if (there) this.#at++;
    return there;
  }

  #expect(wanted: string): void {
    if (!this.#took(wanted)) throw this.#expected(wanted);
  }

  #expected(what: string): UsageError {
    const before = this.#tokens.slice(Math.max(0, this.#at - 3), this.#at).map(({ text }) => text);
    return new UsageError('bad-option', `SQL: expected ${what}, got ${this.#next.text} after '${before.join(' ')}'`);
  }
}

function call(name: string, ...args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}
