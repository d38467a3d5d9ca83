import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isSystemError } from '../host/files.ts';

const SPECIAL = /[*?[{]/;

/**
 * The directories that a path names, or a pattern of paths, in the order of their names. In a pattern, and within one name of
 * the path, `*` stands for any characters, `?` for one, `[a-c]` for one of these, `[^a-c]` for one that is none of these, and
 * `{logs,events}` for either. A name that begins with a dot must be asked for with a dot. A path that is no pattern names one
 * directory, whether it is there or not.
 */
export async function directoriesNamed(pattern: string): Promise<readonly string[]> {
  if (!SPECIAL.test(pattern)) return [pattern];
  let found = [path.isAbsolute(pattern) ? path.parse(pattern).root : ''];
  for (const name of pattern.split('/').filter((each) => each !== '')) {
    if (!SPECIAL.test(name)) found = found.map((parent) => path.join(parent, name));
    else found = (await Promise.all(found.map((parent) => directoriesIn(parent, expressionOf(name))))).flat();
  }
  return found;
}

async function directoriesIn(parent: string, name: RegExp): Promise<string[]> {
  const names = (await namesIn(parent)).filter((each) => name.test(each)).sort();
  const directories = await Promise.all(names.map((each) => isDirectory(path.join(parent, each))));
  return names.filter((_, index) => directories[index]).map((each) => path.join(parent, each));
}

/** None where the directory is not there: a pattern may name what is yet to come. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await fs.readdir(directory === '' ? '.' : directory);
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return [];
    throw error;
  }
}

async function isDirectory(name: string): Promise<boolean> {
  return fs.stat(name).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** The names that one part of a pattern stands for. */
function expressionOf(part: string): RegExp {
  const source = part.replace(
    /\[(\^|!)?([^\]]+)\]|[\s\S]/g,
    (token, not: string | undefined, among: string | undefined) => {
      if (among !== undefined) return `[${not === undefined ? '' : '^'}${among.replace(/[\\\]^]/g, '\\$&')}]`;
      if (token === '*') return '.*';
      if (token === '?') return '.';
      return token.replace(/[.+^$()|[\]\\]/, '\\$&');
    },
  );
  const either = source.replace(/\{([^{}]*)\}/g, (_, words: string) => `(?:${words.split(',').join('|')})`);
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${either.replace(/[{}]/g, '\\$&')}$`, 'su');
}
