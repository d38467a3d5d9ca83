/**
 * Captures Fetch responses of a running broker into `fetch-responses.json`, which the decoder's tests read: first `npm run build`,
 * then `node test/kafka/captures/capture.mjs HOST:PORT`. Takes half a minute, as the broker must compact a topic.
 */
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { systemClock } from '../../../dist/host/clock.js';
import { Cluster } from '../../../dist/kafka/cluster.js';
import { KafkaClient } from '../../../dist/kafka/kafka-client.js';
import { checkedKafkaOptions } from '../../../dist/kafka/kafka-options.js';
import { fetchRequest } from '../../../dist/kafka/wire/fetch.js';

const [server] = process.argv.slice(2);
const kafka = new Kafka({ brokers: [server], logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const cluster = new Cluster(checkedKafkaOptions({ bootstrapServers: server }), systemClock);
const client = new KafkaClient({ bootstrapServers: server }, systemClock);
const captures = {};

async function newTopic(name, config = {}) {
  const topic = `capture-${name}-${process.pid}`;
  const configEntries = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  await admin.createTopics({ topics: [{ topic, configEntries }], waitForLeaders: true });
  return topic;
}

async function transactional(id) {
  const retry = { initialRetryTime: 20, retries: 20 };
  const producer = kafka.producer({ transactionalId: id, idempotent: true, maxInFlightRequests: 1, retry });
  await producer.connect();
  return producer;
}

const messages = (...values) => values.map((value) => ({ value }));

async function capture(name, topic, records, { start = 0, maxBytes = 1_000_000 } = {}) {
  const at = { topic, partition: 0 };
  const request = fetchRequest([{ ...at, fetchOffset: start, maxBytes }], {
    isolation: 'read_committed',
    maxWaitMs: 500,
    maxBytes,
  });
  const bytes = await cluster.send(await cluster.leaderOf(at), { ...request, decode: (response) => response });
  const [end] = await client.offsets([at], 'latest');
  captures[name] = { topic, start, end, records, response: bytes.toString('base64') };
}

/** Where the first batch of a captured response begins. */
function firstOffset({ response }) {
  const decoded = fetchRequest([], { isolation: 'read_committed', maxWaitMs: 0, maxBytes: 0 }).decode(
    Buffer.from(response, 'base64'),
  );
  return Number(decoded[0].batches.readBigInt64BE(0));
}

await admin.connect();

{
  const topic = await newTopic('overlap');
  const [a, b] = [await transactional(`${topic}-a`), await transactional(`${topic}-b`)];
  const first = await a.transaction();
  await first.send({ topic, messages: messages('a0', 'a1') });
  const second = await b.transaction();
  await second.send({ topic, messages: messages('b0') });
  await first.send({ topic, messages: messages('a2') });
  await second.abort();
  await first.abort();
  const third = await a.transaction();
  await third.send({ topic, messages: messages('a3') });
  await third.commit();
  await delay(500);
  await capture(
    'aborts that overlap',
    topic,
    [[5, 'a3']].map(([offset, value]) => [offset + 1, value]),
  );
  await a.disconnect();
  await b.disconnect();
}
{
  const topic = await newTopic('cut');
  const producer = await transactional(topic);
  const long = 'x'.repeat(400);
  const begun = await producer.transaction();
  for (let i = 0; i < 4; i++) await begun.send({ topic, messages: messages(`${i} ${long}`) });
  await begun.abort();
  const last = await producer.transaction();
  await last.send({ topic, messages: messages('last') });
  await last.commit();
  await delay(500);
  await capture('an aborted transaction whose marker is in a later response', topic, [], { maxBytes: 1300 });
  await capture('the marker, and what comes after it', topic, [[5, 'last']], { start: 3 });
  await producer.disconnect();
}
{
  const topic = await newTopic('time', { 'message.timestamp.type': 'LogAppendTime' });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: [
      { value: 'a', timestamp: '1234' },
      { value: 'b', timestamp: '5678' },
    ],
  });
  await producer.disconnect();
  await capture('times of the broker', topic, [
    [0, 'a'],
    [1, 'b'],
  ]);
}
{
  const topic = await newTopic('compacted', {
    'cleanup.policy': 'compact',
    'segment.ms': '200',
    'min.cleanable.dirty.ratio': '0.001',
    'delete.retention.ms': '0',
  });
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  for (let i = 0; i < 4; i++) {
    await producer.send({ topic, messages: [{ key: 'k', value: `${i}` }] });
    await delay(400);
  }
  for (let tries = 0; tries < 60; tries++) {
    await capture('batches that compaction has removed', topic, [[2, '2']]); // a response holds one segment
    if (firstOffset(captures['batches that compaction has removed']) > 0) break;
    await delay(1000);
  }
  await producer.disconnect();
}

fs.writeFileSync(new URL('./fetch-responses.json', import.meta.url), `${JSON.stringify(captures, null, 2)}\n`);
await Promise.all([admin.disconnect(), cluster.close(), client.close()]);
