import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const directory = new URL('../../datasets/', import.meta.url);
const datasets = readdirSync(directory, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What a dataset's order in time is read from. */
const timeOf: Readonly<Record<string, (fields: readonly string[]) => string | number>> = {
  flights: ([date]) => date!,
  'chick-weights': ([, time]) => Number(time),
};

/** A text without the padding of its tables. */
function textOf(file: string): string {
  return readFileSync(new URL(file, directory), 'utf8').replaceAll(/ +/g, ' ');
}

describe.each(datasets)('datasets/%s', (dataset) => {
  const readme = textOf(`${dataset}/README.md`);
  const file = readdirSync(new URL(`${dataset}/`, directory)).find((name) => name.endsWith('.csv'))!;
  const bytes = readFileSync(new URL(`${dataset}/${file}`, directory));
  const [header, ...lines] = bytes.toString('utf8').trimEnd().split('\n');
  const columns = header!.split(',');
  const rows = lines.map((line) => line.split(','));

  it('has the SHA-256 that its README states', () => {
    expect(readme).toContain(`SHA-256 \`${createHash('sha256').update(bytes).digest('hex')}\``);
  });

  it('has the rows and the columns that its README states', () => {
    expect(readme).toContain(`${rows.length.toLocaleString('en-US')} rows`);
    expect(Array.from(readme.matchAll(/^\| ([a-z]+) \|/gm), ([, name]) => name).slice(1)).toEqual(columns);
    expect(rows.every((row) => row.length === columns.length && row.every((field) => field !== ''))).toBe(true);
  });

  it('is in the order of time', () => {
    const times = rows.map(timeOf[dataset]!);
    expect(times.findIndex((time, i) => i > 0 && time < times[i - 1]!)).toBe(-1);
  });

  it('is in the index', () => {
    expect(textOf('README.md')).toContain(
      `| [${dataset}](${dataset}/README.md) | ${rows.length.toLocaleString('en-US')} |`,
    );
  });
});
