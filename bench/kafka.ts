/**
 * Measures what reading, training, scoring and writing cost with Kafka, against a broker that runs already:
 *
 *     npm run build && npx tsc -b bench && node .bench/kafka.js 127.0.0.1:9092 [quick]
 *
 * Every record is a JSON object of ten numbers, about 100 bytes. The opponent is kafkajs as it is.
 */
import { batchTimes, columnsRate, kafkajsRate, rangeRate, trainingRate } from './kafka-reading.ts';
import { scoringLatency, scoringRate, writeTimes } from './kafka-scoring.ts';
import { fill, newTopic, quantile } from './kafka-topics.ts';

const [bootstrapServers = '127.0.0.1:9092', quick] = process.argv.slice(2);
const broker = { bootstrapServers: bootstrapServers.split(',') };
const ROUNDS = quick === 'quick' ? 3 : 9;
const [RECORDS, BATCH_RECORDS, WRITES, PER_SECOND, SECONDS] = [1_000_000, 10_000, 30, 10_000, 10];

const write = (text: string) => void process.stdout.write(`${text}\n`);

const topic = await newTopic(broker, 4);
await fill(broker, topic, RECORDS);

const rates = await byTurns({
  "kafkajs's own consumer, eachBatch": () => kafkajsRate(broker, topic, RECORDS),
  'source, ranges of 100,000, as blocks': () => rangeRate(broker, topic, 'blocks'),
  'source, as texts': () => rangeRate(broker, topic, 'texts'),
  'source, as records': () => rangeRate(broker, topic, 'records'),
  'source → columns of ten numbers': () => columnsRate(broker, topic),
  'source → columns → k-means (k = 10)': () => trainingRate(broker, topic),
  'source → columns → score → sink, at least once': () => scoringRate(broker, topic, false),
  'source → columns → score → sink, transactions and checkpoint': () => scoringRate(broker, topic, true),
});
write(`| a million records from four partitions (medians of ${ROUNDS} rounds by turns) | records/s | quartiles |`);
write('|---|---|---|');
for (const [name, perSecond] of rates) {
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((q) => `${Math.round(quantile(perSecond, q) / 1000)} k`);
  write(`| ${name} | ${median} | ${lower}–${upper} |`);
}

const times = await batchTimes(broker, topic, BATCH_RECORDS);
write(`\n| a batch of ${BATCH_RECORDS} records read (${times.length} batches) | ms |`);
write('|---|---|');
for (const q of [0.5, 0.95]) write(`| p${100 * q} | ${quantile(times, q).toFixed(1)} |`);

write('\n| 10,000 records written to four partitions | p50, ms | p95, ms |');
write('|---|---|---|');
for (const [name, { p50Ms, p95Ms }] of await writeTimes(broker, WRITES)) {
  write(`| ${name} | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} |`);
}

const { records, p50Ms, p99Ms } = await scoringLatency(broker, PER_SECOND, SECONDS);
write(`\n| ${PER_SECOND} records/s, from produced to scored, committed and read (${records} records) | ms |`);
write('|---|---|');
write(`| p50 | ${p50Ms.toFixed(0)} |\n| p99 | ${p99Ms.toFixed(0)} |`);

/** What each side gives in each round but the first, which warms up. */
async function byTurns(sides: Readonly<Record<string, () => Promise<number>>>): Promise<Map<string, number[]>> {
  const results = new Map(Object.keys(sides).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const result = await side();
      if (round > 0) results.get(name)!.push(result);
    }
  }
  return results;
}
