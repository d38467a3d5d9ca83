// What the test kills, a program as a user writes it: node program.mjs SETTINGS. It scores the points of a topic with a k-means,
// writes each with its score to another topic, in transactions, and trains the k-means; it ends with what was there at its start.
import { Batch, KafkaSource, StreamingContext, StreamingKMeans, textValues, writeToKafka } from 'millrace';

const { bootstrapServers, input, output, checkpoint, model, initialCenters } = JSON.parse(process.argv[2]);

const context = new StreamingContext(20, { emptyBatches: 'skip' });
context.checkpoint(checkpoint, { replaceAboveBytes: 40_000 });
const source = new KafkaSource(
  {
    bootstrapServers,
    subscribe: input,
    startingOffsets: 'earliest',
    endingOffsets: 'latest',
    maxOffsetsPerTrigger: 60,
  },
  textValues,
);
const points = context.sourceStream(source, { id: 'input' }).map((line) => JSON.parse(line));

const learner = new StreamingKMeans({ k: initialCenters.length, decayFactor: 0.99 });
learner.setInitialCenters(
  initialCenters,
  initialCenters.map(() => 1),
);
const scored = learner.predictOnValues(points.map((point) => [point, [point.x, point.y]]));
const outputs = scored.transform((rdd, time) => {
  return Batch.of(rdd.collect().map(([point, cluster], at) => JSON.stringify({ ...point, cluster, time, at })));
});
writeToKafka(outputs, { bootstrapServers, topic: output, transactionalId: output });
learner.trainOn(points.map(({ x, y }) => [x, y]));

try {
  await context.start();
  process.stdout.write('started\n');
  await context.awaitTermination();
  await learner.save(model);
} catch (error) {
  process.stderr.write(`${error.name} ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
