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
 * may have folders in them. What was there is replaced; a power cut leaves the old directory, the new one or none.
 */
export async function writeDirectoryAtomically(
  directory: string,
  files: Iterable<readonly [name: string, content: string | Uint8Array]>,
): Promise<void> {
  const temporary = path.join(path.dirname(directory), `.${path.basename(directory)}.tmp`);
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
    await fs.rm(directory, { recursive: true, force: true });
    await fs.rename(temporary, directory);
  } catch (error) {
    await fs.rm(temporary, { recursive: true, force: true }).catch(() => {}); // as above
    throw error;
  }
  await syncDirectory(path.dirname(directory));
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
