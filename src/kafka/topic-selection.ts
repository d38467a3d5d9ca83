import { UsageError } from '../errors.ts';
import type { KafkaDriver, TopicPartition } from './kafka-driver.ts';

/** Which partitions a source reads: those of topics by name, of all topics whose whole name matches a pattern, or just these. */
export type TopicSelection =
  | { readonly subscribe: string | readonly string[] }
  | { readonly subscribePattern: string | RegExp }
  | { readonly assign: { readonly [topic: string]: readonly number[] } };

/** A partition that exists, and the id of its topic. */
export interface SelectedPartition extends TopicPartition {
  readonly topicId: string;
}

/** Throws `UsageError` where it selects nothing, or in more than one way. */
export function checkSelection(selection: object): asserts selection is TopicSelection {
  const ways = ['subscribe', 'subscribePattern', 'assign'].filter(
    (way) => (selection as Record<string, unknown>)[way] !== undefined,
  );
  if (ways.length !== 1) {
    const got = ways.join(' and ') || 'none';
    throw new UsageError('bad-option', `Kafka: expected one of subscribe, subscribePattern and assign, got ${got}`);
  }
}

/** The selected partitions that exist now. */
export async function selectedPartitions(driver: KafkaDriver, selection: TopicSelection): Promise<SelectedPartition[]> {
  const topics = await driver.describe('subscribePattern' in selection ? 'all' : namedTopics(selection));
  return [...topics].flatMap(([topic, { id, partitions }]) =>
    partitions
      .filter((partition) => isSelected(topic, partition, selection))
      .map((partition) => ({ topic, partition, topicId: id })),
  );
}

/** What is named and doesn't exist, in words; a pattern names nothing. */
export function missingFrom(found: readonly TopicPartition[], selection: TopicSelection): string[] {
  if ('subscribePattern' in selection) return [];
  if ('subscribe' in selection) {
    return namesOf(selection.subscribe)
      .filter((name) => !found.some(({ topic }) => topic === name))
      .map((name) => `topic ${name}`);
  }
  return Object.entries(selection.assign).flatMap(([name, partitions]) =>
    partitions
      .filter((number) => !found.some(({ topic, partition }) => topic === name && partition === number))
      .map((number) => `partition ${number} of topic ${name}`),
  );
}

function namedTopics(selection: Exclude<TopicSelection, { subscribePattern: unknown }>): readonly string[] {
  return 'subscribe' in selection ? namesOf(selection.subscribe) : Object.keys(selection.assign);
}

function isSelected(topic: string, partition: number, selection: TopicSelection): boolean {
  if ('assign' in selection) return selection.assign[topic]!.includes(partition);
  if ('subscribe' in selection) return true;
  const pattern = selection.subscribePattern;
  return new RegExp(`^(?:${typeof pattern === 'string' ? pattern : pattern.source})$`).test(topic);
}

function namesOf(topics: string | readonly string[]): readonly string[] {
  return typeof topics === 'string' ? topics.split(',').map((topic) => topic.trim()) : topics;
}
