import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  assembleFeatures,
  assembleLabeled,
  generators,
  LabeledPoint,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
} from '../../src/index.ts';
import { rowsOf } from '../sources/generators/rows-of.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { Millrace, publish, run } from './millrace.ts';

const CHICKS = fileURLToPath(new URL('../../datasets/chick-weights/chick-weights.csv', import.meta.url));
const CLUSTERS = 'generator:driftingClusters?seed=3&rows=6000&jumpsAt=3000';
const K_MEANS = ['--model', 'kmeans', '--k', '3', '--half-life', '2 batches', '--features', 'x0,x1'];

/** With a saved k-means model, `clusters.json`, and the checkpoint of its training, `clusters-checkpoint`. */
let directory: string;

beforeAll(async () => {
  directory = await temporaryDirectory(afterAll);
  const args = ['--source', CLUSTERS, '--checkpoint', 'clusters-checkpoint', '--save', 'clusters.json'];
  const { code, stderr } = await run(directory, 'train', ...K_MEANS, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('saved clusters.json') });
});

/** For records that are all good. */
function fail(_position: number, error: Error): never {
  throw error;
}

/** A model or checkpoint as `inspect --json` shows it. */
async function inspected(name: string, inDirectory = directory) {
  const { code, stdout } = await run(inDirectory, 'inspect', name, '--json');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('millrace', () => {
  it('says with --help what it can do, and each command gives examples', async () => {
    const { code, stdout } = await run(directory, '--help');
    expect(code).toBe(0);
    const commands = Array.from(stdout.matchAll(/^ {2}([a-z]+) .*$/gm), ([, name]) => name!);
    expect(commands).toEqual(expect.arrayContaining(['train', 'score', 'publish', 'inspect']));
    for (const command of ['train', 'score', 'publish', 'inspect']) {
      const help = await run(directory, command, '--help');
      expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining(`$ millrace ${command}`) });
    }
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await run(directory, '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('millrace train', () => {
  it('finds the clusters of a stream, and tells of each batch', async () => {
    const { code, stderr } = await run(directory, 'train', ...K_MEANS, '--source', CLUSTERS, '--save', 'again.json');
    expect(code).toBe(0);
    expect(stderr.match(/^batch \d+ · 1000 rows/gm)).toHaveLength(6);
    expect((await inspected('again.json')).state).toEqual((await inspected('clusters.json')).state);
    const rows = rowsOf(generators.driftingClusters({ seed: 3, jumpsAt: [3000] }), 6000);
    const learner = new StreamingKMeans({ k: 3 }).setHalfLife(2, 'batches').setRandomCenters(2, 0, 42);
    for (let at = 0; at < rows.length; at += 1000) {
      const batch = rows.slice(at, at + 1000).map((row) => row.features);
      learner.update(assembleFeatures(batch, 2, fail));
    }
    expect((await inspected('clusters.json')).state.centers).toEqual(Array.from(learner.learnedValues()));
  });

  it('fits a line to a file by the names in its header', async () => {
    const args = ['--features', 'time', '--label', 'weight', '--fit-intercept', '--step-size', '0.01', '--quiet'];
    const files = ['--max-records-per-batch', '100', '--source', CHICKS, '--save', 'chicks.json'];
    const { code, stderr } = await run(directory, 'train', '--model', 'linear', ...args, ...files);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const rows = (await readFile(CHICKS, 'utf8')).trimEnd().split('\n').slice(1);
    const points = rows.map((row) => row.split(',').map(Number)).map(([y, x]) => LabeledPoint(y!, [x!]));
    const learner = new StreamingLinearRegressionWithSGD({ stepSize: 0.01, fitIntercept: true }).setInitialWeights([0]);
    for (let at = 0; at < points.length; at += 100) {
      learner.update(assembleLabeled(points.slice(at, at + 100), 1, fail));
    }
    const { weights, intercept } = (await inspected('chicks.json')).state;
    expect([...weights, intercept]).toEqual(Array.from(learner.learnedValues()));
  });

  it('goes on from a saved model', async () => {
    const before = await inspected('clusters.json');
    const source = ['--source', 'generator:driftingClusters?rows=0', '--features', 'x0,x1'];
    const args = ['--load', 'clusters.json', '--decay-factor', '0.25', '--save', 'loaded.json'];
    expect(await run(directory, 'train', ...source, ...args)).toMatchObject({ code: 0 });
    const after = await inspected('loaded.json');
    expect(after.state).toEqual(before.state);
    expect(after.params).toEqual({ ...before.params, decayFactor: 0.25 });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'finishes its batch, commits, saves and exits with 0 on %s',
    async (signal) => {
      const source = await publish(directory, 'generator:driftingClusters', '--rate', '20000');
      const here = await temporaryDirectory(onTestFinished);
      const files = ['--columns', 'x0,x1,label', '--checkpoint', 'checkpoint', '--save', 'model.json'];
      const train = new Millrace(here, [
        'train',
        ...[...K_MEANS, '--source', source, '--batch-duration', '50 ms', ...files],
      ]);
      await train.stderrMatches(/batch 2 /);
      const { code, stderr } = await train.kill(signal);
      expect(code).toBe(0);
      const lastBatch = Number(Array.from(stderr.matchAll(/^batch (\d+) /gm)).at(-1)![1]);
      const { committed, pending } = await inspected('checkpoint', here);
      expect(pending).toBeUndefined();
      expect(committed.batch).toBe(lastBatch);
      expect(committed.states.StreamingKMeans).toEqual((await inspected('model.json', here)).state);
    },
  );

  it('ends with the same model when it is killed and started again', async () => {
    const source = await publish(directory, 'generator:driftingClusters?rows=5000', '--resume', '--rate', '20000');
    const here = await temporaryDirectory(onTestFinished);
    const train = (name: string) => [
      ...['train', ...K_MEANS, '--source', source, '--resume', '--columns', 'x0,x1,label', '--batch-duration', '20 ms'],
      ...['--min-records-per-batch', '250', '--max-records-per-batch', '250', '--checkpoint', name],
      ...['--save', `${name}.json`],
    ];
    expect(await run(here, ...train('never-stopped'))).toMatchObject({ code: 0 });
    for (const batch of [3, 9]) {
      const killed = new Millrace(here, train('killed'));
      await killed.stderrMatches(new RegExp(`^batch ${batch} `, 'm'));
      expect((await killed.kill('SIGKILL')).code).toBeNull();
    }
    expect(await run(here, ...train('killed'))).toMatchObject({ code: 0 });
    expect(await readFile(path.join(here, 'killed.json'))).toEqual(
      await readFile(path.join(here, 'never-stopped.json')),
    );
    const { totals } = (await inspected('killed', here)).committed;
    expect(totals).toEqual({ batches: 20, records: 5000, rejected: 0 });
  });

  it('takes the files that appear in a directory', async () => {
    const here = await temporaryDirectory(onTestFinished);
    await mkdir(path.join(here, 'in'));
    const files = ['--source', 'in', '--columns', 'x0,x1', '--header', '--save', 'model.json'];
    const train = new Millrace(here, [
      ...['train', ...K_MEANS, ...files, '--batch-duration', '50 ms', '--empty-batches', 'run'],
    ]);
    await train.stderrMatches(/batch 0 · 0 rows/);
    await writeFile(path.join(here, 'a.csv'), 'x0,x1\n1,2\n3,4\n');
    await rename(path.join(here, 'a.csv'), path.join(here, 'in', 'a.csv'));
    await train.stderrMatches(/ · 3 rows .* loss /);
    expect(await train.kill('SIGINT')).toMatchObject({ code: 0 });
  });

  it('skips bad records and counts them where it is told to, and else ends', async () => {
    const here = await temporaryDirectory(onTestFinished);
    await writeFile(path.join(here, 'rows.csv'), 'x0,x1\n1,2\noops,3\n4,5\n');
    const args = ['train', ...K_MEANS, '--source', 'rows.csv'];
    const message = 'column x0: expected a number, got "oops" [operator map-1, batch 0, record 1 of partition 0]';
    expect(await run(here, ...args)).toEqual({ code: 2, stdout: '', stderr: `millrace: ${message}\n` });
    const skipped = await run(here, ...args, '--bad-records', 'skip');
    expect(skipped).toMatchObject({ code: 0, stderr: expect.stringContaining(`skipped a bad record: ${message}`) });
    expect(skipped.stderr).toContain(' · 1 bad');
  });
});

describe('millrace score', () => {
  const lines = rowsOf(generators.driftingClusters({ seed: 3 }), 10).map((row) => [...row.features, row.label].join());
  const source = ['--source', 'generator:driftingClusters?seed=3&rows=10', '--features', 'x0,x1'];

  it('gives each line with its nearest centre as the last column', async () => {
    const { code, stdout, stderr } = await run(directory, 'score', '--model', 'clusters.json', ...source, '--quiet');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { centers } = (await inspected('clusters.json')).state as { centers: number[] };
    const expected = lines.map((line) => {
      const [x, y] = line.split(',').map(Number);
      const distances = [0, 1, 2].map((k) => Math.hypot(x! - centers[2 * k]!, y! - centers[2 * k + 1]!));
      return `${line},${distances.indexOf(Math.min(...distances))}\n`;
    });
    expect(stdout).toBe(expected.join(''));
  });

  it('writes one directory a batch where it is told to', async () => {
    const here = await temporaryDirectory(onTestFinished);
    const model = path.join(directory, 'clusters.json');
    const args = ['--save-as-text-files', 'scores/part', '--max-records-per-batch', '4'];
    const { code, stdout } = await run(here, 'score', '--model', model, ...source, ...args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const batches = (await readdir(path.join(here, 'scores'))).sort();
    const parts = await Promise.all(
      batches.map((batch) => readFile(path.join(here, 'scores', batch, 'part-00000'), 'utf8')),
    );
    expect(parts.map((part) => part.trimEnd().split('\n').length)).toEqual([4, 4, 2]);
    expect(parts.join('').replaceAll(/,\d\n/g, '\n')).toBe(`${lines.join('\n')}\n`);
  });

  it('scores what a publisher sends', async () => {
    const socket = await publish(directory, 'generator:driftingClusters?seed=3&rows=10', '--once');
    const args = ['--source', socket, '--columns', 'x0,x1,label', '--features', 'x0,x1', '--batch-duration', '20 ms'];
    const { code, stdout } = await run(directory, 'score', '--model', 'clusters.json', ...args);
    expect(code).toBe(0);
    expect(stdout.replaceAll(/,\d\n/g, '\n')).toBe(`${lines.join('\n')}\n`);
  });
});

describe('millrace publish', () => {
  it('ends with exit code 0 when it is interrupted', async () => {
    const publisher = new Millrace(directory, ['publish', CHICKS, '--port', '0', '--repeat']);
    await publisher.stderrMatches(/^publishing .+chick-weights\.csv on 127\.0\.0\.1:\d+\n$/);
    expect(await publisher.kill('SIGINT')).toMatchObject({ code: 0, stdout: '' });
  });
});

describe('millrace inspect', () => {
  it('tells what is in a checkpoint', async () => {
    const { code, stdout } = await run(directory, 'inspect', 'clusters-checkpoint');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^last committed batch {2}5, of \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/m);
    expect(stdout).toMatch(/^since the beginning +6 batches, 6,000 records$/m);
    expect(stdout).toMatch(/^under way +nothing$/m);
    expect(stdout).toMatch(/^generator +6000$/m);
    expect(stdout).toMatch(/^StreamingKMeans +centers 6 numbers, weights 3 numbers, version 6 +73 B$/m);
    const { committed } = await inspected('clusters-checkpoint');
    expect(committed).toMatchObject({ batch: 5, offsets: { generator: 6000 } });
    expect(committed.states.StreamingKMeans).toEqual((await inspected('clusters.json')).state);
  });

  it('tells what is in a saved model', async () => {
    const { code, stdout } = await run(directory, 'inspect', 'clusters.json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kind +StreamingKMeans$/m);
    expect(stdout).toMatch(/^decayFactor +0\.707/m);
    expect(stdout.match(/^[012] +[\d.]+ +-?[\d.]+ {2}-?[\d.]+$/gm)).toHaveLength(3);
  });
});
