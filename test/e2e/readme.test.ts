import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { LinePublisher } from '../../src/cli/line-publisher.ts';
import { StreamingKMeans } from '../../src/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** The TypeScript of the README, compiled in a project that has Millrace installed. */
async function readmeProgram(port: number): Promise<{ directory: string; program: string }> {
  const readme = await readFile(path.join(REPOSITORY, 'README.md'), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readme)!;
  const directory = await temporaryDirectory(onTestFinished);
  const inDirectory = (name: string) => path.join(directory, name);
  await mkdir(inDirectory('node_modules'));
  await symlink(REPOSITORY, inDirectory('node_modules/millrace'));
  await symlink(path.join(REPOSITORY, 'node_modules/@types'), inDirectory('node_modules/@types'));
  await writeFile(inDirectory('package.json'), '{"type":"module"}');
  await writeFile(inDirectory('program.ts'), code!.replace('9999', String(port)));
  const compilerOptions = { target: 'es2022', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] };
  await writeFile(inDirectory('tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
  const compiler = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', directory]).catch((error) => error);
  expect(stdout).toBe('');
  return { directory, program: inDirectory('program.js') };
}

it('the program in the README compiles, trains, stops at a signal, and saves what can be loaded', async () => {
  const publisher = await LinePublisher.listen(['0,0', '0.2,0.1', '9,9', '9.1,8.9'], { rowsPerSecond: 1000 });
  onTestFinished(() => publisher.close());
  const { directory, program } = await readmeProgram(publisher.port);

  const job = spawn(process.execPath, [program], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  let errors = '';
  job.stderr.on('data', (bytes) => {
    errors += bytes;
  });
  await new Promise<void>((resolve, reject) => {
    job.stdout.on('data', (bytes) => {
      printed += bytes;
      if (/\n[012]\n/.test(printed)) resolve();
    });
    job.once('exit', (code) => reject(new Error(`the program ended with code ${code}: ${errors}`)));
  });
  job.removeAllListeners('exit');
  const ended = new Promise((resolve) => job.once('exit', resolve));
  job.kill('SIGINT');
  expect(await ended, errors).toBe(0);
  const model = (await StreamingKMeans.load(path.join(directory, 'k-means.json'))).latestModel();
  expect(model.clusterWeights.reduce((sum, weight) => sum + weight, 0)).toBeGreaterThan(0);
});
