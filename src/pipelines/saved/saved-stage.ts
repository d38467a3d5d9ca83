import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { excerpt, messageOf, StateError } from '../../errors.ts';
import type { Log } from '../../host/log.ts';
import { type OptionsOf, type Params, paramFromJson } from '../params/param.ts';
import type { Stage } from '../stage.ts';
import type { DataColumns, RowOf } from './data-types.ts';
import { agrees, checksumName } from './hadoop-checksum.ts';
import { digestOf, isObject, type JsonObject, parseMetadata, type StageMetadata } from './metadata.ts';
import { fromParquet } from './parquet-data.ts';

/** No file of a model is larger, so that what loads one can say how much memory it takes. 1 GiB. */
const MAX_FILE_BYTES = 2 ** 30;

/** Reads the stage in a directory. */
export type StageReader = (directory: string, log: Log) => Promise<Stage>;

/** A saved stage as it lies in its directory: its metadata has been read, its data is read when asked for. */
export class SavedStage {
  readonly directory: string;
  readonly #metadata: StageMetadata;
  readonly #log: Log;
  readonly #read: StageReader;

  private constructor(directory: string, metadata: StageMetadata, log: Log, read: StageReader) {
    this.directory = directory;
    this.#metadata = metadata;
    this.#log = log;
    this.#read = read;
  }

  /** Throws `StateError` where it is damaged or of a layout that is not known. */
  static async open(directory: string, log: Log, read: StageReader): Promise<SavedStage> {
    return new SavedStage(directory, await metadataIn(directory), log, read);
  }

  get className(): string {
    return this.#metadata.className;
  }

  get uid(): string {
    return this.#metadata.uid;
  }

  /** What stands in the metadata beside the parameters too. */
  get metadata(): JsonObject {
    return this.#metadata.all;
  }

  get paramMap(): JsonObject {
    return this.#metadata.paramMap;
  }

  /** Whether it was saved by a Spark before this major version. */
  isBefore(major: number): boolean {
    return Number.parseInt(this.#metadata.sparkVersion, 10) < major;
  }

  /**
   * The parameters: those that were set, and defaults that differ from those of today. One that is not known is left out, with a
   * warning, unless it is one of those `beside`. Throws `StateError` (`damaged`) for a value that a parameter can't have.
   */
  options<P extends Params>(params: P, beside: readonly string[] = []): OptionsOf<P> {
    const options: Record<string, unknown> = {};
    const { paramMap, defaultParamMap } = this.#metadata;
    for (const [name, json] of Object.entries({ ...defaultParamMap, ...paramMap })) {
      const param = Object.hasOwn(params, name) ? params[name] : undefined;
      const isSet = Object.hasOwn(paramMap, name);
      if (param === undefined) {
        if (isSet && !beside.includes(name))
          this.#log.warn(`saved model ${this.directory}: parameter ${name} of ${this.className} is not known`);
        continue;
      }
      const value = paramFromJson(param, name, json, this.directory);
      const usual = param.default ?? param.defaultFor?.(this.uid);
      if (isSet || usual === undefined || param.toJson(value) !== param.toJson(usual)) options[name] = value;
    }
    return options as OptionsOf<P>;
  }

  /** The rows of its data, from all parts. Throws `StateError` (`damaged`). */
  async rows<C extends DataColumns>(columns: C, folder = 'data'): Promise<RowOf<C>[]> {
    const parts = await partsIn(path.join(this.directory, folder), '.parquet');
    const rows: RowOf<C>[] = [];
    for (const part of parts) {
      for (const row of await fromParquet(await readWhole(part), columns, part)) rows.push(row);
    }
    return rows;
  }

  /** Its data where that is one row. Throws `StateError` (`damaged`). */
  async row<C extends DataColumns>(columns: C): Promise<RowOf<C>> {
    const rows = await this.rows(columns);
    if (rows.length === 1) return rows[0]!;
    throw new StateError('damaged', `saved model ${this.directory}: expected one row of data, got ${rows.length}`);
  }

  /** A file in a format of its own, the same to the bit as it was saved. Throws `StateError` (`damaged`). */
  async file(name: string): Promise<Buffer> {
    const file = path.join(this.directory, name);
    const content = await readWhole(file).catch((cause) => {
      if (cause instanceof StateError) throw cause;
      throw new StateError('damaged', `saved model: expected a file ${file} (${messageOf(cause)})`, { cause });
    });
    const { files } = this.#metadata.all;
    if (isObject(files) && files[name] === digestOf(content)) return content;
    throw new StateError('damaged', `${file}: it is not the file that was saved, its digest in the metadata says`);
  }

  /** A stage saved in a directory below this one. */
  stage(directory: string): Promise<Stage> {
    return this.#read(path.join(this.directory, directory), this.#log);
  }

  /** For data that is not as a model of this class has it. */
  damaged(what: string, got: unknown): StateError {
    return new StateError('damaged', `saved model ${this.directory}: expected ${what}, got ${excerpt(got)}`);
  }
}

/** The metadata in the directory of a saved stage. Throws as `SavedStage.open`. */
export async function metadataIn(directory: string): Promise<StageMetadata> {
  const folder = path.join(directory, 'metadata');
  for (const file of await partsIn(folder)) {
    const text = (await readWhole(file)).toString('utf8');
    const [line = ''] = text.split('\n', 1);
    if (line.trim() !== '') return parseMetadata(line, file);
  }
  throw new StateError('damaged', `saved model ${directory}: there is no metadata in it`);
}

/** The files of a directory that hold data, in the order of their names: Hadoop's own side files begin with `_` or `.`. */
async function partsIn(directory: string, ending = ''): Promise<string[]> {
  const names = await fs.readdir(directory).catch((cause) => {
    throw new StateError('damaged', `saved model: expected a directory ${directory} (${messageOf(cause)})`, { cause });
  });
  return names
    .filter((name) => !/^[_.]/.test(name) && name.endsWith(ending))
    .sort()
    .map((name) => path.join(directory, name));
}

/** A file's bytes, which agree with its checksums where there are some. Throws `StateError` (`damaged`). */
async function readWhole(file: string): Promise<Buffer> {
  const { size } = await fs.stat(file);
  if (size > MAX_FILE_BYTES)
    throw new StateError('damaged', `${file}: expected at most ${MAX_FILE_BYTES} bytes, got ${size}`);
  const content = await fs.readFile(file);
  const side = path.join(path.dirname(file), checksumName(path.basename(file)));
  const sums = await fs.readFile(side).catch(() => undefined);
  if (sums === undefined || agrees(content, sums)) return content;
  throw new StateError('damaged', `${file}: it is not as it was written, its checksums say`);
}
