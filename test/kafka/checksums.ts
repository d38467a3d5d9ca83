import type { KafkaRecord } from '../../src/kafka/kafka-record.ts';
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

  addRecord({ partition, offset, key, value }: KafkaRecord): void {
    this.#add(partition, 1, [`${offset}:`, key ?? '', ':', value ?? '', '\n']);
  }

  add(records: PartitionRecords): void {
    const parts: (string | Uint8Array)[] = [];
    for (let i = 0; i < records.length; i++) {
      parts.push(`${records.offsetAt(i)}:`, records.keyAt(i) ?? '', ':', records.valueAt(i) ?? '', '\n');
    }
    this.#add(records.partition, records.length, parts);
  }

  lines(): string[] {
    return this.#counts.map((count, i) => `${i} ${count} ${this.#sums[i]}`);
  }

  #add(partition: number, records: number, parts: readonly (string | Uint8Array)[]): void {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    this.#counts[partition]! += records;
    this.#sums[partition] = crc32(bytes, this.#sums[partition]);
  }
}
