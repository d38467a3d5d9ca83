import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditLooks, experimentLogFromText } from '../../src/experiments/experiment-log.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { run } from './millrace.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SEED = Number(process.env['KILL_SEED'] ?? 6);
const [EVENTS, USERS, BATCH] = [100_000, 20_000, 1000];

const ARGS = ['abtest', '--source', 'events.csv', '--metric', 'spent', '--metric', 'proportion(spent)', '--arm', 'arm'];
const REST = ['--arms', 'old,new', '--unit', 'user', '--time', 'at', '--max-records-per-batch', String(BATCH)];

/** Runs the command until it ends, or until it has told of so many looks and is killed; whether it was. */
function runAndKill(directory: string, args: readonly string[], afterLooks: number): Promise<boolean> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
  let looks = 0;
  child.stderr.on('data', (bytes: Buffer) => {
    looks += String(bytes).split('look ').length - 1;
    if (looks >= afterLooks) child.kill('SIGKILL');
  });
  return new Promise((resolve) => child.once('close', (_, signal) => resolve(signal === 'SIGKILL')));
}

describe('millrace abtest', () => {
  it(`killed again and again on ${EVENTS} events, has every look to the last bit (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const directory = await temporaryDirectory(onTestFinished);
    const rows = Array.from({ length: EVENTS }, (_, i) => {
      const user = Math.floor(random.next() * USERS);
      return `u${user},${user % 2 === 0 ? 'old' : 'new'},${nextNormal(random) + (user % 2) * 0.05},${1e12 + 60_000 * i}`;
    });
    await writeFile(path.join(directory, 'events.csv'), ['user,arm,spent,at', ...rows, ''].join('\n'));
    const whole = await run(directory, ...ARGS, ...REST, '--quiet', '--audit', 'whole.jsonl');
    const args = [...ARGS, ...REST, '--checkpoint', 'state', '--audit', 'killed.jsonl'];
    let kills = 0;
    while (await runAndKill(directory, args, 1 + Math.floor(40 * random.next()))) kills++;
    expect(kills).toBeGreaterThan(3);
    const log = await readFile(path.join(directory, 'killed.jsonl'), 'utf8');
    expect(log).toBe(await readFile(path.join(directory, 'whole.jsonl'), 'utf8'));
    expect(auditLooks(experimentLogFromText(log))).toEqual({ confirmed: EVENTS / BATCH });
    const last = await run(directory, ...args, '--quiet');
    expect(last.code).toBe(whole.code);
    expect(last.stdout.split('\naudit')[0]).toBe(whole.stdout.split('\naudit')[0]);
  }, 300_000);
});
