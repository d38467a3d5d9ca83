/**
 * Measures what writing to Kafka costs, against a broker that runs already:
 *
 *     npm run build && npx tsc -b bench && node .bench/kafka-output.js 127.0.0.1:9092
 */
import { scoringLatency, scoringRate, writeTimes } from './kafka-scoring.ts';
import { fill, newTopic } from './kafka-topics.ts';

const [bootstrapServers = '127.0.0.1:9092'] = process.argv.slice(2);
const broker = { bootstrapServers: bootstrapServers.split(',') };
const [ROUNDS, RECORDS, PER_SECOND, SECONDS] = [30, 500_000, 10_000, 10];

const write = (text: string) => void process.stdout.write(`${text}\n`);

write('| 10,000 records of 100 bytes to four partitions | p50, ms | p95, ms |');
write('|---|---|---|');
for (const [name, { p50Ms, p95Ms }] of await writeTimes(broker, ROUNDS)) {
  write(`| ${name} | ${p50Ms.toFixed(1)} | ${p95Ms.toFixed(1)} |`);
}

const input = await newTopic(broker, 4);
await fill(broker, input, RECORDS);
write('\n| topic → score by k-means (k = 10, d = 10) → topic | records/s |');
write('|---|---|');
for (const exactlyOnce of [false, true]) {
  const rate = await scoringRate(broker, input, exactlyOnce);
  write(`| ${exactlyOnce ? 'in transactions, with a checkpoint' : 'at least once'} | ${Math.round(rate / 1000)} k |`);
}

const { records, p50Ms, p99Ms } = await scoringLatency(broker, PER_SECOND, SECONDS);
write(`\n| ${PER_SECOND} records/s, from produced to scored, committed and read (${records} records) | ms |`);
write('|---|---|');
write(`| p50 | ${p50Ms.toFixed(0)} |\n| p99 | ${p99Ms.toFixed(0)} |`);
