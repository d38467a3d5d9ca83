/** Files, as a program that may lose power at any moment must treat them. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { UsageError } from '../errors.ts';

/** Whether a thrown value is the system error with this code (`ENOENT`, `EEXIST` …). */
export function isSystemError(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && (thrown as NodeJS.ErrnoException).code === code;
}

/** The file's bytes, or `undefined` when there is no such file. */
export async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await fs.readFile(file);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The text of a file that the user named. Throws `UsageError` (`not-found`) naming it. */
export async function readNamedFile(file: string, what: string): Promise<string> {
  const bytes = await readIfThere(file).catch((cause) => {
    throw new UsageError('not-found', `${what}: expected a readable file, got ${file} (${cause.message})`, { cause });
  });
  if (bytes === undefined) throw new UsageError('not-found', `${what}: no file at ${file}; check the path`);
  return bytes.toString('utf8');
}

/**
 * Writes a file whole or not at all: to a temporary neighbour, flushed, then renamed into place.
 * A power cut leaves the old file or the new one, an error the old one.
 */
export async function writeFileAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.tmp`;
  try {
    await writeFlushed(temporary, content);
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => {}); // on a full disk it would take the room that is left
    throw error;
  }
  await syncDirectory(path.dirname(file));
}

/**
 * Writes a directory of files whole or not at all: to a temporary neighbour, each file flushed, then renamed into place. Names
 * may have folders in them. What was there is set aside, and removed when the new one is in place: for the moment between two
 * renames, and after a power cut in it, it is found by `readNamedDirectory` only.
 */
export async function writeDirectoryAtomically(
  directory: string,
  files: Iterable<readonly [name: string, content: string | Uint8Array]>,
): Promise<void> {
  const temporary = neighbourOf(directory, 'tmp');
  const aside = neighbourOf(directory, 'old');
  try {
    await fs.rm(temporary, { recursive: true, force: true });
    await fs.mkdir(temporary, { recursive: true });
    const folders = new Set([temporary]);
    for (const [name, content] of files) {
      const file = path.join(temporary, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      for (let at = path.dirname(file); at !== temporary; at = path.dirname(at)) folders.add(at);
      await writeFlushed(file, content);
    }
    for (const folder of folders) await syncDirectory(folder);
    await setAside(directory, aside);
    await fs.rename(temporary, directory);
  } catch (error) {
    await fs.rename(aside, directory).catch(() => {}); // where nothing is in its place
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => {}); // as above
    throw error;
  }
  await syncDirectory(path.dirname(directory));
  await fs.rm(aside, { recursive: true, force: true });
}

/** Nothing is set aside where nothing is there; what a power cut left there stays until there is something newer. */
async function setAside(directory: string, aside: string): Promise<void> {
  const isThere = await fs.stat(directory).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  await fs.rm(aside, { recursive: true, force: true });
  await fs.rename(directory, aside);
}

function neighbourOf(directory: string, ending: string): string {
  const absolute = path.resolve(directory);
  return path.join(path.dirname(absolute), `.${path.basename(absolute)}.${ending}`);
}

/** Other directories may come into a place so often while one of them is read. */
const MOST_REPLACEMENTS = 100;

/**
 * What `read` makes of a directory that may be replaced by `writeDirectoryAtomically` meanwhile: of the old one or the new one, never of parts of
 * both. `read` is called again where another directory has come into its place. Throws what `read` throws, and `UsageError` (`not-found`), naming
 * `what`, where there is none.
 */
export async function readNamedDirectory<R>(
  directory: string,
  what: string,
  read: (place: string) => Promise<R>,
): Promise<R> {
  for (let replacements = 0; ; replacements++) {
    const before = await foundDirectory(directory);
    if (before === undefined) {
      throw new UsageError('not-found', `${what}: nothing at ${directory}; check the path`);
    }
    const result = await read(before.place).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const after = await foundDirectory(directory);
    if (after?.identity === before.identity || replacements === MOST_REPLACEMENTS) {
      if ('error' in result) throw result.error;
      return result.value;
    }
  }
}

/** The directory, or the one that was in its place until a moment ago. */
async function foundDirectory(directory: string): Promise<FoundDirectory | undefined> {
  for (const place of [directory, neighbourOf(directory, 'old'), directory]) {
    const stat = await fs.stat(place).catch((error) => {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw error;
    });
    // The number in the file system of one that is gone may come again.
    if (stat !== undefined) return { place, identity: `${stat.ino}:${stat.birthtimeMs}:${place}` };
  }
  return undefined;
}

interface FoundDirectory {
  readonly place: string;
  readonly identity: string;
}

/** Writes a file and returns when its bytes, though not yet its name, are on disk. */
async function writeFlushed(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await fs.open(file, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Files that are open at once where many are read: a process may hold no more than the system lets it. */
const FILES_AT_ONCE = 16;

/** What `f` makes of each file, in their order; `f` has a few of them open at a time. Rejects with the first error. */
export async function mapFiles<T, R>(files: readonly T[], f: (file: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(files.length);
  let next = 0;
  const work = async () => {
    while (next < files.length) {
      const at = next++;
      results[at] = await f(files[at]!).catch((error) => {
        next = files.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
  return results;
}

/** Makes renames and new names in a directory last through a power cut. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await fs.open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A file that only grows. `append` returns when the bytes are on disk, and throws where the file was removed. */
export class AppendFile {
  readonly #handle: fs.FileHandle;
  #sizeBytes: number;

  private constructor(handle: fs.FileHandle, sizeBytes: number) {
    this.#handle = handle;
    this.#sizeBytes = sizeBytes;
  }

  /** Opens a file for appending after its first `keepBytes` bytes; what follows them is cut off. */
  static async open(file: string, keepBytes: number): Promise<AppendFile> {
    const handle = await fs.open(file, 'r+');
    try {
      const { size } = await handle.stat();
      if (size > keepBytes) {
        await handle.truncate(keepBytes);
        await handle.sync();
      }
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new AppendFile(handle, keepBytes);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    while (written < bytes.length) {
      const result = await this.#handle.write(bytes, written, bytes.length - written, this.#sizeBytes + written);
      written += result.bytesWritten;
    }
    await this.#handle.datasync();
    // The system writes to a removed file without a word, and nobody will ever read it.
    if ((await this.#handle.stat()).nlink === 0) throw new Error('it was removed while in use');
    this.#sizeBytes += bytes.length;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
