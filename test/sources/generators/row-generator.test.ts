import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import { rowsOf } from './rows-of.ts';

describe.each(Object.entries(generators))('generators.%s', (name, generator) => {
  it('gives the same rows for the same seed, each time it is iterated', () => {
    const stream = generator({ seed: 11 });
    const rows = rowsOf(stream, 500);
    expect(rowsOf(stream, 500)).toEqual(rows);
    expect(rowsOf(generator({ seed: 11 }), 500)).toEqual(rows);
  });

  it('gives other rows for another seed', () => {
    expect(rowsOf(generator({ seed: 12 }), 20)).not.toEqual(rowsOf(generator({ seed: 11 }), 20));
  });

  it('gives rows of one width with finite numbers only', () => {
    const rows = rowsOf(generator(), 2000);
    const [first] = rows;
    expect(rows.every(({ features }) => features.length === first!.features.length)).toBe(true);
    expect(rows.every(({ features, label }) => [...features, label].every(Number.isFinite))).toBe(true);
  });

  it('names an option that it does not know, and a value of another type', () => {
    const call = generator as (options: Record<string, unknown>) => unknown;
    expect(() => call({ sead: 1 })).toThrow(`generator ${name}: unknown option 'sead'; it has seed`);
    expect(() => call({ seed: 'one' })).toThrow(
      new UsageError('bad-option', `generator ${name}: expected seed to be a finite number, got "one"`),
    );
    expect(() => call({ seed: Number.NaN })).toThrow('expected seed to be a finite number');
  });
});

it('a generator checks the range of its options when its first row is drawn', () => {
  expect(() => rowsOf(generators.sine({ variant: 4 }), 1)).toThrow(
    'generator sine: expected variant to be 0, 1, 2 or 3',
  );
  expect(() => rowsOf(generators.sea({ thetas: [] }), 1)).toThrow('expected thetas to be at least one number');
  expect(() => rowsOf(generators.friedman({ changesAt: [5] }), 1)).toThrow('none or three numbers, got [5]');
});
