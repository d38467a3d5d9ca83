import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCheckpoint, seededRandom } from '../../src/index.ts';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const FLIGHTS = fileURLToPath(new URL('../../datasets/flights/flights-50k.csv', import.meta.url));
const KILLS = 50;
const SEED = Number(process.env['KILL_SEED'] ?? 20011208);

/** Of ten runs, three are killed while they start, at most so long after that; the others once they have trained a batch. */
const SHARE_KILLED_AT_START = 0.3;
const KILLED_WITHIN_MS = { start: 300, training: 120 };

let workDirectory: string;
let publisher: ChildProcess;
let address: string;

beforeAll(async () => {
  workDirectory = await fs.mkdtemp(path.join(os.tmpdir(), 'millrace-kill-'));
  publisher = spawn(process.execPath, [MAIN, 'publish', FLIGHTS, '--port', '0', '--resume'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  address = await new Promise<string>((resolve, reject) => {
    publisher.stderr!.on('data', (bytes) => {
      const listening = /on (127\.0\.0\.1:\d+)/.exec(String(bytes));
      if (listening !== null) resolve(listening[1]!);
    });
    publisher.once('exit', (code) => reject(new Error(`the publisher ended with code ${code}`)));
  });
});

afterAll(async () => {
  publisher.kill();
  await fs.rm(workDirectory, { recursive: true, force: true });
});

/** Starts the main job; it ends by itself, or when it is killed. */
function startJob(run: string) {
  const out = path.join(workDirectory, run, 'out');
  const checkpoint = path.join(workDirectory, run, 'checkpoint');
  const job = spawn(
    process.execPath,
    [MAIN, 'demo', '--out', out, '--checkpoint', checkpoint, '--connect', address, '--batch-duration', '10 ms'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let errors = '';
  job.stderr!.on('data', (bytes) => {
    errors = (errors + bytes).slice(-2000);
  });
  const ended = new Promise<{ code: number | null; signal: string | null; errors: string }>((resolve) => {
    job.once('close', (code, signal) => resolve({ code, signal, errors }));
  });
  return { job, ended, out, checkpoint };
}

/** All that a finished run leaves behind, without what depends on the hour: the names of score directories. */
async function resultsOf(run: string) {
  const out = path.join(workDirectory, run, 'out');
  const models: Record<string, string> = {};
  for (const name of (await fs.readdir(path.join(out, 'models'))).sort()) {
    models[name] = await fs.readFile(path.join(out, 'models', name), 'utf8');
  }
  const scores: string[] = [];
  for (const name of (await fs.readdir(path.join(out, 'scores'))).sort()) {
    scores.push(await fs.readFile(path.join(out, 'scores', name, 'part-00000'), 'utf8'));
  }
  const { committed, pending } = await readCheckpoint(path.join(workDirectory, run, 'checkpoint'));
  const { batch, offsets, states, totals } = committed;
  return { models, scores, pending, batch, offsets, states, totals };
}

describe('the main job', () => {
  it(`killed ${KILLS} times and started again leaves exactly what a run never killed leaves (seed ${SEED})`, async () => {
    const random = seededRandom(SEED);
    const whole = startJob('whole');
    const end = await whole.ended;
    expect(end.code, end.errors).toBe(0);

    let killed = 0;
    let batchesSeen = 0;
    while (killed < KILLS) {
      const { job, ended } = startJob('killed');
      const atStart = random.next() < SHARE_KILLED_AT_START;
      const delay = random.next() * (atStart ? KILLED_WITHIN_MS.start : KILLED_WITHIN_MS.training);
      const kill = () => setTimeout(() => job.kill('SIGKILL'), delay);
      if (atStart) kill();
      else job.stderr!.once('data', kill);
      const { signal, code, errors } = await ended;
      expect(signal, `it ended by itself with code ${code} after ${killed} kills: ${errors}`).toBe('SIGKILL');
      killed++;
    }
    batchesSeen = (await readCheckpoint(path.join(workDirectory, 'killed', 'checkpoint'))).committed.batch;
    expect(batchesSeen, 'the kills must have met a job that was training').toBeGreaterThan(0);

    const last = await startJob('killed').ended;
    expect(last.code, last.errors).toBe(0);
    const results = await resultsOf('killed');
    expect(results).toEqual(await resultsOf('whole'));
    expect(results.totals).toEqual({ batches: 500, records: 50_000, rejected: 0 });
  }, 300_000);
});
