import type { Command } from 'commander';
import { type ComparisonSummary, LearnerComparison, type StreamingKMeans, UsageError, type Vector } from '../index.ts';
import { addLearnerOptions, createLearner, type HalfLife, halfLife, type LearnerOptions } from './learner-options.ts';
import { numbers } from './option-values.ts';
import { writeComparisonReport } from './report/comparison-report.ts';
import { comparisonTable, TABLE_NOTES, tableText } from './report/comparison-table.ts';
import { addStreamOptions, featuresOf, runStream, type StreamOptions } from './stream-command.ts';
import type { CsvStream } from './stream-source.ts';

interface CompareOptions extends StreamOptions, LearnerOptions {
  readonly decayFactors?: readonly number[];
  readonly halfLives?: readonly HalfLife[];
  readonly changes?: readonly number[];
  readonly report?: string;
}

const DEFAULT_DECAY_FACTORS = [0, 0.5, 0.9, 1];

export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .summary('find out how much k-means should remember of a stream')
    .description(
      'Train k-means with several decay factors, or half-lives, side by side on one pass over a stream, and compare: mean ' +
        'cost, how fast each adapts after a change, and how much its centres oscillate.',
    );
  addStreamOptions(command);
  addLearnerOptions(command)
    .option(
      '--decay-factors <numbers>',
      `decay factors to compare (default: ${DEFAULT_DECAY_FACTORS.join(',')})`,
      numbers,
    )
    .option('--half-lives <times>', "half-lives to compare: '1 batches, 5 batches, 1000 points'", (text) =>
      text.split(',').map(halfLife),
    )
    .option('--changes <batches>', 'batches at which the stream is known to change (default: they are found)', numbers)
    .option('--report <directory>', 'write comparison.svg and report.html there')
    .addHelpText('after', EXAMPLES)
    .action(compare);
}

async function compare(options: CompareOptions): Promise<void> {
  if (options.model !== undefined && options.model !== 'kmeans') {
    throw new UsageError('bad-option', `--model: only kmeans has a decay factor to compare, got ${options.model}`);
  }
  let comparison: LearnerComparison<Vector> | undefined;
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
    title: 'How much should k-means remember?',
    about: `Streaming k-means on ${options.source}: ${summary.candidates.length} settings side by side on one pass.`,
    summary,
    series: comparison!.series(),
    figures: [['source', options.source]],
  });
  process.stdout.write(`plot    ${written.plot}\nreport  ${written.page}\n`);
}

async function compareOn(stream: CsvStream, options: CompareOptions): Promise<LearnerComparison<Vector>> {
  const features = featuresOf(stream, options);
  const candidates: Record<string, StreamingKMeans> = {};
  for (const [name, setting] of settingsOf(options)) {
    candidates[name] = (await createLearner(
      { ...options, model: 'kmeans', ...setting },
      features.length,
    )) as StreamingKMeans;
  }
  const comparison = new LearnerComparison<Vector>(candidates);
  comparison.trainOn(stream.lines.map(stream.columns.numbers(features, '--features')));
  return comparison;
}

/** The candidates whose greater cost is no bad luck. */
function namesOf({ candidates }: ComparisonSummary): string {
  return candidates.flatMap(({ name, surelyWorse }) => (surelyWorse ? [name] : [])).join(', ');
}

/** What differs between the candidates, by the names that they have in the table. */
type Setting = readonly [name: string, setting: LearnerOptions];

function settingsOf({ decayFactors, halfLives }: CompareOptions): readonly Setting[] {
  if (decayFactors !== undefined && halfLives !== undefined) {
    throw new UsageError('bad-option', '--half-lives: compare either decay factors or half-lives, not both');
  }
  if (halfLives !== undefined) {
    return halfLives.map((each): Setting => [`half-life ${each.amount} ${each.timeUnit}`, { halfLife: each }]);
  }
  return (decayFactors ?? DEFAULT_DECAY_FACTORS).map((decayFactor): Setting => [`α = ${decayFactor}`, { decayFactor }]);
}

const EXAMPLES = `
Examples:
  $ millrace compare --source 'generator:driftingClusters?rows=40000&jumpsAt=20000' --features x0,x1 --k 3 \\
      --max-records-per-batch 200 --report out

  $ millrace compare --source datasets/flights/flights-50k.csv --features delay --initial-centers '-10; 30' \\
      --half-lives '1 batches, 10 batches, 5000 points'`;
