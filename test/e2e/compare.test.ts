import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generators } from '../../src/index.ts';
import { rowsOf } from '../sources/generators/rows-of.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './millrace.ts';

/** Two clusters that jump half-way: a hundred batches of a hundred rows before, and a hundred after. */
const JUMPING = ['--source', 'generator:driftingClusters?rows=20000&jumpsAt=10000', '--features', 'x0,x1'];
const SETTINGS = ['--k', '3', '--max-records-per-batch', '100', '--quiet'];

/** The rows of the table on standard output, by candidate. */
function tableOf(stdout: string): Record<string, string[]> {
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s{2,}/));
  return Object.fromEntries(
    rows.filter((cells) => cells.length === 4 && !cells[0]!.startsWith('─')).map(([name, ...cells]) => [name!, cells]),
  );
}

describe('millrace compare', () => {
  it('compares decay factors: forgetting adapts at once, remembering does not, and oscillates less', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const { code, stdout, stderr } = await run(directory, 'compare', ...JUMPING, ...SETTINGS);
    expect(code, stderr).toBe(0);
    const table = tableOf(stdout);
    expect(Object.keys(table).sort()).toEqual(['candidate', 'α = 0', 'α = 0.5', 'α = 0.9', 'α = 1']);
    expect(stdout).toMatch(/^changes: batch 100$/m);
    const figures = (name: string) => table[name]!.map((cell) => Number.parseFloat(cell));
    const [costForgets, adaptsForgets, movesForgets] = figures('α = 0');
    const [costRemembers, adaptsRemembers, movesRemembers] = figures('α = 1');
    expect(costForgets).toBeLessThan(costRemembers!);
    expect(adaptsForgets).toBeLessThan(adaptsRemembers!);
    expect(movesForgets).toBeGreaterThan(movesRemembers!);
  });

  it('compares any settings of any model, where the relation changes and the features do not', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    // Labels are turned round after 40 batches, and back after 80.
    const rows = [0, 2, 0].flatMap((variant, seed) => rowsOf(generators.sine({ variant, seed }), 4000));
    const lines = rows.map(({ features, label }) => `${features.join()},${label}\n`);
    await writeFile(path.join(directory, 'turned.csv'), `x0,x1,label\n${lines.join('')}`);
    const { code, stdout, stderr } = await run(
      directory,
      ...['compare', '--model', 'sgd-classifier', '--scale', 'standard', '--source', 'turned.csv', '--quiet'],
      ...['--vary', 'step-size=0.0001,0.1', '--vary', 'optimizer=sgd,adam', '--max-records-per-batch', '100'],
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^changes: batch 40, 80$/m);
    const table = tableOf(stdout);
    expect(Object.keys(table)).toHaveLength(1 + 4);
    const slow = table['step-size = 0.0001, optimizer = sgd']!;
    const fast = table['step-size = 0.1, optimizer = sgd']!;
    expect(Number(slow[0])).toBeGreaterThan(Number(fast[0]));
    expect(slow[1]).toMatch(/^[\d.]+ batches \(\d+, \d+\)$/);
    const [, best] = Object.values(table);
    expect(Number.parseFloat(best![1]!)).toBeLessThan(Number.parseFloat(slow[1]!));
    expect(Number(slow[2])).toBeLessThan(Number(fast[2]));
  });

  it('writes a plot, and a page that needs nothing else', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const halfLives = ['--half-lives', '1 batches, 2000 points', '--report', 'out'];
    const { code, stderr } = await run(directory, 'compare', ...JUMPING, ...SETTINGS, ...halfLives);
    expect(code, stderr).toBe(0);
    const svg = await readFile(path.join(directory, 'out', 'comparison.svg'), 'utf8');
    const page = await readFile(path.join(directory, 'out', 'report.html'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).toContain('half-life 2000 points');
    expect(page).toContain('half-life 1 batches');
    expect(page.match(/<svg /g)).toHaveLength(2);
    expect(page).not.toMatch(/<script|\ssrc=|<link|@import|url\((?!#)/);
  });

  it.each([
    [['--decay-factors', '0.5,-1'], 'Decay factor must be nonnegative but got -1'],
    [['--decay-factors', '1', '--half-lives', '5 batches'], 'expected one of --vary, --decay-factors and --half-lives'],
    [['--model', 'linear'], '--vary: expected a setting of linear to compare, got none'],
    [['--model', 'linear', '--vary', 'k=1,2'], '--k: a linear model has no such parameter'],
    [['--vary', 'speed=1,2'], "Expected a setting and its values, such as 'step-size=0.01,0.1'"],
    [['--vary', 'k=1,2.5'], 'Expected a whole number'],
    [['--vary', 'k=1,2', '--vary', 'k=3'], 'k is there twice'],
    [['--model', 'sgd-regressor', '--vary', 'optimizer=sgd,newton'], 'Allowed choices are sgd, adaGrad, adam'],
    [['--decay-factors', 'x'], 'Expected a number'],
  ])('refuses %j in one line, with exit code 2', async (options, message) => {
    const { code, stdout, stderr } = await run('.', 'compare', ...JUMPING, ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
