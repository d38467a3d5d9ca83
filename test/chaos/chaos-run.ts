import { setTimeout as after } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Random } from '../../src/index.ts';
import { INTERRUPTED, type Interrupted, interruptedBy, momentToKill } from './kill-moments.ts';
import { tearLastRecord } from './power-cut.ts';
import { Program, type ProgramSettings } from './program.ts';
import { END, type Sender } from './sender.ts';

export interface ChaosOptions {
  readonly kills: number;
  /** When to stop killing, milliseconds since 1970. */
  readonly until: number;
  readonly random: Random;
  /** What the program is started with, beside its world. */
  readonly settings?: Partial<ProgramSettings>;
}

export interface ChaosFigures {
  readonly kills: number;
  /** How many kills interrupted what; one kill may count for several. */
  readonly interrupted: Readonly<Record<Interrupted, number>>;
  /** How often a record of the journal was torn after a kill. */
  readonly torn: number;
}

const MOST_LINES_AT_ONCE = 20;
const MOST_RECORDS_A_FILE = 30;
const FILE_SHARE = 0.05;
const LONGEST_PAUSE_MS = 60;
/** Of the kills after which the journal's last record can be torn. */
const TEAR_SHARE = 0.5;

/** For a test: runs the program in a world, and kills it again and again while records come; at last lets it end. */
export async function runChaos(world: string, sender: Sender, options: ChaosOptions): Promise<ChaosFigures> {
  const { kills: most, until, random, settings } = options;
  let program: Program | undefined;
  onTestFinished(async () => void (await program?.kill())); // where the test fails or takes too long
  const start = (ends: number) => {
    program = new Program({ ...settings, world, port: sender.port, ends });
    return program;
  };
  const interrupted = Object.fromEntries(INTERRUPTED.map((what) => [what, 0])) as Record<Interrupted, number>;
  const answered = settings?.acknowledges ?? false;
  const enough = new AbortController();
  const feeding = feed(sender, random, enough.signal);
  let kills = 0;
  let torn = 0;
  try {
    while (kills < most && Date.now() < until) {
      const victim = start(2);
      await momentToKill(victim, world, random);
      const { signal, code, errors } = await victim.kill();
      if (signal !== 'SIGKILL') throw new Error(`after ${kills} kills it ended by itself, code ${code}: ${errors}`);
      kills++;
      for (const what of await interruptedBy(world)) interrupted[what]++;
      if (random.next() < TEAR_SHARE && (await tearLastRecord(world, random, { answered }))) torn++;
    }
  } finally {
    enough.abort();
    await feeding;
  }
  sender.sendLines(1, END);
  await sender.putFile(1, END);
  await toTheEnd(start(2));
  // Once more, so that also the last commit is read again.
  sender.sendLines(1, END);
  await toTheEnd(start(3));
  return { kills, interrupted, torn };
}

/** Awaits the end of a program that nobody kills. */
export async function toTheEnd(program: Program): Promise<void> {
  const { code, errors } = await program.ended;
  if (code !== 0) throw new Error(`it did not end as it should, code ${code}: ${errors}`);
}

/** Sends records at random, whether anyone receives them or not. */
async function feed(sender: Sender, random: Random, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (random.next() < FILE_SHARE) await sender.putFile(1 + Math.floor(random.next() * MOST_RECORDS_A_FILE));
    else sender.sendLines(1 + Math.floor(random.next() * MOST_LINES_AT_ONCE));
    await after(random.next() * LONGEST_PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}
