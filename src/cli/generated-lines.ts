import { type GeneratedRow, type GeneratorOptions, generators, type RowGenerator, UsageError } from '../index.ts';

/** A generator's stream, as a command line names it: `generator:sea?seed=1&noise=0.2&rows=10000`. */
export interface GeneratedStream {
  readonly stream: Iterable<GeneratedRow>;
  /** x0, x1 …, and label. */
  readonly columns: readonly string[];
  /** Rows after which it ends; undefined: never. */
  readonly rows: number | undefined;
}

const PREFIX = 'generator:';

export function isGenerator(source: string): boolean {
  return source.startsWith(PREFIX);
}

/** Throws `UsageError` where the generator or an option of it is unknown, or a value is no number. */
export function parseGenerator(source: string): GeneratedStream {
  const [name, query] = source.slice(PREFIX.length).split('?', 2) as [string, string?];
  if (!Object.hasOwn(generators, name)) {
    const names = Object.keys(generators).join(', ');
    throw new UsageError('bad-option', `generator: unknown generator '${name}'; there are ${names}`);
  }
  const generator = generators[name as keyof typeof generators] as unknown as RowGenerator<GeneratorOptions>;
  const { rows, ...texts } = Object.fromEntries(new URLSearchParams(query));
  const options = Object.fromEntries(
    Object.entries(texts).map(([option, text]) => [option, optionOf(name, option, text, generator.defaults[option])]),
  );
  const stream = generator(options);
  const [first] = take(stream, 1);
  const columns = [...first!.features.map((_, i) => `x${i}`), 'label'];
  return { stream, columns, rows: rows === undefined ? undefined : numberOf(name, 'rows', rows) };
}

/** The line of a row: features and label, to the last digit. */
export function lineOf({ features, label }: GeneratedRow): string {
  return `${features.join(',')},${label}`;
}

/** The lines of a stream, the same each time they are iterated. */
export function generatedLines({ stream, rows = Number.POSITIVE_INFINITY }: GeneratedStream): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (const row of take(stream, rows)) yield lineOf(row);
    },
  };
}

function* take<T>(stream: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left <= 0) return;
  for (const each of stream) {
    yield each;
    if (--left <= 0) return;
  }
}

/** What the text of an option stands for: numbers with commas between them where that is what the default is. */
function optionOf(generator: string, option: string, text: string, sameAs: unknown): number | number[] {
  return Array.isArray(sameAs)
    ? text.split(',').map((each) => numberOf(generator, option, each))
    : numberOf(generator, option, text);
}

function numberOf(generator: string, option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new UsageError('bad-option', `generator ${generator}: expected ${option} to be a number, got '${text}'`);
}
