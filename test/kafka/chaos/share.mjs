// What the test kills, one share of a job as a user writes it: node share.mjs SETTINGS. It scores the points of its partitions with
// a saved k-means, and writes each with its score to another topic; with `toTheEnd`, it ends with what was there at its start.
import { SharedJob, StreamingContext, StreamingKMeans, textValues } from 'millrace';

const { bootstrapServers, job, share, count, input, output, checkpoint, model, toTheEnd } = JSON.parse(process.argv[2]);

const context = new StreamingContext(20, { emptyBatches: 'skip' });
context.checkpoint(checkpoint);
const shared = new SharedJob({ bootstrapServers, job, share, count, transactionTimeout: '2 seconds' });
const options = { subscribe: input, startingOffsets: 'earliest', maxOffsetsPerTrigger: 20 };
const source = shared.source(toTheEnd ? { ...options, endingOffsets: 'latest' } : options, textValues);
const points = context.sourceStream(source, { id: 'input' }).map((line) => JSON.parse(line));

const learner = await StreamingKMeans.load(model);
const scored = learner.predictOnValues(points.map(({ id, x, y }) => [id, [x, y]]));
scored.map(([id, cluster]) => JSON.stringify({ id, cluster })).writeTo('output', shared.sink(output));

try {
  await context.start();
  process.stdout.write('started\n');
  await context.awaitTermination();
} catch (error) {
  process.stderr.write(`${error.name} ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
