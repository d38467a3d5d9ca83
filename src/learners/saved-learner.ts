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
  if (typeof content['version'] !== 'number' || content['version'] > VERSION) {
    throw new StateError(
      'newer-format',
      `saved model ${file}: format version ${content['version']}, this Millrace reads up to ${VERSION}; use a newer one`,
    );
  }
  const { kind = null, params = null, state = null } = content;
  if (content['checksum'] !== checksumOf({ kind, params, state })) {
    throw new StateError('damaged', `saved model ${file}: it is not as it was written; save it again`);
  }
  if (expectedKind !== undefined && kind !== expectedKind) {
    throw new StateError('does-not-fit', `saved model ${file}: expected a ${expectedKind}, got a ${kind}`);
  }
  return { kind, params, state } as SavedLearner;
}

function parse(text: string, file: string): SnapshotRecord {
  try {
    const content = snapshotFromText(text);
    if (typeof content === 'object' && content !== null) return content as SnapshotRecord;
  } catch (cause) {
    throw new StateError('damaged', `saved model ${file}: expected JSON (${messageOf(cause)})`, { cause });
  }
  throw new StateError('unknown-format', `saved model ${file}: expected a ${FORMAT}`);
}

function checksumOf({ kind, params, state }: Record<keyof SavedLearner, Snapshot>): string {
  return crc32(snapshotToText({ kind, params, state }, 'packed')).toString(16).padStart(8, '0');
}
