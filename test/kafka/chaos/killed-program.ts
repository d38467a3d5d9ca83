import { spawn } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../../src/host/random.ts';

const PROGRAM = fileURLToPath(new URL('program.mjs', import.meta.url));
const [STARTING_MS, RUNNING_MS] = [600, 500];
/** Share of the kills that may fall before the first batch. */
const EARLY = 0.2;

/** Runs the program until it ends or, where a random draw says when, is killed. Rejects where it fails. */
export async function runKilled(settings: object, random: Random | undefined): Promise<'killed' | 'ended'> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const started = new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise<NodeJS.Signals | number | null>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  if (random !== undefined) {
    const early = random.next() < EARLY;
    const delayMs = random.next() * (early ? STARTING_MS : RUNNING_MS);
    await Promise.race([early ? undefined : started, ended]);
    await Promise.race([after(delayMs), ended]);
    child.kill('SIGKILL');
  }
  const end = await ended;
  if (end === 'SIGKILL') return 'killed';
  if (end === 0) return 'ended';
  throw new Error(`the program ended with ${end}: ${errors}`);
}
