/**
 * Rows read and made by functions that are made for the names of their columns. A property whose name stands in the code is found
 * several times as fast as one whose name is a value, another at each turn: looking up ten of them took longer than scoring the row.
 */

type Row = Readonly<Record<string, unknown>>;

/** Takes the values of a column, row after row. */
interface FillingColumn {
  set(row: number, value: unknown): void;
}

type ValueReader = (row: number) => unknown;

/** With fewer rows or more columns, a function is not worth its making. */
const LEAST_ROWS = 100;
const MOST_COLUMNS = 200;

/** Puts the values by these names of every row into their columns. What a row inherits counts, too. */
export function readRows(rows: readonly Row[], names: readonly string[], columns: readonly FillingColumn[]): void {
  if (isWorthIt(rows.length, names)) {
    const values = names.map((name, j) => `c${j}.set(i, row[${JSON.stringify(name)}]);`);
    const body = `
      const [${names.map((_, j) => `c${j}`)}] = columns;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i];
        ${values.join('\n')}
      }`;
    new Function('rows', 'columns', body)(rows, columns);
    return;
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let j = 0; j < names.length; j++) columns[j]!.set(i, row[names[j]!]);
  }
}

/** `count` objects of the values that the readers of these names give. */
export function makeRows(
  count: number,
  names: readonly string[],
  readers: readonly ValueReader[],
): Record<string, unknown>[] {
  let make: (row: number) => Record<string, unknown>;
  if (isWorthIt(count, names)) {
    const fields = names.map((name, j) => `${fieldName(name)}: r${j}(i)`);
    const body = `
      const [${names.map((_, j) => `r${j}`)}] = readers;
      return (i) => ({ ${fields.join(', ')} });`;
    make = new Function('readers', body)(readers);
  } else make = (i) => Object.fromEntries(names.map((name, j) => [name, readers[j]!(i)]));
  return Array.from({ length: count }, (_, i) => make(i));
}

/** In a literal, `__proto__` would be the object's prototype, unless it stands in brackets. */
function fieldName(name: string): string {
  const text = JSON.stringify(name);
  return name === '__proto__' ? `[${text}]` : text;
}

function isWorthIt(rows: number, names: readonly string[]): boolean {
  return rows >= LEAST_ROWS && names.length <= MOST_COLUMNS && canMakeFunctions();
}

/** Not with `--disallow-code-generation-from-strings`. */
function canMakeFunctions(): boolean {
  try {
    return new Function('return true')();
  } catch {
    return false;
  }
}
