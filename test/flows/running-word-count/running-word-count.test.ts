import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { describeFlow } from '../describe-flow.ts';

/** Words that a map of plain objects would stumble over, and the empty line. */
const text = `
  round and round goes the mill
  by and by goes the water
  constructor toString __proto__ hasOwnProperty
  the miller and the mill and the wheel
  O merry merry merry mill

  __proto__ goes by constructor goes by
  round the water and round the wheel`;

/** The example of Spark's guide: each word of all time with its count, after every batch. */
function runningWordCount(lines: DStream<string>, output: string): void {
  lines
    .flatMap((line) => line.split(' '))
    .filter((word) => word !== '')
    .map((word): Pair<string, number> => [word, 1])
    .updateStateByKey((ones: readonly number[], count: number | undefined) => (count ?? 0) + ones.length)
    .map(([word, count]) => `${word} ${count}`)
    .saveAsTextFiles(output);
}

describeFlow<string>('a running word count', {
  records: text.split('\n').map((line) => line.trim()),
  program: runningWordCount,
  expected: (batches) =>
    batches.map((_, last) => {
      const words = batches
        .slice(0, last + 1)
        .flat()
        .flatMap((line) => line.match(/\S+/g) ?? []);
      return [...new Set(words)].map((word) => `${word} ${words.filter((each) => each === word).length}`);
    }),
  sameForEveryCut: ({ output }) => output.at(-1),
});
