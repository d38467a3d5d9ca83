import { type Command, InvalidArgumentError } from 'commander';
import type { FitOptions } from './fit/fit-pipeline.ts';
import { finiteNumber, wholeNumber } from './option-values.ts';
import { fieldsOf } from './row-options.ts';

export function registerFit(program: Command): void {
  program
    .command('fit')
    .summary('fit a pipeline on stored data, and save it')
    .description(
      'Fit a pipeline on stored data, and save it as Spark does: `millrace score` and Spark load it. The pipeline is a description in JSON, ' +
        'or a module that exports it; docs/how-to/fit-and-score.md tells how to write one.',
    )
    .argument('<pipeline>', 'the pipeline: .json, .mjs, .js, or .ts where Node runs it')
    .option('--data <path...>', 'files of CSV, JSON lines, Parquet or Arrow, or directories of such files')
    .option('--output <directory>', 'where the model goes')
    .option('--overwrite', 'replace the model that is there')
    .option('--holdout <share>', 'hold this share of the rows back, by lot, and judge the model on them', shareOf)
    .option('--label <name>', 'the column to be predicted, for stages that do not name one')
    .option('--seed <n>', 'seed of the lot, and of stages that do not name one', wholeNumber)
    .option('--schema <columns>', "types of the columns of CSV and JSON, 'delay double, origin string'", fieldsOf)
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, options: FitOptions) => {
      const { fitPipeline } = await import('./fit/fit-pipeline.ts');
      await fitPipeline(file, options);
    });
}

/** `0.2`, as commander parses it. */
function shareOf(text: string): number {
  const share = finiteNumber(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('Expected a share between 0 and 1.');
  return share;
}

const EXAMPLES = `
Examples:
  $ millrace fit examples/pipelines/late-flights.json --data datasets/flights/flights-50k.csv --holdout 0.2 --output models/late/1

  $ millrace fit examples/pipelines/flight-delays.mjs --data datasets/flights/flights-50k.csv --label delay --seed 7 \\
      --output models/delays --overwrite
  $ millrace inspect models/delays`;
