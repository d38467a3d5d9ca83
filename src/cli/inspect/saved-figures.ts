import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { savedMetadata } from '../../pipelines/index.ts';

/** What is said of a saved pipeline beside its stages. */
export interface SavedFigures {
  /** The version of Spark whose layout it has. */
  readonly sparkVersion: string;
  /** Undefined where it does not say. */
  readonly savedAtMs: number | undefined;
  /** Bytes on disk, by the folder of each stage, of all that is in it; '' is the whole model. */
  readonly sizesBytes: ReadonlyMap<string, number>;
}

/** Of a directory that holds a stage which could be loaded. */
export async function savedFigures(directory: string): Promise<SavedFigures> {
  const { sparkVersion, savedAtMs } = await savedMetadata(directory);
  return { sparkVersion, savedAtMs, sizesBytes: await sizesIn(directory) };
}

async function sizesIn(directory: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const folder = path.relative(directory, entry.parentPath);
    const { size } = await fs.stat(path.join(entry.parentPath, entry.name));
    for (const outer of foldersAbove(folder)) sizes.set(outer, (sizes.get(outer) ?? 0) + size);
  }
  return sizes;
}

/** `a/b`, `a` and '' of `a/b`. */
function foldersAbove(folder: string): string[] {
  const parts = folder === '' ? [] : folder.split(path.sep);
  return [...parts.map((_, i) => parts.slice(0, i + 1).join('/')), ''];
}
