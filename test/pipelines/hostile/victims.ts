import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Table } from '../../../src/batch/table.ts';
import { silentLog } from '../../../src/host/log.ts';
import type { Random } from '../../../src/host/random.ts';
import { loadStage, type Stage } from '../../../src/pipelines/index.ts';
import type { SavedData } from '../../../src/pipelines/saved/data-types.ts';
import { toParquet } from '../../../src/pipelines/saved/parquet-data.ts';
import { below, mutatedBytes, mutatedValue } from './mutations.ts';

/** A file of a saved stage. */
interface VictimFile {
  readonly file: string;
  readonly whole: Uint8Array;
  /** What is in it, of a file of data. */
  readonly data: SavedData | undefined;
}

/** A saved stage that comes to harm, with a table that it can take. It has no checksums, which would tell. */
export class Victim {
  readonly name: string;
  readonly directory: string;
  readonly table: Table;
  readonly #files: readonly VictimFile[];

  private constructor(name: string, directory: string, table: Table, files: readonly VictimFile[]) {
    this.name = name;
    this.directory = directory;
    this.table = table;
    this.#files = files;
  }

  /** Of the stage that is saved in this directory, which is changed. */
  static async in(directory: string, table: Table): Promise<Victim> {
    const names = await fs.readdir(directory, { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.crc'))) await fs.rm(path.join(directory, name));
    const data = new Map(savedDataOf(await loadStage(directory, undefined, { log: silentLog })));
    const parts = names.filter((each) => /part-[^/]*$/.test(each) && !each.endsWith('.crc'));
    const files = parts.map(async (name): Promise<VictimFile> => {
      const file = path.join(directory, name);
      return { file, whole: await fs.readFile(file), data: data.get(path.dirname(name)) };
    });
    return new Victim(path.basename(directory), directory, table, await Promise.all(files));
  }

  /** Does some harm to one of its files, which `mend` undoes. */
  async harm(random: Random): Promise<VictimFile> {
    const chosen = this.#files[below(random, this.#files.length)]!;
    await fs.writeFile(chosen.file, harmed(chosen, random));
    return chosen;
  }

  mend({ file, whole }: VictimFile): Promise<void> {
    return fs.writeFile(file, whole);
  }
}

function harmed({ file, whole, data }: VictimFile, random: Random): Uint8Array {
  const toContent = below(random, 2) === 0;
  if (!toContent) return mutatedBytes(whole, random);
  if (!file.endsWith('.parquet')) {
    const metadata = mutatedValue(JSON.parse(Buffer.from(whole).toString('utf8')), random);
    return Buffer.from(`${JSON.stringify(metadata)}\n`, 'utf8');
  }
  try {
    return toParquet({ ...data!, rows: mutatedValue(data!.rows, random) as never });
  } catch {
    return mutatedBytes(whole, random); // Parquet can't hold that
  }
}

/** The data of a stage and of those in it, by the folders that hold it. */
function* savedDataOf(stage: Stage, below = ''): Iterable<[folder: string, data: SavedData]> {
  for (const [folder, data] of Object.entries(stage.savedData())) yield [path.join(below, folder), data];
  for (const [folder, inner] of stage.savedStages()) yield* savedDataOf(inner, path.join(below, folder));
}
