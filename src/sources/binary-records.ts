import { DataError, UsageError } from '../errors.ts';
import type { FileFormat } from './file-stream-source.ts';

/** Records of so many bytes each, one after the other. What is left at the end of a file is a record too, of a wrong length. */
export function binaryRecordsFormat(recordLength: number): FileFormat<Uint8Array> {
  if (!Number.isSafeInteger(recordLength) || recordLength < 1) {
    throw new UsageError('bad-option', `binaryRecordsStream: expected recordLength ≥ 1 byte, got ${recordLength}`);
  }
  return {
    name: 'binaryRecordsStream',
    recordsOf(content) {
      const records: Uint8Array[] = [];
      for (let start = 0; start < content.length; start += recordLength) {
        records.push(content.subarray(start, start + recordLength));
      }
      return records;
    },
  };
}

/** The record, where it is of the right length. Throws `DataError` in Spark's words. */
export function ofLength(record: Uint8Array, recordLength: number): Uint8Array {
  if (record.length === recordLength) return record;
  const message = `Byte array does not have correct length. ${record.length} did not equal recordLength: ${recordLength}`;
  throw new DataError('bad-record', message);
}
