import * as fs from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { loadLearner, type Pair, type SharedJob, UsageError } from '../index.ts';
import { checkWidth } from './learner-options.ts';
import { names } from './option-values.ts';
import { fieldsOf, ROW_FORMATS } from './row-options.ts';
import { type ScoreOutput, writeScored } from './score-output.ts';
import type { PipelineScoringOptions } from './score-pipeline.ts';
import { type Share, sharedJobOf, shareOf } from './share-option.ts';
import { addStreamOptions, featuresOf, requireOption, runStream, type StreamOptions } from './stream-command.ts';

interface LearnerScoringOptions extends StreamOptions, Omit<ScoreOutput, 'checkpoint'> {
  readonly model: string;
}

type ScoreOptions = PipelineScoringOptions & { readonly share?: Share };

/** Options that only a pipeline has. */
const OF_PIPELINES = ['schema', 'format', 'stored', 'watch', 'checkEvery', 'outputColumns'] as const;

export function registerScore(program: Command): void {
  const command = program
    .command('score')
    .summary('score a stream with a saved model or pipeline')
    .description(
      "Score a stream with a saved model: each record's line, and the prediction at its end. A k-means model predicts the number " +
        'of the nearest centre. Lines go to standard output, to files, or to a Kafka topic. The model is a file that `millrace train` ' +
        'saved, or a directory that `millrace fit` or Spark saved a pipeline to. Rows for a pipeline are CSV, lines of JSON, Parquet or Arrow.',
    )
    .option('--model <path>', 'the saved model: a file, or the directory of a pipeline');
  requireOption(command, 'model', 'the file of a saved model, or the directory of a saved pipeline');
  addStreamOptions(command)
    .option(
      '--save-as-text-files <prefix>',
      'one directory PREFIX-TIME.csv, or .json, a batch, instead of standard output',
    )
    .option(
      '--sink <where>',
      'kafka://HOST:PORT/TOPIC?transactionalId=ID: a record a line, each exactly once; without an ID, at least once',
    )
    .option(
      '--share <i/n>',
      'score the i-th of n shares of a topic; another n takes over from the shares before',
      shareOf,
    )
    .option(
      '--schema <columns>',
      "pipelines: columns and types, 'delay double, origin string'; a file shows them",
      fieldsOf,
    )
    .addOption(
      new Option('--format <format>', 'pipelines: what the lines are; as a rule they show it').choices(ROW_FORMATS),
    )
    .option('--stored', 'pipelines: read what is in a directory now, and end')
    .option(
      '--output-columns <names>',
      'pipelines: columns to put at the end of each line (default: prediction)',
      names,
    )
    .option(
      '--watch',
      'pipelines: --model holds versions, in folders 1, 2, …; use the newest, also when it comes later',
    )
    .option('--check-every <time>', "pipelines: how often --watch looks for a newer version (default: '10 seconds')")
    .addHelpText('after', EXAMPLES)
    .action(score);
}

async function score(options: ScoreOptions): Promise<void> {
  const stat = await fs.stat(options.model).catch(() => {
    throw new UsageError('not-found', `--model: nothing at ${options.model}; check the path`);
  });
  // On a terminal, progress would be drawn between the lines of output.
  const toTerminal =
    options.saveAsTextFiles === undefined && options.sink === undefined && process.stdout.isTTY === true;
  const scoring = { ...options, quiet: options.quiet ?? toTerminal };
  const sharedJob = sharedJobOf(options);
  if (stat.isDirectory()) {
    const { scorePipeline } = await import('./score-pipeline.ts');
    return scorePipeline(scoring, sharedJob);
  }
  const other = OF_PIPELINES.find((option) => options[option] !== undefined);
  if (other === undefined) return scoreLearner({ ...scoring, sharedJob }, sharedJob);
  const option = other.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError('bad-option', `--${option}: it is for pipelines, and ${options.model} is the file of a learner`);
}

async function scoreLearner(options: LearnerScoringOptions, sharedJob: SharedJob | undefined): Promise<void> {
  const learner = await loadLearner(options.model);
  await runStream(options, (stream) => {
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

  A pipeline, over a file and over what is sent:
  $ millrace fit examples/pipelines/late-flights.json --data datasets/flights/flights-50k.csv --output models/late/1
  $ millrace score --model models/late/1 --source datasets/flights/flights-50k.csv \\
      --save-as-text-files scores/late
  $ millrace publish datasets/flights/flights-50k.csv --port 9999
  $ millrace score --model models/late --watch --source socket://127.0.0.1:9999 --checkpoint scoring \\
      --schema 'date string, delay double, distance double, origin string, destination string' \\
      --save-as-text-files scores/sent

  From a topic to another, each line exactly once, whoever is killed:
  $ millrace score --model clusters.json --source 'kafka://127.0.0.1:9092/points?startingOffsets=earliest' \\
      --columns x0,x1,label --features x0,x1 --checkpoint scoring \\
      --sink 'kafka://127.0.0.1:9092/scores?transactionalId=scoring'`;
