/** A saved online learner: one JSON file that people can read and compare. */
import { crc32 } from 'node:zlib';
import { type Snapshot, type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';
import { messageOf, StateError, UsageError } from '../errors.ts';
import { readNamedFile, writeFileAtomically } from '../host/files.ts';

const FORMAT = 'millrace-model';
const VERSION = 1;

export type SavedLearner = {
  readonly kind: string;
  readonly params: SnapshotRecord;
  readonly state: SnapshotRecord;
};

export async function writeSavedLearner(file: string, learner: SavedLearner): Promise<void> {
  const text = snapshotToText(
    { format: FORMAT, version: VERSION, checksum: checksumOf(learner), ...learner },
    'readable',
  );
  await writeFileAtomically(file, `${text}\n`).catch((cause) => {
    throw new UsageError('io', `saved model: can't write ${file} (${messageOf(cause)})`, { cause });
  });
}

/**
 * Reads a saved learner. Runs no code from it. Throws `UsageError` where there is no such file, `StateError` where it is no
 * saved model (`unknown-format`), of a newer version (`newer-format`), not as it was written (`damaged`), or not of
 * `expectedKind` (`does-not-fit`).
 */
export async function readSavedLearner(file: string, expectedKind?: string): Promise<SavedLearner> {
  const text = await readNamedFile(file, 'saved model');
  const content = parse(text, file);
  if (content['format'] !== FORMAT) {
    throw new StateError(
      'unknown-format',
      `saved model ${file}: expected a ${FORMAT}, got ${content['format'] ?? 'none'}`,
    );
  }
  const version = content['version'];
  if (typeof version === 'number' && version > VERSION) {
    throw new StateError(
      'newer-format',
      `saved model ${file}: format version ${version}, this Millrace reads up to ${VERSION}; use a newer one`,
    );
  }
  const learner = version === VERSION ? wholeLearner(content) : undefined;
  if (learner === undefined) {
    throw new StateError('damaged', `saved model ${file}: it is not as it was written; save it again`);
  }
  if (expectedKind !== undefined && learner.kind !== expectedKind) {
    throw new StateError('does-not-fit', `saved model ${file}: expected a ${expectedKind}, got a ${learner.kind}`);
  }
  return learner;
}

/** The learner in a file's content, or `undefined` unless all of it is as it was written. */
function wholeLearner({ kind, params, state, checksum }: SnapshotRecord): SavedLearner | undefined {
  if (typeof kind !== 'string' || !isRecord(params) || !isRecord(state)) return undefined;
  const learner = { kind, params, state };
  try {
    return checksum === checksumOf(learner) ? learner : undefined;
  } catch {
    return undefined; // a key that no snapshot can have
  }
}

function isRecord(value: Snapshot | undefined): value is SnapshotRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Float64Array);
}

function parse(text: string, file: string): SnapshotRecord {
  try {
    const content = snapshotFromText(text);
    if (isRecord(content)) return content;
  } catch (cause) {
    throw new StateError('damaged', `saved model ${file}: expected JSON (${messageOf(cause)})`, { cause });
  }
  throw new StateError('unknown-format', `saved model ${file}: expected a ${FORMAT}`);
}

function checksumOf({ kind, params, state }: SavedLearner): string {
  return crc32(snapshotToText({ kind, params, state }, 'packed')).toString(16).padStart(8, '0');
}
