import * as fs from 'node:fs/promises';
import * as path from 'node:path';

/** What `saveAsTextFiles(directory/prefix)` wrote: the lines of each partition, by the name of the batch's directory. */
export async function readTextFiles(directory: string): Promise<Record<string, string[][]>> {
  const batches: Record<string, string[][]> = {};
  for (const batch of (await fs.readdir(directory)).sort()) {
    const parts = (await fs.readdir(path.join(directory, batch))).filter((name) => name.startsWith('part-')).sort();
    const texts = await Promise.all(parts.map((part) => fs.readFile(path.join(directory, batch, part), 'utf8')));
    batches[batch] = texts.map((text) => text.split('\n').slice(0, -1));
  }
  return batches;
}
