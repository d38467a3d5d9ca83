// A program that stops on signals: node stops-on-signals.mjs CHECKPOINT. Its second batch waits for a line on standard input.
import { once } from 'node:events';
import { StreamingContext } from 'millrace';

const context = new StreamingContext(10, { stopOnSignals: true });
context.checkpoint(process.argv[2]);
const batches = context.queueStream([[1], [2], [3], [4], [5]]);
batches
  .reduce((a, b) => a + b)
  .foreachRDD(async (rdd) => {
    process.stdout.write(`batch ${rdd.collect()}\n`);
    if (rdd.collect()[0] === 2) await once(process.stdin, 'data');
  });
await context.start();
await context.awaitTermination();
process.stdout.write(`${context.getState()}\n`);
process.stdin.destroy();
