import type { ProducerRecord } from '../../src/kafka/kafka-record.ts';
import { PartitionRecords } from '../../src/kafka/partition-records.ts';
import { type ProducerStamp, RecordBatchEncoder } from '../../src/kafka/wire/record-batch-encoder.ts';

const HEADER_BYTES = 61;
const STAMP = { producerId: -1, producerEpoch: -1, firstSequence: -1, transactional: false };

/** The records as a producer writes them; `now` is the timestamp of those that have none. */
export function recordBatchOf(records: readonly ProducerRecord[], now: number, stamp: ProducerStamp): Buffer {
  const batch = new RecordBatchEncoder();
  for (const record of records) batch.add(record, now);
  return batch.encoded(stamp);
}

/** The records as if they had been read from a partition, from offset 0 on. */
export function partitionRecordsOf(records: readonly ProducerRecord[]): PartitionRecords {
  const read = new PartitionRecords('topic', 0);
  const timestamp = records[0]!.timestamp ?? 0;
  const bytes = recordBatchOf(records, 0, STAMP).subarray(HEADER_BYTES);
  read.add({ bytes, count: records.length, baseOffset: 0, timestamp, timestampType: 0 }, 0, records.length);
  return read;
}

/** Records of these values. */
export function recordsOfValues(values: readonly (string | null)[]): PartitionRecords {
  return partitionRecordsOf(values.map((value) => ({ topic: 'topic', value })));
}
