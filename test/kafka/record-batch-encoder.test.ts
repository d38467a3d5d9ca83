import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProducerRecord } from '../../src/kafka/kafka-record.ts';
import { crc32c } from '../../src/kafka/wire/crc32c.ts';
import { mostBytes } from '../../src/kafka/wire/record-batch-encoder.ts';
import { partitionRecordsOf, recordBatchOf } from './partition-records-of.ts';

const STAMP = { producerId: 4711, producerEpoch: 3, firstSequence: 12, transactional: true };

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }),
  fc.constant(null),
);
const record: fc.Arbitrary<ProducerRecord> = fc.record(
  {
    topic: fc.constant('topic'),
    key: part,
    value: part,
    timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    headers: fc.array(fc.record({ key: fc.string({ unit: 'binary' }), value: part }), { maxLength: 3 }),
  },
  { requiredKeys: ['topic', 'value'] },
);

function bytesOf(value: Uint8Array | string | null | undefined): Buffer | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? Buffer.from(value) : Buffer.from(value);
}

describe('a batch of records', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 200 }), (records) => {
        const read = partitionRecordsOf(records);
        expect(read.length).toBe(records.length);
        for (const [i, { key, value, headers = [], timestamp = 0 }] of records.entries()) {
          const { offset, ...back } = read.recordAt(i);
          expect(offset).toBe(i);
          expect(back).toEqual({
            topic: 'topic',
            partition: 0,
            key: bytesOf(key),
            value: bytesOf(value),
            timestamp,
            timestampType: 0,
            headers: headers.map((header) => ({
              key: Buffer.from(header.key).toString(),
              value: bytesOf(header.value),
            })),
          });
        }
      }),
    );
  });

  it('says in its header who wrote it, and how much', () => {
    const records = [
      { topic: 't', value: 'a', timestamp: 1000 },
      { topic: 't', value: 'b' },
    ] as const;
    const bytes = recordBatchOf(records, 3000, STAMP);
    expect(bytes.readInt32BE(8)).toBe(bytes.length - 12);
    expect(bytes.readInt8(16)).toBe(2);
    expect(bytes.readUInt32BE(17)).toBe(crc32c(bytes, 21));
    expect(bytes.readInt16BE(21)).toBe(0x10);
    expect(bytes.readInt32BE(23)).toBe(1);
    expect(bytes.readBigInt64BE(27)).toBe(1000n);
    expect(bytes.readBigInt64BE(35)).toBe(3000n);
    expect(bytes.readBigInt64BE(43)).toBe(4711n);
    expect(bytes.readInt16BE(51)).toBe(3);
    expect(bytes.readInt32BE(53)).toBe(12);
    expect(bytes.readInt32BE(57)).toBe(2);
  });

  it('is no larger than its records were said to be', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 50 }), (records) => {
        const said = records.reduce((sum, each) => sum + mostBytes(each), 61);
        expect(recordBatchOf(records, 0, STAMP).length).toBeLessThanOrEqual(said);
      }),
    );
  });
});
