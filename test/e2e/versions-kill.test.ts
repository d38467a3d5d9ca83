import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Random, seededRandom } from '../../src/host/random.ts';
import { PipelineModel, SQLTransformer } from '../../src/pipelines/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const PROGRAM = fileURLToPath(new URL('scoring-program.mjs', import.meta.url));
const KILLS = Number(process.env['KILLS'] ?? 25);
const SEED = Number(process.env['KILL_SEED'] ?? 20_261_121);
const ROWS_PER_BATCH = 20;
/** Between two kills there are fewer, so there are rows left when the last kill has come. */
const ROWS = ROWS_PER_BATCH * 30 * (KILLS + 2);
/** Of ten runs, two are killed while they start. */
const SHARE_KILLED_AT_START = 0.2;
const KILLED_WITHIN_MS = { start: 400, scoring: 250 };
const NEW_VERSION_WITHIN_MS = 400;

/** What a version makes of a row says which version it was. */
function model(version: number, outputCol = 'prediction', inputCol = 'x'): PipelineModel {
  const statement = `SELECT *, ${inputCol} * ${version} AS ${outputCol} FROM __THIS__`;
  return new PipelineModel({ stages: [new SQLTransformer({ statement })] });
}

/** Saves a version; four of ten are of no use. */
async function addVersion(models: string, version: number, random: Random): Promise<'good' | 'bad'> {
  const at = path.join(models, String(version));
  switch (Math.floor(random.next() * 10)) {
    case 0:
      await fs.mkdir(at);
      return 'bad';
    case 1:
      await model(version, 'other').save(at);
      return 'bad';
    case 2:
      await model(version, 'prediction', 'nowhere').save(at);
      return 'bad';
    case 3: {
      const whole = path.join(models, 'whole');
      await model(version).save(whole, { overwrite: true });
      await fs.truncate(path.join(whole, 'metadata/part-00000'), 60);
      await fs.rename(whole, at);
      return 'bad';
    }
    default:
      await model(version).save(at);
      return 'good';
  }
}

/** Adds versions until it is told to stop; gives the good ones. */
function addingVersions(models: string, random: Random) {
  const good = new Set<number>([1]);
  let stopped = false;
  const done = (async () => {
    for (let version = 2; !stopped; version++) {
      await new Promise((resolve) => setTimeout(resolve, random.next() * NEW_VERSION_WITHIN_MS));
      if ((await addVersion(models, version, random)) === 'good') good.add(version);
    }
  })();
  return {
    good,
    async stop() {
      stopped = true;
      await done;
    },
  };
}

function start(world: string) {
  const job = spawn(process.execPath, [PROGRAM, JSON.stringify({ world, rowsPerBatch: ROWS_PER_BATCH })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  job.stderr.on('data', (bytes) => {
    errors = (errors + bytes).slice(-3000);
  });
  const scoring = new Promise<void>((resolve) => job.stdout.once('data', () => resolve()));
  const ended = new Promise<{ code: number | null; signal: string | null; errors: string }>((resolve) => {
    job.once('close', (code, signal) => resolve({ code, signal, errors }));
  });
  return { job, scoring, ended };
}

/** The lines that each batch gave, by its time, each time that it was run. */
async function ledgerOf(world: string): Promise<ReadonlyMap<number, readonly string[]>> {
  const text = await fs.readFile(path.join(world, 'ledger'), 'utf8');
  const runs = new Map<number, string[]>();
  for (const line of text.split('\n').slice(0, -1)) {
    const { time, lines } = JSON.parse(line) as { time: number; lines: string[] };
    runs.set(time, [...(runs.get(time) ?? []), lines.join('\n')]);
  }
  return runs;
}

describe('a job that scores with a directory of versions', () => {
  it(`killed ${KILLS} times while good and bad ones come scores every row once, by versions that only go up (seed ${SEED})`, {
    timeout: 60_000 + KILLS * 10_000,
  }, async () => {
    const world = await temporaryDirectory(onTestFinished);
    const random = seededRandom(SEED);
    const rows = Array.from({ length: ROWS }, (_, id) => `${id},${1 + random.next()}`);
    await fs.writeFile(path.join(world, 'rows.csv'), `${rows.join('\n')}\n`);
    const models = path.join(world, 'models');
    await model(1).save(path.join(models, '1'));
    const versions = addingVersions(models, seededRandom(SEED + 1));
    onTestFinished(() => versions.stop());

    for (let killed = 0; killed < KILLS; killed++) {
      const { job, scoring, ended } = start(world);
      const atStart = random.next() < SHARE_KILLED_AT_START;
      const delay = random.next() * (atStart ? KILLED_WITHIN_MS.start : KILLED_WITHIN_MS.scoring);
      if (!atStart) await Promise.race([scoring, ended]);
      setTimeout(() => job.kill('SIGKILL'), delay);
      const { signal, code, errors } = await ended;
      expect(signal, `it ended by itself with code ${code} after ${killed} kills: ${errors}`).toBe('SIGKILL');
    }
    const last = await start(world).ended;
    expect(last.code, last.errors).toBe(0);
    await versions.stop();

    const files = (await fs.readdir(path.join(world, 'scores'))).sort();
    const batches = await Promise.all(
      files.map((name) => fs.readFile(path.join(world, 'scores', name, 'part-00000'), 'utf8')),
    );
    const scored = batches
      .join('')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(scored.map(([id, x]) => `${id},${x}`)).toEqual(rows);
    const used = scored.map((fields) => Number(fields[3]));
    for (const [i, [, x, prediction]] of scored.entries()) expect(Number(prediction)).toBe(Number(x) * used[i]!);
    expect(used).toEqual([...used].sort((a, b) => a - b));
    expect([...new Set(used)].filter((version) => !versions.good.has(version))).toEqual([]);
    expect(new Set(used).size).toBeGreaterThan(3);

    const [first, ...others] = [...(await ledgerOf(world))].sort(([a], [b]) => a - b).map(([, runs]) => runs);
    expect(others.length).toBe(batches.length - 1);
    const again = others.filter((runs) => runs.length > 1);
    expect(again.length, 'the kills must have met batches that were written and not committed').toBeGreaterThan(0);
    for (const runs of again) expect(new Set(runs).size).toBe(1);
    expect(first!.length).toBeGreaterThan(0);
  });
});
