import * as path from 'node:path';
import type { Stage } from '../stage.ts';
import { checksumName, checksums } from './hadoop-checksum.ts';
import { metadataText } from './metadata.ts';
import { toParquet } from './parquet-data.ts';

/** A file below the directory of a saved model. */
export type ModelFile = readonly [name: string, content: Uint8Array];

/** Names of the parts, as Hadoop gives them. The id in Spark's is random; here the same model gives the same files. */
const METADATA_PART = 'part-00000';
const DATA_PART = 'part-00000-00000000-0000-0000-0000-000000000000-c000.snappy.parquet';

/** All files of a stage, and of the stages in it, as Spark 3.5 lays them out; later versions read that. */
export function* stageFiles(stage: Stage, timestampMs: number, below = ''): Iterable<ModelFile> {
  yield* part(`${below}metadata/`, METADATA_PART, Buffer.from(`${metadataText(stage, timestampMs)}\n`, 'utf8'));
  for (const [folder, data] of Object.entries(stage.savedData())) {
    yield* part(`${below}${folder}/`, DATA_PART, toParquet(data));
  }
  for (const [name, content] of Object.entries(stage.savedFiles())) yield* withChecksums(`${below}${name}`, content);
  for (const [folder, inner] of stage.savedStages()) yield* stageFiles(inner, timestampMs, `${below}${folder}/`);
}

function* part(folder: string, name: string, content: Uint8Array): Iterable<ModelFile> {
  yield* withChecksums(`${folder}${name}`, content);
  yield [`${folder}_SUCCESS`, new Uint8Array()];
}

function* withChecksums(name: string, content: Uint8Array): Iterable<ModelFile> {
  yield [name, content];
  yield [path.posix.join(path.posix.dirname(name), checksumName(path.posix.basename(name))), checksums(content)];
}
