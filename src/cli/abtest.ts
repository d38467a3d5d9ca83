import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type MetricOptions, type SequentialMethod, SequentialTest, type Status } from '../index.ts';
import { observationOf } from './abtest/observation-columns.ts';
import { writeReport } from './abtest/report.ts';
import { lineOf, notesOf, resultTable } from './abtest/result-text.ts';
import { finiteNumber, wholeNumber } from './option-values.ts';
import { tableText } from './report/comparison-table.ts';
import { addStreamOptions, requireOption, runStream, type StreamOptions } from './stream-command.ts';

interface AbTestOptions extends StreamOptions {
  readonly metric: string;
  readonly arm: string;
  readonly arms: Readonly<Record<string, number>>;
  readonly unit?: string;
  readonly kind: 'mean' | 'proportion' | 'ratio';
  readonly denominator?: string;
  readonly covariate?: string;
  readonly cap?: number;
  readonly alpha: number;
  readonly tunedFor: number;
  readonly maximum?: number;
  readonly minimum: number;
  readonly wholePeriod?: string;
  readonly report?: string;
  readonly audit?: string;
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
  addStreamOptions(command)
    .option('--metric <column>', 'what is compared')
    .option('--arm <column>', 'which arm the unit was given')
    .option(
      '--arms <names>',
      "the arms, the control first: 'control,treatment', or with shares 'control=0.9,new=0.1'",
      arms,
    )
    .option('--unit <column>', 'whose observations are added up; without it, each line is a unit of its own')
    .addOption(new Option('--kind <kind>', 'of metric').choices(['mean', 'proportion', 'ratio']).default('mean'))
    .option('--denominator <column>', 'for a ratio: what the metric is divided by')
    .option('--covariate <column>', 'what was known of the unit before; takes noise away')
    .option('--cap <value>', 'values of a unit above this count as this', finiteNumber)
    .option('--alpha <share>', 'chance of any false verdict, over all looks', finiteNumber, 0.05)
    .option('--tuned-for <units>', 'units at which the intervals are to be tightest', wholeNumber, 5000)
    .option('--maximum <units>', 'stop at so many units for good: a group-sequential test, more powerful', wholeNumber)
    .option('--minimum <units>', 'units that each arm needs before a look counts', wholeNumber, 100)
    .option('--whole-period <time>', "looks count only when another such time is full: '7 days'")
    .option('--report <directory>', 'write intervals.svg and report.html there')
    .option('--audit <file>', 'write every look there, a line of JSON each')
    .addHelpText('after', EXAMPLES)
    .action(abtest);
}

async function abtest(options: AbTestOptions): Promise<void> {
  const experiment = new SequentialTest({
    arms: options.arms,
    metrics: { [options.metric]: metricOf(options) },
    method: methodOf(options),
    alpha: options.alpha,
    units: options.unit === undefined ? 'each observation' : 'by unit',
    minimumPerArm: options.minimum,
    ...(options.wholePeriod !== undefined && { wholePeriod: options.wholePeriod }),
  });
  await runStream({ ...options, quiet: true }, ({ lines, columns }) => {
    const results = experiment.registerStream(lines.map(observationOf(columns, options)));
    results.foreachRDD((rdd) => {
      if (!options.quiet) for (const result of rdd.collect()) process.stderr.write(`${lineOf(result)}\n`);
    });
  });
  const result = experiment.result();
  process.stdout.write(`${tableText(resultTable(result))}\n\n${notesOf(result).join('\n')}\n`);
  if (options.audit !== undefined) {
    await fs.mkdir(path.dirname(options.audit), { recursive: true });
    await fs.writeFile(
      options.audit,
      experiment.looks().map((look) => `${JSON.stringify(look)}\n`),
    );
  }
  if (options.report !== undefined) {
    const written = await writeReport(options.report, `A/B test: ${options.metric}`, result, experiment.looks());
    process.stdout.write(`plot    ${written.plot}\nreport  ${written.page}\n`);
  }
  process.exitCode = EXIT_CODES[result.status];
}

function metricOf({ kind, covariate, cap }: AbTestOptions): MetricOptions {
  return { kind, covariate: covariate !== undefined, ...(cap !== undefined && { cap }) };
}

function methodOf({ maximum, tunedFor }: AbTestOptions): SequentialMethod {
  return maximum === undefined ? { kind: 'asymptotic', tunedFor } : { kind: 'group-sequential', maximum };
}

/** `control,treatment` or `control=0.9,treatment=0.1`. */
function arms(text: string): Readonly<Record<string, number>> {
  const parts = text.split(',').map((part) => part.trim().split('='));
  if (parts.some(([name]) => name === '')) throw new InvalidArgumentError('Expected names with commas between them.');
  return Object.fromEntries(
    parts.map(([name, share]) => [name!, share === undefined ? 1 / parts.length : finiteNumber(share)]),
  );
}

const EXAMPLES = `
Examples:
  $ millrace abtest --source examples/checkout-experiment/events.csv --metric spent --arm arm --arms old,new --unit user \\
      --covariate spent_before --report out --audit out/looks.jsonl

  $ millrace abtest --source examples/checkout-experiment/events.csv --metric spent --arm arm --arms old,new --unit user \\
      --kind proportion --maximum 4000 --max-records-per-batch 2000 --quiet`;
