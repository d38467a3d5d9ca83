import { readFile, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { experimentLogFromText } from '../../src/experiments/experiment-log.ts';
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

/** The words of a command, of which some are in quotes. */
function wordsOf(command: string): string[] {
  return command.match(/'[^']*'|[^ ]+/g)!.map((word) => word.replaceAll("'", ''));
}

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
      const { code, stderr } = await run(directory, ...wordsOf(args!));
      expect(code, stderr).toBe(0);
    }
    const svg = await readFile(path.join(directory, 'out', 'intervals.svg'), 'utf8');
    const page = await readFile(path.join(directory, 'out', 'report.html'), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(page).not.toMatch(/<script|\ssrc=|<link|@import|url\((?!#)/);
    const [design, ...looks] = (await readFile(path.join(directory, 'out', 'looks.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n');
    const events = (await readFile(path.join(EXAMPLES, 'checkout-experiment', 'events.csv'), 'utf8'))
      .trimEnd()
      .split('\n');
    expect(JSON.parse(design!)).toMatchObject({ arms: { old: 0.5, new: 0.5 }, units: 'by unit' });
    expect(looks).toHaveLength(Math.ceil((events.length - 1) / 1000));
    expect(looks.map((line) => JSON.parse(line).looks)).toEqual(looks.map((_, i) => i + 1));
  });

  it('finds the known effect of the example, in its interval', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    await symlink(EXAMPLES, path.join(directory, 'examples'));
    const source = 'examples/checkout-experiment/events.csv';
    const args = ['--metric', 'spent', '--arm', 'arm', '--arms', 'old,new', '--unit', 'user', '--audit', 'looks.jsonl'];
    expect((await run(directory, 'abtest', '--source', source, ...args)).code).toBe(0);
    const { looks } = experimentLogFromText(await readFile(path.join(directory, 'looks.jsonl'), 'utf8'));
    // On the new page users buy in two fifths of their visits instead of one third: a fifth more.
    const [lower, upper] = looks.at(-1)!.comparisons[0]!.relative.interval;
    expect(lower).toBeGreaterThan(0);
    expect(lower).toBeLessThan(0.2);
    expect(upper).toBeGreaterThan(0.2);
  });

  it('compares several metrics, guards others, by event time, after a burn-in, in epochs', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const day = (i: number) => new Date(Date.UTC(2026, 0, 1 + Math.floor(i / 600))).toISOString();
    const rows = Array.from({ length: 14 * 600 }, (_, i) => {
      const user = i % 600;
      const second = user >= 300;
      const treated = (user * 7919) % 10 < (second ? 9 : 5);
      const novelty = treated && i < 3 * 600 ? 50 : 0;
      const clicks = Math.floor(3 * random.next()) + (treated ? 1 : 0);
      const fields = [treated ? 1 : 0, novelty + noise(), clicks, 3 + clicks, 10 + noise(), user, day(i)];
      return [...fields, second ? 'second' : ''].join(',');
    });
    const header = 'arm,spent,clicks,views,wait,user,day,epoch';
    await writeFile(path.join(directory, 'events.csv'), [header, ...rows, ''].join('\n'));
    const { code, stdout, stderr } = await run(
      directory,
      ...['abtest', '--source', 'events.csv', '--metric', 'spent', '--metric', 'ratio(clicks/views)'],
      ...['--guardrail', 'proportion(clicks) -0.1', '--guardrail', 'wait +5'],
      ...['--arm', 'arm', '--arms', '0,1', '--unit', 'user', '--time', 'day', '--burn-in', '3 days', '--minimum', '50'],
      ...['--epoch', 'epoch', '--epoch-arms', 'second:0=0.1,1=0.9', '--correction', 'e-bh', '--whole-period', '7 days'],
      ...['--mixing-variance', '0.04', '--max-records-per-batch', '700', '--report', 'out', '--quiet'],
    );
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^spent of 1 .* not yet$/m);
    expect(stdout).toMatch(/^ratio\(clicks\/views\) of 1 .* rejected at look 1$/m);
    expect(stdout).toMatch(/^proportion\(clicks\) of 1 .* safe at look 1$/m);
    expect(stdout).toContain('p after e-BH');
    expect(stdout).toContain('chance to win');
    expect(stdout).toContain('sample-ratio check: p 1;');
    expect(await readFile(path.join(directory, 'out', 'intervals-4.svg'), 'utf8')).toContain('wait: arm − 0');
  });

  it("weighs a bandit's traffic by propensity, and says when the propensities can't be true", async () => {
    const directory = await temporaryDirectory(onTestFinished);
    // In the second half values are higher, and most are treated.
    const rows = Array.from({ length: 8000 }, (_, i) => {
      const late = i >= 4000;
      const treated = random.next() < (late ? 0.9 : 0.1);
      return `${treated ? 'new' : 'old'},${noise() + (late ? 3 : 0)},${i},${treated === late ? 0.9 : 0.1},0.5`;
    });
    await writeFile(path.join(directory, 'events.csv'), ['arm,value,user,chance,wrong', ...rows, ''].join('\n'));
    const args = ['abtest', '--source', 'events.csv', ...COLUMNS, '--unit', 'user', '--quiet'];
    const weighted = await run(directory, ...args, '--propensity', 'chance');
    expect(weighted.code, weighted.stdout + weighted.stderr).toBe(3);
    const [, effect] = /^new +(-?\d\S*) /m.exec(weighted.stdout) ?? [];
    expect(Math.abs(Number(effect))).toBeLessThan(0.4);
    const wrong = await run(directory, ...args, '--propensity', 'wrong');
    expect(wrong.code).toBe(4);
    expect(wrong.stdout).toContain('by other chances than those that were told');
    const none = await run(directory, ...args, '--propensity', 'value');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('column value: expected a chance above 0 and at most 1');
  });

  it('compares quantiles, and caps values at one', async () => {
    const directory = await withEvents(6000, (i) => noise() + (i === 4000 ? 1e9 : 0) + (i % 2) * 0.4);
    const metrics = ['--metric', 'quantile(value, 0.8, 500)', '--metric', 'mean(value)', '--cap', 'p99/500'];
    const rest = ['--arm', 'arm', '--arms', 'old,new', '--quiet'];
    const { code, stdout, stderr } = await run(directory, 'abtest', '--source', 'events.csv', ...metrics, ...rest);
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/^quantile\(value, 0.8, 500\) of new +0\.[345]\d* .* rejected/m);
    expect(stdout).toMatch(/^mean\(value\) of new +0\.[345]\d* .* rejected/m);
  });

  it('tries a test out where nothing happens, and says when it is no good', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const levels = Array.from({ length: 200 }, () => 5 * noise());
    const rows = Array.from({ length: 4000 }, (_, i) => `old,${levels[i % 200]! + noise()},${i % 200}`);
    await writeFile(path.join(directory, 'past.csv'), ['arm,value,user', ...rows, ''].join('\n'));
    const args = ['abtest', '--source', 'past.csv', ...COLUMNS, '--calibrate', '100', '--minimum', '50'];
    const byUser = await run(directory, ...args, '--unit', 'user');
    expect(byUser.code, byUser.stderr).toBe(0);
    expect(byUser.stdout).toContain('100 experiments of 20 looks');
    expect(byUser.stdout).toContain('as it should be');
    // Dealt by line, visits of one user are in both arms, and nothing is wrong; one line a day of each is another thing.
    expect((await run(directory, ...args)).stdout).toContain('as it should be');
  });

  it('is read again, look by look, by `inspect`, which notices what was changed', async () => {
    const directory = await withEvents(4000, (i) => noise() + (i % 2) * 0.5);
    const args = ['--source', 'events.csv', ...COLUMNS, '--unit', 'user', '--audit', 'out/looks.jsonl', '--quiet'];
    expect((await run(directory, 'abtest', ...args, '--checkpoint', 'state')).code).toBe(0);
    const shown = await run(directory, 'inspect', 'out/looks.jsonl');
    expect(shown.code, shown.stderr).toBe(0);
    expect(shown.stdout).toContain('all 4 looks follow from the totals that they were made from');
    expect(shown.stdout.match(/^\d{4}-.* old \d+ new \d+ .*look \d.* rejected$/gm)).toHaveLength(4);
    const inState = await run(directory, 'inspect', 'state');
    expect(inState.stdout).toContain('all 4 looks follow');
    const file = path.join(directory, 'out', 'looks.jsonl');
    const log = await readFile(file, 'utf8');
    await writeFile(file, log.replaceAll('"decidedAt":1', '"decidedAt":2'));
    const changed = await run(directory, 'inspect', 'out/looks.jsonl');
    expect({ code: changed.code, stdout: changed.stdout }).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('look 1 of 4 does not follow from its totals: comparisons'),
    });
    expect(JSON.parse((await run(directory, 'inspect', file, '--json')).stdout).audit.confirmed).toBe(0);
    await writeFile(file, 'look 1');
    expect((await run(directory, 'inspect', file)).code).toBe(2);
  });

  it.each([
    [['--metric', 'value', '--arm', 'arm'], '--arms: expected the names of the arms'],
    [['--metric', 'price', '--arm', 'arm', '--arms', 'old,new'], "--metric: no column 'price'"],
    [['--metric', 'value', '--arm', 'arm', '--arms', 'old=0.5,new=0.6'], 'shares that add up to 1'],
    [['--metric', 'value', '--arm', 'arm', '--arms', 'a,b'], "unknown arm 'old'"],
    [['--metric', 'user', '--arm', 'arm', '--arms', 'old,new'], 'column user: expected a number'],
    [['--metric', 'ratio(value)', '--arm', 'arm', '--arms', 'old,new'], "'ratio(COLUMN/COLUMN)'"],
    [['--metric', 'value', '--metric', 'value', '--arm', 'arm', '--arms', 'old,new'], "'value' is there twice"],
    [[...COLUMNS, '--guardrail', 'value'], "such as 'wait +0.5'"],
    [[...COLUMNS, '--arms', 'old,old'], "'old' is there twice"],
    [[...COLUMNS, '--maximum', '100', '--tuned-for', '100'], 'cannot be used with'],
    [[...COLUMNS, '--epoch-arms', 'second:old=0.5,new=0.5'], '--epoch-arms: expected --epoch too'],
    [[...COLUMNS, '--burn-in', '3'], "expected units to be 'by unit' with a burn-in"],
    [[...COLUMNS, '--unit', 'user', '--burn-in', '3', '--cap', 'p9'], 'nor capped at one, with a burn-in'],
    [[...COLUMNS, '--time', 'user'], 'column user: expected a date'],
    [[...COLUMNS, '--calibrate', '0'], 'Expected a whole number from 1'],
    [[...COLUMNS, '--maximum', '500', '--correction', 'e-bh'], "'holm' with a group-sequential method"],
  ])('refuses %j in one line, with exit code 2', async (options, message) => {
    const directory = await withEvents(300, noise);
    const { code, stdout, stderr } = await run(directory, 'abtest', '--source', 'events.csv', ...options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
