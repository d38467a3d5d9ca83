import type { KafkaRecord } from './kafka-record.ts';
import type { PartitionRecords } from './partition-records.ts';

/** What the records of a topic become in a stream. */
export interface RecordFormat<T> {
  recordsOf(records: PartitionRecords): readonly T[];
}

/** All that a broker keeps of a record. */
export const kafkaRecords: RecordFormat<KafkaRecord> = {
  recordsOf: (records) => Array.from({ length: records.length }, (_, i) => records.recordAt(i)),
};

/** Values as text in UTF-8; a record without a value, such as a tombstone, is an empty text. */
export const textValues: RecordFormat<string> = {
  recordsOf(records) {
    const texts = new Array<string>(records.length);
    records.forEachValue((bytes, start, end, i) => {
      texts[i] = start < 0 ? '' : bytes.toString('utf8', start, end);
    });
    return texts;
  },
};

/**
 * The records of a partition in one piece, as the bytes that came from the broker: for `jsonColumns`, which makes columns of them
 * without an object for each. A partition without records gives nothing.
 */
export const recordBlocks: RecordFormat<PartitionRecords> = {
  recordsOf: (records) => (records.length === 0 ? [] : [records]),
};
