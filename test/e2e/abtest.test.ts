import { readFile, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './millrace.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const COLUMNS = ['--metric', 'value', '--arm', 'arm', '--arms', 'old,new'];

/** A directory with `events.csv`: so many lines, in turns of old and new unless `arm` says otherwise. */
async function withEvents(lines: number, value: (i: number) => number, arm = (i: number) => (i % 2 ? 'new' : 'old')) {
  const directory = await temporaryDirectory(onTestFinished);
  const rows = Array.from({ length: lines }, (_, i) => `${arm(i)},${value(i)},user ${i % 600}`);
  await writeFile(path.join(directory, 'events.csv'), ['arm,value,user', ...rows, ''].join('\n'));
  return directory;
}

const random = seededRandom(11);
const noise = () => nextNormal(random);

describe('millrace abtest', () => {
  it('says by its exit code that there is an effect, and since when', async () => {
    const directory = await withEvents(4000, (i) => noise() + (i % 2) * 0.5);
    const { code, stdout, stderr } = await run(directory, 'abtest', '--source', 'events.csv', ...COLUMNS);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^new .+ rejected at look 1$/m);
    expect(stderr.trim().split('\n')).toHaveLength(4);
    expect(stderr).toMatch(/^look 4 · 4000 units · new 0\.\d+ \[.+\] p .+ · ratio p 1 · rejected$/m);
  });

  it('says that nothing is certain yet with 3, and that the arms have the wrong sizes with 4', async () => {
    const same = await withEvents(4000, noise);
    expect((await run(same, 'abtest', '--source', 'events.csv', ...COLUMNS)).code).toBe(3);
    const few = await withEvents(50, noise);
    const tooFew = await run(few, 'abtest', '--source', 'events.csv', ...COLUMNS);
    expect({ code: tooFew.code, stderr: tooFew.stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('it needs 100'),
    });
    const uneven = await withEvents(4000, noise, (i) => (i % 5 < 2 ? 'new' : 'old'));
    const { code, stdout } = await run(uneven, 'abtest', '--source', 'events.csv', ...COLUMNS, '--quiet');
    expect(code).toBe(4);
    expect(stdout).toContain('sample ratio mismatch');
  });

  it('adds up by unit, and goes on from a checkpoint without counting anything twice', async () => {
    const directory = await withEvents(3000, noise);
    const args = ['abtest', '--source', 'events.csv', ...COLUMNS, '--unit', 'user', '--checkpoint', 'state', '--quiet'];
    const first = await run(directory, ...args);
    const again = await run(directory, ...args);
    expect(first.stdout).toContain('units: old 300, new 300');
    expect(again).toEqual(first);
  });

  it('gives examples that work, a page that needs nothing else, and every look for the audit', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    await symlink(EXAMPLES, path.join(directory, 'examples'));
    const { stdout } = await run('.', 'abtest', '--help');
    const examples = stdout.replaceAll('\\\n', ' ').matchAll(/^ {2}\$ millrace (.+)$/gm);
    for (const [, args] of examples) {
      const { code, stderr } = await run(directory, ...args!.split(/ +/));
      expect(code, stderr).toBe(0);
    }
    const svg = await readFile(path.join(directory, 'out', 'intervals.svg'), 'utf8');
    const page = await readFile(path.join(directory, 'out', 'report.html'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(page).not.toMatch(/<script|\ssrc=|<link|@import|url\((?!#)/);
    const looks = (await readFile(path.join(directory, 'out', 'looks.jsonl'), 'utf8')).trimEnd().split('\n');
    const events = (await readFile(path.join(EXAMPLES, 'checkout-experiment', 'events.csv'), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(looks).toHaveLength(Math.ceil((events.length - 1) / 1000));
    expect(looks.map((line) => JSON.parse(line).looks)).toEqual(looks.map((_, i) => i + 1));
  });

  it.each([
    [['--metric', 'value', '--arm', 'arm'], '--arms: expected the names of the arms'],
    [['--metric', 'price', '--arm', 'arm', '--arms', 'old,new'], "--metric: no column 'price'"],
    [['--metric', 'value', '--arm', 'arm', '--arms', 'old=0.5,new=0.6'], 'shares that add up to 1'],
    [['--metric', 'value', '--arm', 'arm', '--arms', 'a,b'], "unknown arm 'old'"],
    [['--metric', 'user', '--arm', 'arm', '--arms', 'old,new'], 'column user: expected a number'],
  ])('refuses %j in one line, with exit code 2', async (options, message) => {
    const directory = await withEvents(300, noise);
    const { code, stdout, stderr } = await run(directory, 'abtest', '--source', 'events.csv', ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
