import type { Command } from 'commander';
import { loadLearner, type Pair } from '../index.ts';
import { checkWidth } from './learner-options.ts';
import { type ScoreOutput, writeScored } from './score-output.ts';
import { type Share, sharedJobOf, shareOf } from './share-option.ts';
import { addStreamOptions, featuresOf, requireOption, runStream, type StreamOptions } from './stream-command.ts';

interface ScoreOptions extends StreamOptions, Omit<ScoreOutput, 'checkpoint'> {
  readonly share?: Share;
  readonly model: string;
}

export function registerScore(program: Command): void {
  const command = program
    .command('score')
    .summary('score a stream with a saved model')
    .description(
      "Score a stream with a saved model: each record's line, and the prediction as its last column. A k-means model " +
        'predicts the number of the nearest centre. Lines go to standard output, to files, or to a Kafka topic.',
    )
    .option('--model <file>', 'the saved model');
  requireOption(command, 'model', 'the file of a saved model');
  addStreamOptions(command)
    .option('--save-as-text-files <prefix>', 'one directory PREFIX-TIME.csv a batch, instead of standard output')
    .option(
      '--sink <where>',
      'kafka://HOST:PORT/TOPIC?transactionalId=ID: a record a line, each exactly once; without an ID, at least once',
    )
    .option(
      '--share <i/n>',
      'score the i-th of n shares of a topic; another n takes over from the shares before',
      shareOf,
    )
    .addHelpText('after', EXAMPLES)
    .action(score);
}

async function score(options: ScoreOptions): Promise<void> {
  const learner = await loadLearner(options.model);
  // On a terminal, progress would be drawn between the lines of output.
  const quiet =
    options.quiet ??
    (options.saveAsTextFiles === undefined && options.sink === undefined && process.stdout.isTTY === true);
  const sharedJob = sharedJobOf(options);
  await runStream({ ...options, quiet, sharedJob }, (stream) => {
    const features = featuresOf(stream, options, 'label');
    checkWidth(learner, features.length, options.model);
    const numbersOf = stream.columns.numbers(features, '--features');
    const keyed = stream.map((line): Pair<string, number[]> => [line, numbersOf(line)]);
    const scored = learner.predictOnValues(keyed).map(([line, prediction]) => `${line},${prediction}`);
    writeScored(scored, options, sharedJob);
  });
}

const EXAMPLES = `
Examples:
  $ millrace train --model kmeans --k 3 --save clusters.json \\
      --source 'generator:driftingClusters?rows=5000' --features x0,x1
  $ millrace score --model clusters.json --source 'generator:driftingClusters?rows=10' --features x0,x1

  What another terminal publishes, into files:
  $ millrace publish 'generator:driftingClusters?rows=5000' --port 9999 --rate 2000
  $ millrace score --model clusters.json --source socket://127.0.0.1:9999 --columns x0,x1,label \\
      --features x0,x1 --save-as-text-files scores/clusters

  From a topic to another, each line exactly once, whoever is killed:
  $ millrace score --model clusters.json --source 'kafka://127.0.0.1:9092/points?startingOffsets=earliest' \\
      --columns x0,x1,label --features x0,x1 --checkpoint scoring \\
      --sink 'kafka://127.0.0.1:9092/scores?transactionalId=scoring'`;
