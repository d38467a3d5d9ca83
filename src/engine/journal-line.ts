/**
 * A record of a journal as a line: eight hex digits of CRC-32, a space, its JSON.
 *
 *     5b1c9e02 {"type":"plan","batch":7,…}\n
 */
import { crc32 } from 'node:zlib';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../batch/snapshot.ts';

const CHECKSUM_LENGTH = '5b1c9e02 '.length;

/** The line of a record. Throws `UsageError` (`wrong-type`) where it is more than plain data. */
export function lineOf(record: SnapshotRecord): Buffer {
  const json = Buffer.from(snapshotToText(record));
  return Buffer.concat([Buffer.from(checksumText(crc32(json))), json, Buffer.from('\n')]);
}

/** The record of a line without its end; undefined where the line is not whole. */
export function recordOf(line: Buffer): SnapshotRecord | undefined {
  const json = line.subarray(CHECKSUM_LENGTH);
  if (json.length === 0 || line.toString('latin1', 0, CHECKSUM_LENGTH) !== checksumText(crc32(json))) return undefined;
  return snapshotFromText(json.toString('utf8')) as SnapshotRecord;
}

/** What a line begins with, of the checksum of its JSON. */
export function checksumText(checksum: number): string {
  const digits = checksum.toString(16);
  return `${digits.padStart(CHECKSUM_LENGTH - 1, '0')} `;
}
