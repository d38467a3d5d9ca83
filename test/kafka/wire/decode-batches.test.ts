import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { decodeBatches } from '../../../src/kafka/decode-batches.ts';
import { PartitionRecords } from '../../../src/kafka/partition-records.ts';
import { type Decompress, loadDecompressors } from '../../../src/kafka/wire/compression.ts';
import { crc32c } from '../../../src/kafka/wire/crc32c.ts';
import { type FetchedPartition, fetchRequest } from '../../../src/kafka/wire/fetch.ts';
import { recordBatchOf } from '../partition-records-of.ts';

/** A response as a broker sent it; `captures/capture.mjs` tells how. */
interface Capture {
  readonly topic: string;
  readonly start: number;
  readonly end: number;
  readonly records: readonly (readonly [offset: number, value: string])[];
  readonly response: string;
}

const file = new URL('../captures/fetch-responses.json', import.meta.url);
const captures: Record<string, Capture> = JSON.parse(fs.readFileSync(file, 'utf8'));
const decompress: Decompress = await loadDecompressors();
const request = fetchRequest([], { isolation: 'read_committed', maxWaitMs: 0, maxBytes: 0 });

function fetched({ response }: Capture): FetchedPartition {
  const [partition] = request.decode(Buffer.from(response, 'base64'));
  return partition!;
}

function decoded({ batches, aborted }: Pick<FetchedPartition, 'batches' | 'aborted'>, start: number, end: number) {
  const into = new PartitionRecords('topic', 0);
  const { next } = decodeBatches(batches, { topic: 'topic', partition: 0, start, end }, aborted, decompress, into);
  const records = Array.from({ length: into.length }, (_, i) => [into.offsetAt(i), String(into.valueAt(i))]);
  return { next, records, into };
}

for (const [name, capture] of Object.entries(captures)) {
  it(`reads what a broker sent: ${name}`, () => {
    const { next, records } = decoded(fetched(capture), capture.start, capture.end);
    expect(records).toEqual(capture.records);
    expect(next).toBeGreaterThan(capture.start);
    expect(next).toBeLessThanOrEqual(capture.end);
  });

  it(`reads each offset of it as a range of its own: ${name}`, () => {
    const { next } = decoded(fetched(capture), capture.start, capture.end);
    const one = (offset: number) => decoded(fetched(capture), offset, offset + 1);
    const offsets = Array.from({ length: next - capture.start }, (_, i) => capture.start + i);
    for (const offset of offsets) expect(one(offset).next).toBe(offset + 1);
    expect(offsets.flatMap((offset) => one(offset).records)).toEqual(capture.records);
  });
}

it('takes the time of the broker for all records, where the broker set it', () => {
  const { into } = decoded(fetched(captures['times of the broker']!), 0, 2);
  expect(into.timestampTypeAt(0)).toBe(1);
  expect(into.timestampAt(0)).toBeGreaterThan(5678);
  expect(into.timestampAt(1)).toBe(into.timestampAt(0));
});

const STAMP = { producerId: -1, producerEpoch: -1, firstSequence: -1, transactional: false };
const SET_CRC_FROM = 21;

/** A batch of these values from an offset on, its checksum right. */
function batchOf(values: readonly string[], baseOffset: number): Buffer {
  const records = values.map((value) => ({ topic: 'topic', value }));
  const batch = recordBatchOf(records, 1000, STAMP);
  batch.writeBigInt64BE(BigInt(baseOffset), 0);
  return batch;
}

/** What is left of a batch when compaction has removed all of its records. */
function emptied(batch: Buffer): Buffer {
  const header = Buffer.from(batch.subarray(0, 61));
  header.writeInt32BE(61 - 12, 8);
  header.writeInt32BE(0, 57);
  header.writeUInt32BE(crc32c(header, SET_CRC_FROM), 17);
  return header;
}

it('goes past batches without records, also at the end of a range', () => {
  const batches = Buffer.concat([
    batchOf(['a', 'b'], 0),
    emptied(batchOf(['c', 'd', 'e'], 2)),
    emptied(batchOf(['f'], 9)),
  ]);
  const { next, records } = decoded({ batches, aborted: [] }, 0, 10);
  expect([next, records]).toEqual([
    10,
    [
      [0, 'a'],
      [1, 'b'],
    ],
  ]);
  expect(decoded({ batches: emptied(batchOf(['a', 'b'], 4)), aborted: [] }, 4, 100).next).toBe(6);
});

it('leaves a batch that is cut off for the next response, wherever it is cut', () => {
  const [first, second] = [batchOf(['a', 'b'], 0), batchOf(['c', 'd'], 2)];
  const batches = Buffer.concat([first, second]);
  for (let length = first.length; length < batches.length; length++) {
    const { next, records } = decoded({ batches: batches.subarray(0, length), aborted: [] }, 0, 4);
    expect([next, records.length]).toEqual([2, 2]);
  }
  expect(decoded({ batches: first.subarray(0, 40), aborted: [] }, 0, 4).next).toBe(0);
});

it('finds every damaged byte that a checksum covers', () => {
  const batch = batchOf(['to be', 'or not'], 0);
  for (let at = SET_CRC_FROM; at < batch.length; at++) {
    const damaged = Buffer.from(batch);
    damaged[at]! ^= 0x10;
    expect(() => decoded({ batches: damaged, aborted: [] }, 0, 2)).toThrow('expected a batch whose checksum is right');
  }
});

it.each([
  ['the same', 0],
  ['a lower one', 1], // −1, as its lowest bit is the sign
])('refuses a batch in which %s offset follows on another', (_, delta) => {
  const batch = batchOf(['a', 'b', 'c'], 5);
  const recordBytes = (batch.length - 61) / 3;
  // A record begins with its length, attributes, time and offset, here in a byte each.
  batch[61 + recordBytes + 3] = delta;
  batch[61 + 2 * recordBytes + 3] = delta;
  batch.writeUInt32BE(crc32c(batch, SET_CRC_FROM), 17);
  expect(() => decoded({ batches: batch, aborted: [] }, 0, 6)).toThrow('expected a record, got bytes that are none');
});

it('refuses batches of before Kafka 0.11', () => {
  const batch = batchOf(['a'], 7);
  batch[16] = 1;
  expect(() => decoded({ batches: batch, aborted: [] }, 0, 8)).toThrow(
    'expected batches of format 2, got one of format 1',
  );
});

it('has the checksum of RFC 3720', () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
  expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from('x123456789x'), 1, 10)).toBe(0xe3069283);
});
