import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { directoriesNamed } from '../../src/sources/directory-pattern.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

let root: string;

beforeEach(async () => {
  root = await temporaryDirectory(onTestFinished);
  for (const name of ['logs-1/a', 'logs-2/a', 'logs-2/b', 'logs-10', 'events', '.hidden', 'a+b', 'x{', 'x^']) {
    await fs.mkdir(path.join(root, name), { recursive: true });
  }
  await fs.writeFile(path.join(root, 'logs-file'), '');
});

/** What a pattern below the root names, as paths below the root. */
async function named(pattern: string): Promise<string[]> {
  return (await directoriesNamed(`${root}/${pattern}`)).map((each) => path.relative(root, each));
}

test('a path names itself, whether it is there or not', async () => {
  expect(await directoriesNamed(path.join(root, 'events'))).toEqual([path.join(root, 'events')]);
  expect(await directoriesNamed('not/there')).toEqual(['not/there']);
});

test.each([
  ['*', ['a+b', 'events', 'logs-1', 'logs-10', 'logs-2', 'x^', 'x{']],
  ['logs-*', ['logs-1', 'logs-10', 'logs-2']],
  ['logs-?', ['logs-1', 'logs-2']],
  ['logs-[12]', ['logs-1', 'logs-2']],
  ['logs-[2-9]', ['logs-2']],
  ['logs-[^1]*', ['logs-2']],
  ['logs-[!1]', ['logs-2']],
  ['{events,logs-10}', ['events', 'logs-10']],
  ['{events,logs-?}', ['events', 'logs-1', 'logs-2']],
  ['logs-*/a', ['logs-1/a', 'logs-10/a', 'logs-2/a']],
  ['logs-*/*', ['logs-1/a', 'logs-2/a', 'logs-2/b']],
  ['.h*', ['.hidden']],
  ['?+b', ['a+b']],
  ['?+c', []],
  ['x{*', ['x{']],
  ['x[^x]', ['x^', 'x{']],
  ['x[a^]', ['x^']],
  ['nowhere/*', []],
  ['logs-file/*', []],
])('%s names %j', async (pattern, expected) => {
  expect(await named(pattern)).toEqual(expected);
});

test('a pattern may be relative', async () => {
  const here = process.cwd();
  onTestFinished(() => process.chdir(here));
  process.chdir(root);
  expect(await directoriesNamed('logs-?/b')).toEqual(['logs-1/b', 'logs-2/b']);
  expect(await directoriesNamed('e*')).toEqual(['events']);
});
