import { excerpt, UsageError } from '../../errors.ts';
import { type Random, seededRandom } from '../../host/random.ts';

/** A made-up record: features, and what a learner should say about them. */
export interface GeneratedRow {
  readonly features: number[];
  readonly label: number;
}

/** What every generator's options are made of: plain values, so that they can be written on a command line. */
export type GeneratorOptions = { readonly seed: number } & { readonly [name: string]: GeneratorOption };
export type GeneratorOption = number | string | readonly number[];

/**
 * A family of endless streams. Called with options it gives one stream; each iteration of it starts from its first row and
 * draws from the seed anew, so it is the same stream every time, on every machine.
 */
export interface RowGenerator<O extends GeneratorOptions> {
  /** Every option with its default. */
  readonly defaults: O;
  (options?: Partial<O>): Iterable<GeneratedRow>;
}

/** A generator from its defaults and the rows that it draws. Unknown options, and values of another type, are refused. */
export function rowGenerator<O extends GeneratorOptions>(
  name: string,
  defaults: O,
  rows: (options: O, random: Random) => Iterator<GeneratedRow>,
): RowGenerator<O> {
  const generator = (options: Partial<O> = {}): Iterable<GeneratedRow> => {
    const chosen = { ...defaults, ...checkedOptions(name, defaults, options) };
    return { [Symbol.iterator]: () => rows(chosen, seededRandom(chosen.seed)) };
  };
  return Object.assign(generator, { defaults });
}

function checkedOptions<O extends GeneratorOptions>(name: string, defaults: O, options: Partial<O>): Partial<O> {
  for (const [option, value] of Object.entries(options)) {
    const known = defaults[option];
    if (known === undefined) {
      const names = Object.keys(defaults).join(', ');
      throw new UsageError('bad-option', `generator ${name}: unknown option '${option}'; it has ${names}`);
    }
    const fits = Array.isArray(known)
      ? isNumbers(value)
      : typeof known === 'number'
        ? isNumber(value)
        : typeof value === 'string';
    if (!fits) {
      const expected = Array.isArray(known)
        ? 'finite numbers'
        : typeof known === 'number'
          ? 'a finite number'
          : 'a word';
      throw badOption(name, option, expected, value);
    }
  }
  return options;
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every(isNumber);
}

function badOption(generator: string, option: string, expected: string, got: unknown): UsageError {
  return new UsageError(
    'bad-option',
    `generator ${generator}: expected ${option} to be ${expected}, got ${excerpt(got)}`,
  );
}

/** Throws `UsageError` (`bad-option`) unless the option's value is in range. */
export function checkRange(
  generator: string,
  option: string,
  valid: boolean,
  range: string,
  got: GeneratorOption,
): void {
  if (!valid) throw badOption(generator, option, range, got);
}

/** A whole number 0 ≤ result < n, each as likely. */
export function nextInt(random: Random, n: number): number {
  return Math.floor(n * random.next());
}

/** `length` draws from [0, 1). */
export function nextUniforms(random: Random, length: number): number[] {
  return Array.from({ length }, () => random.next());
}
