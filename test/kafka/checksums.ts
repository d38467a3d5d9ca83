import type { PartitionRecords } from '../../src/kafka/partition-records.ts';
import { crc32 } from './crc32.ts';

/** What was read of each partition, as `KafkaLog` prints it: number, records, and CRC-32 over "offset:key:value" lines. */
export class Checksums {
  readonly #counts: number[];
  readonly #sums: number[];

  constructor(partitions: number) {
    this.#counts = new Array(partitions).fill(0);
    this.#sums = new Array(partitions).fill(0);
  }

  get records(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  add(records: PartitionRecords): void {
    const parts: (string | Uint8Array)[] = [];
    for (let i = 0; i < records.length; i++) {
      parts.push(`${records.offsetAt(i)}:`, records.keyAt(i) ?? '', ':', records.valueAt(i) ?? '', '\n');
    }
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    this.#counts[records.partition]! += records.length;
    this.#sums[records.partition] = crc32(bytes, this.#sums[records.partition]);
  }

  lines(): string[] {
    return this.#counts.map((count, i) => `${i} ${count} ${this.#sums[i]}`);
  }
}
