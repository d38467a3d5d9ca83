import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Where the package was installed, as a user installs it. */
let directory: string;

/** What a command writes to standard output. Rejects with all that it wrote where it fails. */
async function run(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: directory });
  return stdout;
}

beforeAll(async () => {
  directory = await temporaryDirectory(afterAll);
  await writeFile(path.join(directory, 'package.json'), '{"private":true}');
  // What is packed is what was built before the tests.
  const tarball = await run('npm', 'pack', REPOSITORY, '--ignore-scripts', '--silent', '--pack-destination', '.');
  await run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball.trim()}`);
});

describe('the package, installed from its tarball', () => {
  it('has the command', async () => {
    expect(await run('npx', 'millrace', '--help')).toContain('Usage: millrace');
  });

  it('trains on the flights that come with it, and inspects what it saved', async () => {
    const flights = 'node_modules/millrace/datasets/flights/flights-50k.csv';
    const model = ['--model', 'kmeans', '--k', '2', '--initial-centers', '0,500; 60,1500'];
    const batches = ['--max-records-per-batch', '10000', '--checkpoint', 'checkpoint', '--save', 'model.json'];
    await run('npx', 'millrace', 'train', '--source', flights, '--features', 'delay,distance', ...model, ...batches);
    expect(await run('npx', 'millrace', 'inspect', 'model.json')).toMatch(/^kind +StreamingKMeans$/m);
    expect(await run('npx', 'millrace', 'inspect', 'checkpoint')).toMatch(/ 5 batches, 50,000 records$/m);
  });

  it('can be imported, and so can its test kit and its endpoint for Prometheus', async () => {
    const program = `
      import { Batch, StreamingKMeans } from 'millrace';
      import { PrometheusEndpoint } from 'millrace/metrics';
      import { TestDriver } from 'millrace/testing';
      const driver = new TestDriver();
      const counts = driver.collect(driver.context.queueStream([['a'], ['b', 'c']]).count());
      await driver.runBatches(2);
      await (await PrometheusEndpoint.listen(driver.context, { port: 0 })).close();
      console.log(JSON.stringify(counts.records), new StreamingKMeans({ k: 3 }).params().k, Batch.of([1]).count());
    `;
    await writeFile(path.join(directory, 'program.mjs'), program);
    expect(await run(process.execPath, 'program.mjs')).toBe('[[1],[2]] 3 1\n');
  });
});
