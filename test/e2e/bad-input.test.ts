import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { Millrace, publish, run } from './millrace.ts';

const CHICKS = fileURLToPath(new URL('../../datasets/chick-weights/chick-weights.csv', import.meta.url));
const K_MEANS = ['--model', 'kmeans', '--k', '3', '--features', 'x0,x1'];

let directory: string;

describe('bad input gives one clear line and exit code 2', () => {
  beforeAll(async () => {
    directory = await temporaryDirectory(afterAll);
    const source = ['--source', 'generator:driftingClusters?rows=6000'];
    await run(
      directory,
      'train',
      ...K_MEANS,
      ...source,
      '--checkpoint',
      'clusters-checkpoint',
      '--save',
      'clusters.json',
    );
    const model = await readFile(path.join(directory, 'clusters.json'), 'utf8');
    await writeFile(path.join(directory, 'newer.json'), model.replace('"version":1', '"version":99'));
    await writeFile(path.join(directory, 'damaged.json'), model.replace('"k":3', '"k":2'));
    await writeFile(path.join(directory, 'empty.csv'), '');
    await writeFile(path.join(directory, 'no-model.json'), '{}');
    const [journal] = (await readdir(path.join(directory, 'clusters-checkpoint'))).filter((name) => /log$/.test(name));
    const text = await readFile(path.join(directory, 'clusters-checkpoint', journal!), 'utf8');
    await mkdir(path.join(directory, 'damaged-checkpoint'));
    await writeFile(path.join(directory, 'damaged-checkpoint', journal!), text.replace('"batch":2', '"batch":3'));
    await mkdir(path.join(directory, 'empty-checkpoint'));
  });

  const clusters = ['--source', 'generator:driftingClusters?rows=10'];
  it.concurrent.each<[string, readonly string[], string | RegExp]>([
    ['an unknown command', ['trian'], "unknown command 'trian' (Did you mean train?)"],
    ['an unknown option', ['train', '--souce', 'x'], "unknown option '--souce' (Did you mean --source?)"],
    ['no source', ['train', '--model', 'kmeans'], '--source: expected where the records come from, got none'],
    [
      'no model',
      ['train', ...clusters],
      /^--model: expected kmeans, linear, logistic, .+, got none \(or --load a saved model\)$/,
    ],
    ['a missing file', ['train', '--source', 'no.csv'], '--source: no file or directory at no.csv'],
    [
      'an empty file',
      ['train', '--source', 'empty.csv'],
      '--source: expected a header line in empty.csv, got an empty file',
    ],
    [
      'a bad port',
      ['train', '--source', 'socket://here:x'],
      '--source: expected socket://HOST:PORT, got socket://here:x',
    ],
    [
      'a socket without columns',
      ['train', '--source', 'socket://127.0.0.1:1'],
      /^--columns: expected the names of the columns, as the source is a socket/,
    ],
    [
      'a directory without columns',
      ['train', '--source', '.'],
      /^--columns: expected the names of the columns, as the source is a directory/,
    ],
    [
      'an unknown generator',
      ['train', '--source', 'generator:see'],
      /^generator: unknown generator 'see'; there are agrawal,/,
    ],
    [
      'an unknown column',
      ['train', ...K_MEANS, ...clusters, '--features', 'x0,x9'],
      "--features: no column 'x9'; the columns are x0, x1, label",
    ],
    [
      'an unknown label',
      ['train', '--model', 'linear', '--label', 'y', ...clusters],
      "--label: no column 'y'; the columns are x0, x1, label",
    ],
    [
      'a decay factor of −1',
      ['train', ...clusters, '--model', 'kmeans', '--decay-factor', '-1'],
      'StreamingKMeans: Decay factor must be nonnegative but got -1',
    ],
    [
      'no number',
      ['train', ...clusters, '--k', 'two'],
      "option '--k <n>' argument 'two' is invalid. Expected a number.",
    ],
    [
      'a bad duration',
      ['train', ...K_MEANS, ...clusters, '--batch-duration', 'soon'],
      /^batchDuration: expected a duration .* got "soon"$/,
    ],
    [
      'a place to save that is none',
      ['train', ...K_MEANS, ...clusters, '--save', 'no/model.json'],
      '--save: no directory at no',
    ],
    [
      'no learner left finite',
      ['train', '--model', 'linear', '--step-size', '1e300', ...clusters],
      /^StreamingLinearRegressionWithSGD: weights would leave the finite numbers/,
    ],
    ['a missing model', ['score', ...clusters, '--model', 'no.json'], '--model: nothing at no.json; check the path'],
    [
      'a damaged model',
      ['score', ...clusters, '--model', 'damaged.json'],
      'saved model damaged.json: it is not as it was written; save it again',
    ],
    [
      'a newer model',
      ['inspect', 'newer.json'],
      /^saved model newer\.json: format version 99, this Millrace reads up to \d+; use a newer one$/,
    ],
    [
      'another file as a model',
      ['inspect', 'no-model.json'],
      /^saved model no-model\.json: expected a millrace-model, got none$/,
    ],
    [
      'a model of another width',
      ['score', '--model', 'clusters.json', ...clusters, '--features', 'x0'],
      '--features: clusters.json expects 2 features, got 1 columns',
    ],
    ['nothing to inspect', ['inspect', 'nowhere'], 'inspect: no file or directory at nowhere'],
    ['an empty checkpoint', ['inspect', 'empty-checkpoint'], 'checkpoint: no journal in empty-checkpoint'],
    [
      'a damaged checkpoint',
      ['inspect', 'damaged-checkpoint'],
      /^checkpoint damaged-checkpoint.*: record \d+, at byte \d+, is damaged/,
    ],
    [
      'going on from a damaged checkpoint',
      ['train', ...K_MEANS, ...clusters, '--checkpoint', 'damaged-checkpoint'],
      /^checkpoint damaged-checkpoint.*: record \d+, at byte \d+, is damaged/,
    ],
    [
      'a checkpoint of another model',
      ['train', '--model', 'linear', ...clusters, '--checkpoint', 'clusters-checkpoint'],
      /^checkpoint: it holds the state 'StreamingKMeans', which this program lacks/,
    ],
    ['nothing to publish', ['publish', 'no.csv', '--port', '0'], /^publish: can't read no\.csv/],
    [
      'a rate of 0',
      ['publish', CHICKS, '--port', '0', '--rate', '0'],
      'publish: expected a rate above 0 rows a second, got 0',
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(directory, ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^millrace: [^\n]+\n$/);
    const line = stderr.slice('millrace: '.length, -1);
    if (typeof message === 'string') expect(line).toBe(message);
    else expect(line).toMatch(message);
  });

  it('a model that diverges: the error names it and the batch, and what it was before is saved', async () => {
    // Batches of ten rows; the fourth has one that no step is small enough for.
    const rows = Array.from({ length: 40 }, (_, i) => (i === 34 ? '1e200,1e200' : `${i % 7},${2 * (i % 7)}`));
    await writeFile(path.join(directory, 'diverging.csv'), `x,label\n${rows.join('\n')}\n`);
    await writeFile(path.join(directory, 'good.csv'), `x,label\n${rows.slice(0, 30).join('\n')}\n`);
    const args = ['train', '--model', 'linear', '--step-size', '0.01', '--max-records-per-batch', '10', '--quiet'];
    const good = await run(directory, ...args, '--source', 'good.csv', '--save', 'good.json');
    expect(good).toEqual({ code: 0, stdout: '', stderr: '' });
    const checkpoint = ['--checkpoint', 'diverging-checkpoint', '--save', 'diverging.json'];
    const { code, stdout, stderr } = await run(directory, ...args, '--source', 'diverging.csv', ...checkpoint);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^millrace: StreamingLinearRegressionWithSGD: weights would leave the finite numbers [^\n]+, batch 3\]\n$/,
    );
    const saved = (name: string) => readFile(path.join(directory, name), 'utf8');
    expect(await saved('diverging.json')).toBe(await saved('good.json'));
    const inspected = await run(directory, 'inspect', 'diverging-checkpoint', '--json');
    const { batch, states } = JSON.parse(inspected.stdout).committed;
    expect(batch).toBe(2);
    expect(states.StreamingLinearRegressionWithSGD).toEqual(
      JSON.parse((await run(directory, 'inspect', 'good.json', '--json')).stdout).state,
    );
  });

  it('nobody listening, after as many attempts as were asked for', async () => {
    const args = ['--columns', 'x0,x1', '--batch-duration', '20 ms', '--connect-attempts', '1'];
    const { code, stderr } = await run(directory, 'train', ...K_MEANS, '--source', 'socket://127.0.0.1:1', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^millrace: socket 127\.0\.0\.1:1: connection refused after 1 attempts?; .*\n$/);
  });

  it('a port that is taken', async () => {
    const port = (await publish(directory, CHICKS)).split(':').at(-1)!;
    const { code, stderr } = await run(directory, 'publish', CHICKS, '--port', port);
    expect(code).toBe(2);
    expect(stderr).toBe(`millrace: publish: can't listen on 127.0.0.1:${port} (the port is taken; choose another)\n`);
  });

  it('a checkpoint that another process uses', async () => {
    const source = await publish(directory, 'generator:driftingClusters', '--rate', '1000');
    const args = ['train', ...K_MEANS, '--columns', 'x0,x1,label', '--source', source, '--checkpoint', 'shared'];
    const first = new Millrace(directory, [...args, '--batch-duration', '20 ms']);
    await first.stderrMatches(/batch 0/);
    const { code, stderr } = await run(directory, ...args);
    await first.kill('SIGINT');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^millrace: .*shared: in use by .*\n$/);
  });
});
