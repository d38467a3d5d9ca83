import type { Offset } from '../batch/offset.ts';
import { StateError } from '../errors.ts';
import type { IsolationLevel, TopicPartition } from './kafka-driver.ts';

/** One number for each partition, as Spark writes it: `{"clicks": {"0": 23, "1": 40}}`. */
export type PartitionNumbers = { readonly [topic: string]: { readonly [partition: string]: number } };

/**
 * Where a source has got to: the offset of the record that comes next, for each partition, and which topics these are, since
 * one that was deleted and made again has the same name and other records. And what was seen of transactions, since a batch
 * that is read again must see the same.
 */
export type KafkaOffset = {
  readonly offsets: PartitionNumbers;
  readonly topicIds: { readonly [topic: string]: string };
  /** Absent in checkpoints of before it was kept. */
  readonly isolationLevel?: IsolationLevel;
};

export interface PartitionOffset extends TopicPartition {
  readonly topicId: string;
  readonly offset: number;
}

export function positionsOf(offset: Offset): PartitionOffset[] {
  const { offsets, topicIds } = offset as KafkaOffset;
  return Object.entries(offsets).flatMap(([topic, partitions]) =>
    Object.entries(partitions).map(([partition, next]) => ({
      topic,
      partition: Number(partition),
      topicId: topicIds[topic]!,
      offset: next,
    })),
  );
}

/** Equal positions print equal, in whatever order they come. */
export function offsetOf(positions: readonly PartitionOffset[], isolationLevel: IsolationLevel): KafkaOffset {
  const sorted = positions.toSorted((a, b) => compare(a.topic, b.topic) || a.partition - b.partition);
  const offsets = new Map<string, Record<string, number>>();
  for (const { topic, partition, offset } of sorted) {
    const ofTopic = offsets.get(topic) ?? {};
    ofTopic[partition] = offset;
    offsets.set(topic, ofTopic);
  }
  const topicIds = sorted.map(({ topic, topicId }) => [topic, topicId]);
  return { offsets: Object.fromEntries(offsets), topicIds: Object.fromEntries(topicIds), isolationLevel };
}

/** Throws `StateError` (`does-not-fit`) where the offset is one of a stream that saw transactions otherwise. */
export function checkIsolation(offset: Offset, isolationLevel: IsolationLevel): void {
  const { isolationLevel: before = isolationLevel } = offset as KafkaOffset;
  if (before === isolationLevel) return;
  throw new StateError(
    'does-not-fit',
    `Kafka: the checkpoint is of a stream that reads with isolationLevel ${before}, got ${isolationLevel}; ` +
      'give it back the same, or start with a new checkpoint directory',
  );
}

export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
