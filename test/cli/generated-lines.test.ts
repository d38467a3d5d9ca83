import { describe, expect, it } from 'vitest';
import { generatedLines, isGenerator, parseGenerator } from '../../src/cli/generated-lines.ts';
import { generators } from '../../src/index.ts';

describe('parseGenerator', () => {
  it('gives the stream that the options ask for, and names its columns', () => {
    const { stream, columns, rows } = parseGenerator('generator:sea?seed=7&noise=0&thetas=8,9&rows=20');
    expect(columns).toEqual(['x0', 'x1', 'x2', 'label']);
    expect(rows).toBe(20);
    const [first] = stream;
    const [expected] = generators.sea({ seed: 7, noise: 0, thetas: [8, 9] });
    expect(first).toEqual(expected);
  });

  it('is endless unless rows are asked for', () => {
    expect(parseGenerator('generator:led').rows).toBeUndefined();
  });

  it.each([
    ['generator:sea2', "unknown generator 'sea2'; there are agrawal, "],
    ['generator:toString', "unknown generator 'toString'"],
    ['generator:sea?sead=1', "generator sea: unknown option 'sead'; it has seed, thetas, blockRows, noise"],
    ['generator:sea?seed=abc', "generator sea: expected seed to be a number, got 'abc'"],
    ['generator:sea?seed=', "generator sea: expected seed to be a number, got ''"],
    ['generator:sea?thetas=8,,9', "generator sea: expected thetas to be a number, got ''"],
    ['generator:sine?variant=9', 'generator sine: expected variant to be 0, 1, 2 or 3, got 9'],
  ])('refuses %s', (source, message) => {
    expect(() => parseGenerator(source)).toThrow(message);
  });
});

it('generatedLines gives features and label to the last digit, the same each time', () => {
  const generated = parseGenerator('generator:friedman?rows=3');
  const lines = generatedLines(generated);
  const rows = Array.from(lines, (line) => line.split(',').map(Number));
  expect(rows).toHaveLength(3);
  const iterator = generated.stream[Symbol.iterator]();
  for (const row of rows) {
    const { features, label } = iterator.next().value;
    expect(row).toEqual([...features, label]);
  }
  expect([...lines]).toEqual([...lines]);
  expect([...generatedLines({ ...generated, rows: 0 })]).toEqual([]);
});

it('isGenerator knows a generator by its prefix', () => {
  expect([isGenerator('generator:sea'), isGenerator('generators.csv')]).toEqual([true, false]);
});
