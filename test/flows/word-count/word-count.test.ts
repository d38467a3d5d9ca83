import type { Pair } from '../../../src/batch/batch.ts';
import type { DStream } from '../../../src/dstream/dstream.ts';
import { describeFlow } from '../describe-flow.ts';
import { WordCounter } from './word-counter.ts';

const text = `
  The mill goes round and the mill goes round
  and the water goes by
  O the merry merry miller
  he does work and the wheel goes round

  the water goes by and the wheel goes round
  constructor toString the __proto__ and the mill
  by and by the miller goes by`;

/** Counts the words of each batch, and adds them to the counts so far: `word count total`. */
function wordCount(lines: DStream<string>, output: string): void {
  const counter = new WordCounter();
  const counts = lines
    .flatMap((line) => line.toLowerCase().split(' '))
    .filter((word) => word !== '')
    .map((word): Pair<string, number> => [word, 1])
    .reduceByKey((a, b) => a + b);
  counts.updateFromBatches('WordCounter', counter, (batch) => counter.add(batch.collect()));
  counts.map(([word, count]) => `${word} ${count} ${counter.total(word)}`).saveAsTextFiles(output);
}

describeFlow<string>('word count', {
  records: text.split('\n').map((line) => line.trim()),
  program: wordCount,
  expected(batches) {
    const seen: string[] = [];
    return batches.map((lines) => {
      const words = lines.flatMap((line) => line.toLowerCase().match(/\S+/g) ?? []);
      seen.push(...words);
      const timesIn = (list: readonly string[], word: string) => list.filter((each) => each === word).length;
      return [...new Set(words)].map((word) => `${word} ${timesIn(words, word)} ${timesIn(seen, word)}`);
    });
  },
  sameForEveryCut: ({ committed }) => committed.states,
});
