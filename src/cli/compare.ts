import type { Command } from 'commander';
import { type ComparisonSummary, type LabeledPoint, LearnerComparison, type OnlineLearner } from '../index.ts';
import { type ComparedOptions, candidatesOf, varied } from './compared-settings.ts';
import { addLearnerOptions, createLearner, type LearnerOptions } from './learner-options.ts';
import { halfLife } from './learner-parameters.ts';
import { DEFAULT_LABEL, recordsFor } from './learner-records.ts';
import { numbers } from './option-values.ts';
import { writeComparisonReport } from './report/comparison-report.ts';
import { comparisonTable, TABLE_NOTES, tableText } from './report/comparison-table.ts';
import { addStreamOptions, featuresOf, runStream, type StreamOptions } from './stream-command.ts';
import type { CsvStream } from './stream-source.ts';

interface CompareOptions extends StreamOptions, ComparedOptions {
  readonly label?: string;
  readonly changes?: readonly number[];
  readonly report?: string;
}

export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('find out which setting of a model suits a stream')
    .description(
      'Train a model with several settings side by side on one pass over a stream, and compare: mean cost, how fast each ' +
        'adapts after a change, and how much what it learned oscillates. Without --vary: how much k-means should remember.',
    );
  addStreamOptions(command);
  addLearnerOptions(command)
    .option(
      '--vary <setting=values>',
      "values of any setting to compare: 'step-size=0.01,0.1'; given again, every combination",
      varied,
    )
    .option('--decay-factors <numbers>', 'decay factors to compare (default, for k-means: 0,0.5,0.9,1)', numbers)
    .option('--half-lives <times>', "half-lives to compare: '1 batches, 5 batches, 1000 points'", (text) =>
      text.split(',').map(halfLife),
    )
    .option('--label <name>', `column that is to be predicted (default: ${DEFAULT_LABEL})`)
    .option('--changes <batches>', 'batches at which the stream is known to change (default: they are found)', numbers)
    .option('--report <directory>', 'write comparison.svg and report.html there')
    .addHelpText('after', EXAMPLES)
    .action(compare);
}

async function compare(options: CompareOptions): Promise<void> {
  let comparison: LearnerComparison<LabeledPoint> | undefined;
  await runStream(options, async (stream) => {
    comparison = await compareOn(stream, options);
  });
  const summary = comparison!.summary(options.changes);
  process.stdout.write(`${tableText(comparisonTable(summary))}\n\n${TABLE_NOTES.join('\n')}\n`);
  process.stdout.write(`surely worse than the best: ${namesOf(summary) || 'none, it may be luck'}\n`);
  const { changes } = summary;
  process.stdout.write(`changes: ${changes.length === 0 ? 'none found' : `batch ${changes.join(', ')}`}\n`);
  if (options.report === undefined) return;
  const written = await writeComparisonReport(options.report, {
    title: 'Which setting suits the stream?',
    about: `${options.model ?? 'kmeans'} on ${options.source}: ${summary.candidates.length} settings side by side on one pass.`,
    summary,
    series: comparison!.series(),
    figures: [['source', options.source]],
  });
  process.stdout.write(`plot    ${written.plot}\nreport  ${written.page}\n`);
}

async function compareOn(stream: CsvStream, options: CompareOptions): Promise<LearnerComparison<LabeledPoint>> {
  const features = featuresOf(stream, options, options.label ?? DEFAULT_LABEL);
  const candidates: Record<string, OnlineLearner<LabeledPoint>> = {};
  for (const [name, setting] of candidatesOf(options)) {
    const learner = await createLearner({ ...options, ...startOf(options), ...setting }, features.length);
    candidates[name] = learner as OnlineLearner<LabeledPoint>;
  }
  const comparison = new LearnerComparison(candidates);
  const [first] = Object.values(candidates);
  comparison.trainOn(recordsFor(first!, stream, features, options.label));
  return comparison;
}

/** K-means, unless another model or a saved one is named. */
function startOf({ model = 'kmeans', load }: CompareOptions): LearnerOptions {
  return load === undefined ? { model } : {};
}

/** The candidates whose greater cost is no bad luck. */
function namesOf({ candidates }: ComparisonSummary): string {
  return candidates.flatMap(({ name, surelyWorse }) => (surelyWorse ? [name] : [])).join(', ');
}

const EXAMPLES = `
Examples:
  $ millrace compare --source 'generator:driftingClusters?rows=40000&jumpsAt=20000' --features x0,x1 --k 3 \\
      --max-records-per-batch 200 --report out

  $ millrace compare --source datasets/flights/flights-50k.csv --features delay --initial-centers '-10; 30' \\
      --half-lives '1 batches, 10 batches, 5000 points'

  $ millrace compare --model recursive-least-squares --source 'generator:friedman?rows=20000' \\
      --vary forgetting-factor=0.99,0.999,1

  $ millrace compare --model sgd-classifier --scale standard --source 'generator:sea?rows=20000' \\
      --vary step-size=0.001,0.01,0.1 --vary optimizer=sgd,adaGrad

  $ millrace compare --model hoeffding-tree-classifier --source 'generator:agrawal?rows=20000' \\
      --vary grace-period=50,200,1000`;
