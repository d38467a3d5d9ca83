/** Packages that a user installs only where they are needed. Each is imported when it is first used. */
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../errors.ts';

const { resolve } = createRequire(import.meta.url);

/** Gives a package's exports, or rejects as `import` and `require.resolve` do. */
export type ImportPackage = (name: string) => Promise<unknown>;

export const importPackage: ImportPackage = async (name) => import(pathToFileURL(resolve(name)).href);

/** The package; undefined where it is not installed. Rejects where it is, and can't be loaded. */
export async function packageIfInstalled<M>(name: string, load: ImportPackage): Promise<M | undefined> {
  try {
    return (await load(name)) as M;
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/**
 * The package. Rejects with `UsageError` (`not-found`) that says how to install it, and what is needed `beside` it, where it is not there or
 * can't be loaded.
 */
export async function installedPackage<M>(name: string, who: string, load: ImportPackage, beside = ''): Promise<M> {
  let why = 'it is not installed';
  try {
    const found = await packageIfInstalled<M>(name, load);
    if (found !== undefined) return found;
  } catch (error) {
    why = `it can't be loaded: ${messageOf(error)}`;
  }
  throw new UsageError(
    'not-found',
    `${who}: needs the package ${name}, but ${why}; run: npm install ${`${name} ${beside}`.trim()}`,
  );
}

/** Whether it is this package, and not one that it needs, that is not there. */
function isMissing(error: unknown, name: string): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return /^(ERR_)?MODULE_NOT_FOUND$/.test(code ?? '') && new RegExp(`['"]${name}['"]`).test(messageOf(error));
}
