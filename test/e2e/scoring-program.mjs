/** Scores stored lines with the newest of a directory of versions, into files, and notes each batch in a ledger before it is written. */
import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StreamingContext } from 'millrace';
import { csvRows, Schema, scoreLines } from 'millrace/pipelines';

const { world, rowsPerBatch } = JSON.parse(process.argv[2]);
const schema = new Schema([
  { name: 'id', type: 'int' },
  { name: 'x', type: 'double' },
]);

const context = new StreamingContext('10 ms', { emptyBatches: 'skip' });
context.checkpoint(`${world}/checkpoint`);
const lines = context.textFile(`${world}/rows.csv`, { maxRecordsPerBatch: rowsPerBatch });
const scored = scoreLines(lines, `${world}/models`, { rows: csvRows(schema), checkEvery: '20 ms' });
scored.foreachRDD(async (rdd, time) => {
  fs.appendFileSync(`${world}/ledger`, `${JSON.stringify({ time, lines: rdd.collect() })}\n`);
  process.stdout.write('.');
  await sleep(3); // the moment in which a kill is to hit
});
scored.saveAsTextFiles(`${world}/scores/batch`, 'csv');
await context.start();
await context.awaitTermination();
