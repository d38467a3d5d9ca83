import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { beforeAll } from 'vitest';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { describeFlow } from '../describe-flow.ts';

const readings = Array.from({ length: 33 }, (_, i) => `sensor-${i % 4},${i % 5 === 0 ? '' : i * i}`);

let file: string;
beforeAll(async () => {
  file = path.join(await temporaryDirectory(() => {}), 'readings.csv');
  await fs.writeFile(file, `sensor,value\n${readings.join('\n')}\n`);
  return () => fs.rm(path.dirname(file), { recursive: true });
});

/** Copies what was measured, in two partitions a batch. */
function keepMeasured(lines: DStream<string>, output: string): void {
  lines
    .filter((line) => !line.endsWith(','))
    .repartition(2)
    .saveAsTextFiles(output);
}

describeFlow<string>('a file to text files, exactly once', {
  records: readings,
  program: keepMeasured,
  feed: ([first = []]) => ({
    stream: (context) => context.textFile(file, { skipLines: 1, maxRecordsPerBatch: first.length }),
  }),
  expected: (batches) =>
    batches.map((lines) => {
      const measured = lines.filter((line) => line.split(',')[1] !== '');
      const everyOther = (from: 0 | 1) => measured.filter((_, i) => i % 2 === from);
      return [...everyOther(0), ...everyOther(1)];
    }),
  sameForEveryCut: ({ output }) => output.flat().sort(),
});
