import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Random } from '../../src/index.ts';
import { readJournalFile } from './journal-file.ts';
import type { Program } from './program.ts';

/** A way to choose the moment of a kill. */
interface Aim {
  readonly share: number;
  /** Resolves when it is time, or when `signal` says that it is over anyway. */
  readonly wait: (program: Program, world: string, random: Random, signal: AbortSignal) => Promise<unknown>;
}

const STARTING_MS = 250;
const RUNNING_MS = 400;
const JOURNAL_MS = 6;
const SNAPSHOT_MS = 3;
const OUTPUT_MS = 8;
/** When what was aimed at doesn't show, the kill falls anywhere. */
const LONGEST_AIM_MS = 2000;

/** Some kills fall anywhere; some aim at what is short, a moment after the disk shows that it begins. */
const AIMS: readonly Aim[] = [
  { share: 0.1, wait: (_program, _world, random, signal) => pause(random.next() * STARTING_MS, signal) },
  {
    share: 0.3,
    async wait({ started }, _world, random, signal) {
      await Promise.race([started, aborted(signal)]);
      await pause(random.next() * RUNNING_MS, signal);
    },
  },
  { share: 0.2, wait: aimedAt('checkpoint', /\.log$/, JOURNAL_MS) },
  { share: 0.2, wait: aimedAt('checkpoint', /\.log\.tmp$/, SNAPSHOT_MS) },
  { share: 0.2, wait: aimedAt('output', /^\./, OUTPUT_MS) },
];

/** Waits for a moment to kill the program, by an aim drawn at random, or for its end. */
export async function momentToKill(program: Program, world: string, random: Random): Promise<void> {
  const over = new AbortController();
  void program.ended.then(() => over.abort());
  let draw = random.next();
  const aim = AIMS.find(({ share }) => {
    draw -= share;
    return draw < 0;
  });
  await (aim ?? AIMS[0]!).wait(program, world, random, over.signal);
}

/** Up to `withinMs` after a file of such a name shows up or changes in a directory of a program that runs. */
function aimedAt(directory: string, name: RegExp, withinMs: number): Aim['wait'] {
  return async ({ started }, world, random, signal) => {
    await Promise.race([started, aborted(signal)]);
    if (signal.aborted) return;
    const watched = path.join(world, directory);
    fs.mkdirSync(watched, { recursive: true });
    const watcher = fs.watch(watched);
    const seen = new Promise<void>((resolve) => {
      watcher.on('change', (_event, file) => void (name.test(String(file)) && resolve()));
    });
    await Promise.race([seen, pause(LONGEST_AIM_MS, signal)]);
    watcher.close();
    await pause(random.next() * withinMs, signal);
  };
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return after(durationMs, undefined, { signal }).catch(() => {});
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** What a kill interrupted, as the disk shows it. */
export const INTERRUPTED = [
  'nothing on the disk',
  'a batch between plan and commit',
  'an output being written',
  'an output written but not yet in place',
  'a snapshot being written',
  'the removal of the old journal',
] as const;
export type Interrupted = (typeof INTERRUPTED)[number];

export async function interruptedBy(world: string): Promise<readonly Interrupted[]> {
  const found: Interrupted[] = [];
  const { names, records } = await readJournalFile(path.join(world, 'checkpoint'));
  const last = records.findLast(({ type }) => type !== 'received');
  if (last?.type === 'plan') {
    found.push('a batch between plan and commit');
    const outputs = await fs.promises.readdir(path.join(world, 'output')).catch((): string[] => []);
    const unfinished = outputs.filter((name) => name.startsWith('.') && name.includes(`-${last.time}.`));
    if (unfinished.length > 0) found.push('an output being written');
    for (const name of unfinished) {
      const parts = await fs.promises.readdir(path.join(world, 'output', name));
      if (parts.includes('_SUCCESS')) found.push('an output written but not yet in place');
    }
  }
  if (names.some((name) => name.endsWith('.tmp'))) found.push('a snapshot being written');
  if (names.filter((name) => name.endsWith('.log')).length > 1) found.push('the removal of the old journal');
  return found.length === 0 ? ['nothing on the disk'] : found;
}
