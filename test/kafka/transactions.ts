import { setTimeout as delay } from 'node:timers/promises';
import type { Kafka } from 'kafkajs';

/** Texts to send, one after the other: outside transactions, or in one that ends as it says. */
type Step =
  | { readonly plain: readonly string[] }
  | { readonly commit: readonly string[] }
  | { readonly abort: readonly string[] };

/** Sends each step's texts to partition 0 of a new topic, in transactions of one producer, and waits until they have ended there. */
export async function sendText(kafka: Kafka, topic: string, steps: readonly Step[]): Promise<void> {
  const plain = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  const transactional = transactionalProducer(kafka, `${topic}-text`);
  await Promise.all([plain.connect(), transactional.connect()]);
  for (const step of steps) {
    if ('plain' in step) {
      await plain.send(messagesOf(topic, step.plain));
      continue;
    }
    const transaction = await transactional.transaction();
    await transaction.send(messagesOf(topic, 'commit' in step ? step.commit : step.abort));
    await ('commit' in step ? transaction.commit() : transaction.abort());
  }
  await Promise.all([plain.disconnect(), transactional.disconnect()]);
  const transactions = steps.filter((step) => !('plain' in step));
  if (transactions.length === 0) return;
  // A transaction that was ended shows so a little later, with an offset of its own.
  const end = transactions.length + steps.flatMap((step) => Object.values(step).flat()).length;
  const admin = kafka.admin();
  await admin.connect();
  while (Number((await admin.fetchTopicOffsets(topic))[0]!.high) < end) await delay(10);
  await admin.disconnect();
}

/** A producer of kafkajs, which waits little where the broker is still ending its last transaction. */
export function transactionalProducer(kafka: Kafka, transactionalId: string) {
  const retry = { initialRetryTime: 20, retries: 20 };
  return kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1, retry });
}

export function messagesOf(topic: string, values: readonly string[], partition = 0) {
  return { topic, messages: values.map((value) => ({ value, partition })) };
}
