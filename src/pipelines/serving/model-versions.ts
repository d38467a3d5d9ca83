import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { isSystemError } from '../../host/files.ts';

/**
 * A directory of saved versions of one model, each in a folder that is named by its number: `models/churn/1`, `models/churn/2`.
 * The higher number is the newer one. A version comes whole or not at all, as `saveStage` writes it, and never changes.
 */
export class ModelVersions {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The numbers that are there, the newest first. None where there is no such directory. */
  async list(): Promise<readonly number[]> {
    const names = await fs.readdir(this.directory).catch((error) => {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    });
    const versions = names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
    return versions.sort((a, b) => b - a);
  }

  pathOf(version: number): string {
    return path.join(this.directory, String(version));
  }

  /** The number for the next one. */
  async next(): Promise<number> {
    const [newest = 0] = await this.list();
    return newest + 1;
  }
}
