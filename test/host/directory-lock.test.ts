import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockDirectory } from '../../src/host/directory-lock.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** A process that holds the lock of a directory until it is killed. It runs the built code: Node runs no TypeScript. */
async function lockedByAnotherProcess(directory: string): Promise<ChildProcess> {
  const built = new URL('../../dist/host/directory-lock.js', import.meta.url);
  const program = `
    const { lockDirectory } = await import(${JSON.stringify(built)});
    await lockDirectory(${JSON.stringify(directory)});
    process.stdout.write('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.stderr.once('data', (text) => reject(new Error(String(text))));
  });
  return child;
}

const inUse = { name: 'StateError', code: 'in-use' };

it('a directory has one lock at a time, by whatever path', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const link = `${directory}-link`;
  await fs.symlink(directory, link);
  onTestFinished(() => fs.rm(link));
  const unlock = await lockDirectory(directory);
  for (const name of [directory, `${directory}/.`, link]) {
    await expect(lockDirectory(name), name).rejects.toMatchObject({ ...inUse, message: expect.stringContaining(name) });
  }
  await unlock();
  await unlock();
  await (await lockDirectory(link))();
});

it('directories are locked one by one', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const below = path.join(directory, 'below');
  await fs.mkdir(below);
  const unlocks = [await lockDirectory(directory), await lockDirectory(below)];
  for (const unlock of unlocks) await unlock();
});

it('a lock that another process holds is refused, and ends with that process', async () => {
  const directory = await temporaryDirectory(onTestFinished);
  const owner = await lockedByAnotherProcess(directory);
  await expect(lockDirectory(directory)).rejects.toMatchObject(inUse);
  const gone = new Promise((resolve) => owner.once('exit', resolve));
  owner.kill('SIGKILL');
  await gone;
  await (await lockDirectory(directory))();
});
