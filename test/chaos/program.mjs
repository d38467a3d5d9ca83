// What the chaos run kills, a program as a user writes it: node program.mjs SETTINGS. It counts records by key and trains a
// k-means, over files that appear and over a socket, and ends when it has met so many records of the key `end`.
import { appendFile } from 'node:fs/promises';
import * as net from 'node:net';
import * as path from 'node:path';
import { Receiver, StreamingContext, StreamingKMeans } from 'millrace';

const { world, port, ends, batchDurationMs, replaceAboveBytes, writeAheadLog, acknowledges } = JSON.parse(
  process.argv[2],
);

/** Answers its sender with one byte for each line that is safe. */
class AcknowledgingReceiver extends Receiver {
  async onStart() {
    this.socket = net.connect(port, '127.0.0.1').setEncoding('utf8');
    let unfinished = '';
    try {
      for await (const text of this.socket) {
        const lines = (unfinished + text).split('\n');
        unfinished = lines.pop();
        await this.storeAll(lines);
        this.socket.write('+'.repeat(lines.length));
      }
    } catch {
      // The connection broke: what was not answered for comes again.
    }
    this.restart('the sender has gone', undefined, 20);
  }

  onStop() {
    this.socket.destroy();
  }
}

const context = new StreamingContext(batchDurationMs, {
  emptyBatches: 'skip',
  defaultParallelism: 2,
  receiver: { writeAheadLog },
});
context.checkpoint(path.join(world, 'checkpoint'), { replaceAboveBytes });

const files = context.textFileStream(path.join(world, 'input'), {
  newFilesOnly: false,
  minRememberDuration: '10 seconds',
});
const lines = acknowledges
  ? context.receiverStream(new AcknowledgingReceiver())
  : context.socketTextStream('127.0.0.1', port, { resume: true, restartDelay: 20 });
const records = context.union([files, lines]);
const fields = records.map((line) => line.split(','));

const counts = fields.map(([, key]) => [key, 1]).updateStateByKey((ones, count = 0) => count + ones.length);

const learner = new StreamingKMeans({ k: 3, decayFactor: 0.99 });
learner.setInitialCenters(
  [
    [10, 10],
    [80, 10],
    [10, 80],
  ],
  [1, 1, 1],
);
learner.trainOn(fields.map(([, , x, y]) => [Number(x), Number(y)]));

/** One line each time a batch is written: what it was, and the model that it made. */
const ledger = {
  async write({ id, time, batch }) {
    const { clusterCenters, clusterWeights } = learner.latestModel();
    const centers = clusterCenters.map((center) => [...center]);
    const entry = { id, time, records: batch.count(), centers, weights: [...clusterWeights] };
    await appendFile(path.join(world, 'ledger'), `${JSON.stringify(entry)}\n`);
  },
  async close() {},
};
records.writeTo('ledger', ledger);
records.saveAsTextFiles(path.join(world, 'output', 'records'));
counts.saveAsTextFiles(path.join(world, 'output', 'counts'));
counts.foreachRDD((rdd) => {
  const met = new Map(rdd.collect()).get('end') ?? 0;
  if (met >= ends) void context.stop();
});

try {
  await context.start();
  process.stdout.write('started\n');
  await context.awaitTermination();
} catch (error) {
  process.stderr.write(`${error.name} ${error.code}: ${error.message}\n`);
  process.exitCode = 1;
}
