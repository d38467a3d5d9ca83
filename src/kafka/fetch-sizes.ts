import type { TopicPartition } from './kafka-driver.ts';

const [SMALLEST_BYTES, LARGEST_BYTES, FIRST_BYTES] = [64 * 1024, 8 * 2 ** 20, 2 ** 20];
/** A range begins and ends in the middle of a batch, and sizes vary. */
const [SLACK_FACTOR, SLACK_BYTES] = [1.15, 16 * 1024];
const SMOOTHING = 0.5;

/**
 * How many bytes to ask of a partition: about what its range will take, by the bytes that an offset took so far. With a fixed
 * size, most of each response would be thrown away, and fetched again for the next range.
 */
export class FetchSizes {
  readonly #bytesPerOffset = new Map<string, number>();

  maxBytesOf(partition: TopicPartition, offsets: number): number {
    const bytesPerOffset = this.#bytesPerOffset.get(keyOf(partition));
    if (bytesPerOffset === undefined) return FIRST_BYTES;
    const expected = Math.ceil(offsets * bytesPerOffset * SLACK_FACTOR) + SLACK_BYTES;
    return Math.min(LARGEST_BYTES, Math.max(SMALLEST_BYTES, expected));
  }

  /** Learns from batches of so many bytes that stand for so many offsets. */
  learn(partition: TopicPartition, bytes: number, offsets: number): void {
    if (offsets <= 0) return;
    const before = this.#bytesPerOffset.get(keyOf(partition)) ?? bytes / offsets;
    this.#bytesPerOffset.set(keyOf(partition), before + SMOOTHING * (bytes / offsets - before));
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
