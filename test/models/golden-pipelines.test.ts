import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTable } from '../../src/pipelines/files/table-file.ts';
import { loadStage } from '../../src/pipelines/load-stage.ts';
import { PipelineModel } from '../../src/pipelines/pipeline.ts';

const PIPELINES = fileURLToPath(new URL('../../models/pipelines/', import.meta.url));
const names = (await fs.readdir(PIPELINES)).sort();

/** Sums of numbers in another order; networks compute in single precision. */
function digitsOf(name: string): number {
  return name.startsWith('networks') ? 5 : 9;
}

describe.each(names)('the golden pipeline %s', (name) => {
  const directory = path.join(PIPELINES, name);

  it('loads, and scores as it did when it was saved', async () => {
    const model = await loadStage(path.join(directory, 'model'), PipelineModel);
    const rows = await readTable(path.join(directory, 'rows.jsonl'));
    const scored = await model.transform(rows);
    const stored = (await fs.readFile(path.join(directory, 'scored.jsonl'), 'utf8')).trim().split('\n');
    expect(scored.rows).toBe(stored.length);
    scored.toRows().forEach((row, i) => {
      const expected = JSON.parse(stored[i]!) as Record<string, unknown>;
      expect(Object.keys(row).sort()).toEqual(Object.keys(expected).sort());
      for (const [column, value] of Object.entries(expected)) {
        expectNear(row[column], value, digitsOf(name), `row ${i}: ${column}`);
      }
    });
  });
});

it('there are two that Spark made', () => {
  expect(names.filter((name) => name.startsWith('spark-')).length).toBeGreaterThanOrEqual(2);
});

function expectNear(got: unknown, expected: unknown, digits: number, where: string): void {
  const [numbers, others] = [numbersIn(got), numbersIn(expected)];
  if (numbers === undefined || others === undefined) expect(got, where).toEqual(expected);
  else {
    expect(numbers.length, where).toBe(others.length);
    for (const [j, number] of numbers.entries()) expect(number, where).toBeCloseTo(others[j]!, digits);
  }
}

/** A number, or a vector of either form, as a list. */
function numbersIn(value: unknown): number[] | undefined {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return undefined;
  if ('indices' in value) {
    const { size, indices, values } = value as { size: number; indices: ArrayLike<number>; values: ArrayLike<number> };
    const dense = new Array<number>(size).fill(0);
    for (let p = 0; p < indices.length; p++) dense[indices[p]!] = values[p]!;
    return dense;
  }
  const list = Array.from(value as ArrayLike<unknown>);
  return list.every((each) => typeof each === 'number') ? (list as number[]) : undefined;
}
