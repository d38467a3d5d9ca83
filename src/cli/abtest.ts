import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  calibrate,
  experimentLogToText,
  type Observation,
  type SequentialResult,
  SequentialTest,
  type Status,
} from '../index.ts';
import {
  addExperimentOptions,
  type ExperimentOptions,
  metricsOf,
  sequentialTestOptions,
} from './abtest/experiment-options.ts';
import { observationsOf } from './abtest/observation-columns.ts';
import { writeReport } from './abtest/report.ts';
import { bayesianTable, calibrationText, lineOf, notesOf, resultTable } from './abtest/result-text.ts';
import { wholeNumber } from './option-values.ts';
import { tableText } from './report/comparison-table.ts';
import { addStreamOptions, requireOption, runStream, type StreamOptions } from './stream-command.ts';

interface AbTestOptions extends StreamOptions, ExperimentOptions {
  readonly arm: string;
  readonly report?: string;
  readonly audit?: string;
  readonly calibrate?: number;
  readonly looks: number;
}

/** 0: there is an effect. 3: none that is certain yet. 4: the arms have the wrong sizes. (2 is a command line that is wrong.) */
const EXIT_CODES: Readonly<Record<Status, number>> = {
  rejected: 0,
  'insufficient data': 3,
  'not yet': 3,
  ended: 3,
  invalid: 4,
};

export function registerAbtest(program: Command): void {
  const command = program
    .command('abtest')
    .summary('compare the arms of an A/B test, honestly at every look')
    .description(
      'Compare the arms of an A/B test after every batch, with p-values and intervals that hold however often one looks. ' +
        'Exit code: 0 an effect is certain, 3 not yet, 4 the arms have not the sizes that they should have.',
    );
  requireOption(command, 'metric', 'the column that is compared');
  requireOption(command, 'arm', 'the column that names the arm');
  requireOption(command, 'arms', 'the names of the arms, the control first');
  addExperimentOptions(addStreamOptions(command))
    .option('--report <directory>', 'write intervals.svg and report.html there')
    .option('--audit <file>', 'write every look there, and what it was made from; `millrace inspect` audits it')
    .option(
      '--calibrate <experiments>',
      'no test: deal the units to the arms at random, so many times, and say how often the test is wrong',
      positive,
    )
    .option('--looks <n>', 'looks of each experiment of --calibrate', positive, 20)
    .addHelpText('after', EXAMPLES)
    .action(abtest);
}

async function abtest(options: AbTestOptions): Promise<void> {
  if (options.calibrate === undefined) await watch(options);
  else await tryOut(options, options.calibrate);
}

/** A look after every batch, and in the end what they came to. */
async function watch(options: AbTestOptions): Promise<void> {
  const experiment = new SequentialTest(sequentialTestOptions(options));
  await runStream({ ...options, quiet: true }, (stream) => {
    const results = experiment.registerStream(observationsOf(stream, options, metricsOf(options), experiment));
    results.foreachRDD((rdd) => {
      if (!options.quiet) for (const result of rdd.collect()) process.stderr.write(`${lineOf(result)}\n`);
    });
  });
  const result = experiment.result();
  const tables = [resultTable(result), bayesianTable(result)].map((table) => `${tableText(table)}\n\n`);
  process.stdout.write(`${tables.join('')}${notesOf(result, options).join('\n')}\n`);
  if (options.audit !== undefined) await writeAudit(options.audit, experiment);
  if (options.report !== undefined) await report(options, result, experiment);
  process.exitCode = EXIT_CODES[result.status];
}

async function writeAudit(file: string, experiment: SequentialTest): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  await fs.writeFile(file, experimentLogToText(experiment.log()));
  process.stdout.write(`audit   ${file}\n`);
}

async function report(options: AbTestOptions, result: SequentialResult, experiment: SequentialTest): Promise<void> {
  const title = `A/B test: ${options.metric.map(({ name }) => name).join(', ')}`;
  const { plots, page } = await writeReport(
    options.report!,
    title,
    result,
    notesOf(result, options),
    experiment.looks(),
  );
  process.stdout.write(`${plots.map((plot) => `plot    ${plot}\n`).join('')}report  ${page}\n`);
}

/** The test on data of the past, where the arms are dealt at random, so that nothing happens. */
async function tryOut(options: AbTestOptions, experiments: number): Promise<void> {
  const past: Observation[] = [];
  const experiment = new SequentialTest(sequentialTestOptions(options));
  await runStream({ ...options, quiet: true }, (stream) => {
    const observations = observationsOf(stream, options, metricsOf(options), experiment);
    observations.foreachRDD((rdd) => {
      for (const columns of rdd.collect()) for (const each of columns.observations()) past.push(each);
    });
  });
  const { looks } = options;
  const calibration = calibrate(past, sequentialTestOptions(options), { experiments, looks });
  process.stdout.write(`${calibrationText(calibration, { experiments, looks, alpha: options.alpha }).join('\n')}\n`);
}

function positive(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Expected a whole number from 1.');
  return value;
}

const EXAMPLES = `
Examples:
  $ millrace abtest --source examples/checkout-experiment/events.csv --metric spent --arm arm --arms old,new --unit user \\
      --covariate spent_before --report out --audit out/looks.jsonl
  $ millrace inspect out/looks.jsonl

  $ millrace abtest --source examples/checkout-experiment/events.csv --metric 'proportion(spent)' --arm arm --arms old,new \\
      --unit user --guardrail 'spent -2' --maximum 4000 --max-records-per-batch 2000 --quiet

  $ millrace abtest --source examples/checkout-experiment/events.csv --metric spent --arm arm --arms old,new --unit user \\
      --calibrate 100`;
