import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Command } from 'commander';
import { type AnyOnlineLearner, type LabeledPoint, type OnlineLearner, UsageError } from '../index.ts';
import { addLearnerOptions, createLearner, type LearnerOptions } from './learner-options.ts';
import { DEFAULT_LABEL, recordsFor } from './learner-records.ts';
import { addStreamOptions, featuresOf, runStream, type StreamOptions } from './stream-command.ts';
import type { CsvStream } from './stream-source.ts';

interface TrainOptions extends StreamOptions, LearnerOptions {
  readonly label?: string;
  readonly save?: string;
}

export function registerTrain(program: Command): void {
  const command = program
    .command('train')
    .summary('train a model on a stream')
    .description(
      'Train a model on a stream, batch by batch, until the stream ends or is interrupted (Ctrl-C); then save it. ' +
        'The loss in each line is that of the batch before the model has learned from it.',
    );
  addStreamOptions(command);
  addLearnerOptions(command)
    .option('--label <name>', `column that is to be predicted (default: ${DEFAULT_LABEL})`)
    .option('--save <file>', 'where the model goes at the end')
    .addHelpText('after', EXAMPLES)
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  if (options.save !== undefined) await checkDirectoryOf(options.save);
  let learner: AnyOnlineLearner | undefined;
  try {
    await runStream(options, async (stream) => {
      learner = await trainOn(stream, options);
    });
  } catch (error) {
    // A batch that fails changes nothing: what was learned before it is worth keeping.
    if (learner !== undefined && learner.version > 0) await save(learner, options);
    throw error;
  }
  await save(learner!, options);
}

async function save(learner: AnyOnlineLearner, { save: file, quiet }: TrainOptions): Promise<void> {
  if (file === undefined) return;
  await learner.save(file);
  if (!quiet) process.stderr.write(`saved ${file}\n`);
}

async function trainOn(stream: CsvStream, options: TrainOptions): Promise<AnyOnlineLearner> {
  const features = featuresOf(stream, options, options.label ?? DEFAULT_LABEL);
  const learner = await createLearner(options, features.length);
  (learner as OnlineLearner<LabeledPoint>).trainOn(recordsFor(learner, stream, features, options.label));
  return learner;
}

/** Better to say it now than after an hour of training. */
async function checkDirectoryOf(file: string): Promise<void> {
  const directory = path.dirname(file);
  const stat = await fs.stat(directory).catch(() => undefined);
  if (!stat?.isDirectory()) throw new UsageError('not-found', `--save: no directory at ${directory}`);
}

const EXAMPLES = `
Examples:
  $ millrace train --model kmeans --k 3 --half-life '5 batches' --seed 7 --save clusters.json \\
      --source 'generator:driftingClusters?rows=20000&jumpsAt=10000' --features x0,x1

  $ millrace train --model linear --fit-intercept --step-size 0.5 --save line.json \\
      --source 'generator:friedman?rows=20000'

  $ millrace train --model sgd-classifier --scale standard --step-size 0.1 --save border.json \\
      --source 'generator:sea?rows=20000'

  In one terminal, and in another; kill the second one as you like, and start it again:
  $ millrace publish datasets/flights/flights-50k.csv --port 9999 --rate 10000 --resume
  $ millrace train --model kmeans --k 4 --decay-factor 0.9 --initial-centers '0,500; 0,2000; 60,700; 180,900' \\
      --source socket://127.0.0.1:9999 --resume --columns date,delay,distance,origin,destination \\
      --features delay,distance --checkpoint flights-checkpoint --save flights.json`;
