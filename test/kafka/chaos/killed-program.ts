import { spawn } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../../../src/host/random.ts';

const [STARTING_MS, RUNNING_MS] = [600, 500];
/** Share of the kills that may fall before the first batch. */
const EARLY = 0.2;

/** A program in a process of its own. */
export interface RunningProgram {
  /** Resolves when it has said something. */
  readonly started: Promise<unknown>;
  /** How it ended; rejects with what it said where it failed. */
  readonly ended: Promise<'killed' | 'ended'>;
  kill(): void;
}

/** Starts a program of this directory. */
export function startProgram(name: string, settings: object): RunningProgram {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const started = new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise<'killed' | 'ended'>((resolve, reject) => {
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('ended');
      else reject(new Error(`the program ended with ${signal ?? code}: ${errors}`));
    });
  });
  return { started, ended, kill: () => void child.kill('SIGKILL') };
}

/** Runs the program until it ends or, where a random draw says when, is killed. Rejects where it fails. */
export async function runKilled(settings: object, random: Random | undefined): Promise<'killed' | 'ended'> {
  const { started, ended, kill } = startProgram('program.mjs', settings);
  if (random !== undefined) {
    const early = random.next() < EARLY;
    const delayMs = random.next() * (early ? STARTING_MS : RUNNING_MS);
    await Promise.race([early ? undefined : started, ended]);
    await Promise.race([after(delayMs), ended]);
    kill();
  }
  return ended;
}
