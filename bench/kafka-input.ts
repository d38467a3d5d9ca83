/**
 * Measures what reading from Kafka costs, against a broker that runs already:
 *
 *     npm run build && npx tsc -b bench && node .bench/kafka-input.js 127.0.0.1:9092
 */
import { batchTimes, kafkajsRate, rangeRate, trainingRate } from './kafka-reading.ts';
import { fill, newTopic, quantile } from './kafka-topics.ts';

const [bootstrapServers = '127.0.0.1:9092'] = process.argv.slice(2);
const broker = { bootstrapServers: bootstrapServers.split(',') };
const [ROUNDS, RECORDS, BATCH_RECORDS] = [7, 1_000_000, 10_000];

const write = (text: string) => void process.stdout.write(`${text}\n`);

const topic = await newTopic(broker, 4);
await fill(broker, topic, RECORDS);

const sides = {
  "kafkajs's own consumer, eachBatch": () => kafkajsRate(broker, topic, RECORDS),
  'exact ranges of 100,000, as blocks': () => rangeRate(broker, topic, 'blocks'),
  'exact ranges of 100,000, as texts': () => rangeRate(broker, topic, 'texts'),
  'exact ranges of 100,000, as records': () => rangeRate(broker, topic, 'records'),
  'the same blocks, JSON of ten numbers → columns → k-means (k = 10)': () => trainingRate(broker, topic),
};
const rates = new Map(Object.keys(sides).map((name): [string, number[]] => [name, []]));
for (let round = -1; round < ROUNDS; round++) {
  for (const [name, side] of Object.entries(sides)) {
    const rate = await side();
    if (round >= 0) rates.get(name)!.push(rate);
  }
}
write(`| a million records of 100 bytes from four partitions (medians of ${ROUNDS} rounds by turns) | records/s |`);
write('|---|---|');
for (const [name, perSecond] of rates) write(`| ${name} | ${Math.round(quantile(perSecond, 0.5) / 1000)} k |`);

const times = await batchTimes(broker, topic, BATCH_RECORDS);
write(`\n| a batch of ${BATCH_RECORDS} records (${times.length} batches) | ms |`);
write('|---|---|');
for (const q of [0.5, 0.95]) write(`| p${100 * q} | ${quantile(times, q).toFixed(1)} |`);
