import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Observation, type Random, SequentialTest, seededRandom } from 'millrace';
import { interleaved, type Measured } from './interleaved.ts';

const UNITS = 1_000_000;
const EVENTS = 2_000_000;
const EVENTS_A_BATCH = 100_000;
/** Rounds of whole processes, at most: each takes seconds. */
const MOST_COMMANDS = 5;

/** How fast the events of a million users become the two sums of an A/B test, against a plain loop that does only that. */
export async function perUnitAggregation(rounds: number): Promise<Measured> {
  const batches = eventsInBatches(seededRandom(1));
  const measured = await interleaved(
    async () => timed(() => sequentialTest(batches)),
    async () => timed(() => plainLoop(batches)),
    rounds,
  );
  return { what: 'A/B test by user, 10⁶ users', rows: EVENTS, ...measured };
}

/** How fast `millrace abtest` goes through a file of events of a million users, to its verdict, against a program that does only that. */
export async function abtestCommand(rounds: number): Promise<Measured> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'millrace-abtest-'));
  const file = path.join(directory, 'events.csv');
  fs.writeFileSync(file, eventsAsText(seededRandom(1)));
  const options = ['--metric', 'value', '--arm', 'arm', '--arms', 'control,treatment', '--unit', 'user', '--quiet'];
  const batches = ['--max-records-per-batch', '20000', '--batch-duration', '1 ms'];
  try {
    const measured = await interleaved(
      async () => timed(() => runNode('../dist/cli/main.js', ['abtest', '--source', file, ...options, ...batches])),
      async () => timed(() => runNode('plain-abtest.js', [file])),
      Math.min(rounds, MOST_COMMANDS),
    );
    return { what: '`millrace abtest --unit`, 10⁶ users, process and file included', rows: EVENTS, ...measured };
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Bytes that a user of an experiment takes up, of a million with names of ten letters. */
export async function bytesPerUnit(): Promise<number> {
  const experiment = new SequentialTest({ arms: { control: 0.5, treatment: 0.5 } });
  const before = usedBytes();
  for (let first = 0; first < UNITS; first += EVENTS_A_BATCH) {
    experiment.update(
      Array.from({ length: EVENTS_A_BATCH }, (_, i): Observation => {
        const user = first + i;
        return {
          arm: user % 2 === 0 ? 'control' : 'treatment',
          unit: `user${String(user).padStart(6, '0')}`,
          value: 1,
        };
      }),
    );
  }
  await setImmediate(); // so that the last batch is on no stack any more
  return (usedBytes() - before) / experiment.size;
}

function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  // The bytes of arrays that are gone are given back by the collection after the one that found them gone.
  const collect = runInNewContext('gc');
  for (let i = 0; i < 3; i++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function runNode(script: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args]);
  // 3: no verdict yet.
  if (status !== 0 && status !== 3) throw new Error(`${script} ended with ${status}: ${stderr}`);
}

function eventsAsText(random: Random): string {
  const lines = Array.from({ length: EVENTS }, () => {
    const user = Math.floor(random.next() * UNITS);
    return `user${user},${user % 2 === 0 ? 'control' : 'treatment'},${random.next().toFixed(4)}`;
  });
  return `user,arm,value\n${lines.join('\n')}\n`;
}

function eventsInBatches(random: Random): readonly (readonly Observation[])[] {
  return Array.from({ length: EVENTS / EVENTS_A_BATCH }, () =>
    Array.from({ length: EVENTS_A_BATCH }, (): Observation => {
      const unit = Math.floor(random.next() * UNITS);
      return { arm: unit % 2 === 0 ? 'control' : 'treatment', unit, value: random.next() };
    }),
  );
}

/** A look after every batch. */
function sequentialTest(batches: readonly (readonly Observation[])[]): void {
  const experiment = new SequentialTest({ arms: { control: 0.5, treatment: 0.5 } });
  for (const batch of batches) experiment.update(batch);
}

/** Users' sums, and at the end, once, the sums and squares of each arm. */
function plainLoop(batches: readonly (readonly Observation[])[]): number {
  const rows = new Map<unknown, number>();
  const arms = new Uint8Array(UNITS);
  const sums = new Float64Array(UNITS);
  for (const batch of batches) {
    for (const { unit, arm, value } of batch) {
      let row = rows.get(unit);
      if (row === undefined) {
        row = rows.size;
        rows.set(unit, row);
        arms[row] = arm === 'control' ? 0 : 1;
      }
      sums[row]! += value;
    }
  }
  const total = [0, 0];
  for (let row = 0; row < rows.size; row++) total[arms[row]!]! += sums[row]! ** 2;
  return total[0]! - total[1]!;
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
