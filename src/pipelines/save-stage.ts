import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { type Clock, systemClock } from '../host/clock.ts';
import { lockIfFree } from '../host/directory-lock.ts';
import { isSystemError, writeDirectoryAtomically } from '../host/files.ts';
import { stageFiles } from './saved/stage-files.ts';
import type { Stage } from './stage.ts';

export interface SaveOptions {
  /** Whether a model that is there already is replaced. Default false. */
  readonly overwrite?: boolean;
  /** Where the time of saving comes from. Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * Saves a stage, a pipeline or a model to a directory, whole or not at all, as Spark 3.5 does: Spark loads it where it has a class of
 * that name.
 *
 * Throws `UsageError` (`io`) where something is there already, and `overwrite` was not asked for or it is no saved model (a file never is), or
 * where it can't be written, or another is writing there.
 */
export async function saveStage(
  stage: Stage,
  directory: string,
  { overwrite = false, clock = systemClock }: SaveOptions = {},
): Promise<void> {
  const cantWrite = (cause: unknown) => {
    throw new UsageError('io', `save: can't write ${directory} (${messageOf(cause)})`, { cause });
  };
  const target = await realTarget(directory).catch(cantWrite);
  const release = await lockIfFree(target).catch(cantWrite);
  if (release === undefined) {
    throw new UsageError(
      'io',
      `save: ${directory} is being written by another program or call; try again when it is done`,
    );
  }
  try {
    const names = await fs
      .readdir(target)
      .catch((error): string[] => (isSystemError(error, 'ENOENT') ? [] : cantWrite(error)));
    if (names.length > 0) {
      if (!overwrite) throw new UsageError('io', `save: ${directory} already exists; ask for overwrite to replace it`);
      if (!names.includes('metadata'))
        throw new UsageError('io', `save: ${directory} holds no saved model; it stays as it is`);
    }
    await writeDirectoryAtomically(target, stageFiles(stage, clock.now())).catch(cantWrite);
  } finally {
    await release();
  }
}

/** By one name, whatever links lead there. */
async function realTarget(directory: string): Promise<string> {
  const parent = path.dirname(path.resolve(directory));
  await fs.mkdir(parent, { recursive: true });
  return path.join(await fs.realpath(parent), path.basename(path.resolve(directory)));
}
