import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BatchProgress, StreamingContext } from '../../index.ts';
import { LinePublisher } from '../line-publisher.ts';
import { ProgressLine } from '../progress-line.ts';
import { writeComparisonReport } from '../report/comparison-report.ts';
import { comparisonTable, TABLE_NOTES, tableText } from '../report/comparison-table.ts';
import { buildFlightJob, candidateName, type FlightJob } from './flight-job.ts';

export interface DemoOptions {
  /** Where models, scores, plot and report go. */
  readonly out: string;
  readonly batchDuration: string;
  /** Checkpoint directory; a run that was killed goes on from there. */
  readonly checkpoint?: string;
  /** A publisher that already runs, `host:port`; else one is started. */
  readonly connect?: { readonly host: string; readonly port: number };
}

const FLIGHTS = fileURLToPath(new URL('../../../datasets/flights/flights-50k.csv', import.meta.url));

/** Runs the main job from end to end: publish, train, score, compare, save, report. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const publisher = options.connect === undefined ? await LinePublisher.listen(FLIGHTS, { resume: true }) : undefined;
  const { host, port } = options.connect ?? publisher!;
  const context = new StreamingContext(options.batchDuration, { emptyBatches: 'skip', stopOnSignals: true });
  if (options.checkpoint !== undefined) context.checkpoint(options.checkpoint);
  const job = buildFlightJob(context, host, port, path.join(options.out, 'scores', 'flights'));
  const progressLine = new ProgressLine(figuresOf);
  const run = new RunTotals();
  context.addStreamingListener(progressLine);
  context.addStreamingListener(run);
  try {
    await context.start();
    await context.awaitTermination();
  } finally {
    progressLine.end();
    await context.stop();
    await publisher?.close();
  }
  await report(options.out, job, run);
}

async function report(out: string, job: FlightJob, run: RunTotals): Promise<void> {
  const summary = job.comparison.summary();
  const best = summary.candidates[0]!.name;
  const figures = [...run.figures(), ...heldBackFigures(job)];
  const models = await saveModels(path.join(out, 'models'), job);
  const written = await writeComparisonReport(out, {
    title: 'How much should k-means remember?',
    about:
      'Streaming k-means with two clusters, early and late, on the delays of 50,000 US flights of three days of 2001 in their ' +
      'order of time, a hundred a batch: four decay factors side by side on one pass.',
    summary,
    series: job.comparison.series(),
    figures,
  });
  const lines = [
    '',
    tableText(comparisonTable(summary)),
    '',
    ...TABLE_NOTES,
    '',
    ...figures.map(([name, value]) => `${name}: ${value}`),
    '',
    `plot    ${written.plot}`,
    `report  ${written.page}`,
    `scores  ${path.join(out, 'scores')}`,
    `models  ${path.join(out, 'models')}`,
    `load    import { loadLearner } from 'millrace'; const model = await loadLearner('${models.get(best)}')`,
    '',
  ];
  process.stdout.write(lines.join('\n'));
}

/** Saves every model, and tells in which file each is, by its name in the comparison. */
async function saveModels(directory: string, job: FlightJob): Promise<ReadonlyMap<string, string>> {
  await fs.mkdir(directory, { recursive: true });
  const files = new Map<string, string>();
  for (const [decayFactor, learner] of job.kMeans) {
    const file = path.join(directory, `k-means-${decayFactor}.json`);
    await learner.save(file);
    files.set(candidateName(decayFactor), file);
  }
  await job.linear.save(path.join(directory, 'linear.json'));
  return files;
}

function heldBackFigures({ clusterCost, squaredError, delays, squaredDelays }: FlightJob): [string, string][] {
  const deviation = Math.sqrt(squaredDelays.mean - delays.mean ** 2);
  return [
    ['flights held back and scored', clusterCost.count.toLocaleString('en')],
    ['k-means (α = 0.9), cost on them', clusterCost.mean.toPrecision(4)],
    ['linear regression, RMSE on them', `${Math.sqrt(squaredError.mean).toFixed(2)} min`],
    ['always their mean delay, RMSE', `${deviation.toFixed(2)} min`],
  ];
}

/** The figures that the progress line ends with: k-means cost by decay factor, and the regression's error in minutes. */
function figuresOf(metrics: BatchProgress['metrics']): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, value] of Object.entries(metrics)) {
    const decayFactor = /^LearnerComparison\.(α = .+)\.loss$/.exec(name)?.[1];
    if (decayFactor !== undefined) figures[`cost ${decayFactor}:`] = value;
  }
  const squaredError = metrics['delay² error.last'];
  if (squaredError !== undefined) figures['linear RMSE:'] = Math.sqrt(squaredError);
  return figures;
}

/** What the whole run did. */
class RunTotals {
  #totals: BatchProgress['totals'] = { batches: 0, records: 0, rejected: 0 };
  #processingMs = 0;
  #rowsHere = 0;

  onBatchCompleted({ totals, processingTimeMs, numRecords }: BatchProgress): void {
    this.#totals = totals;
    this.#processingMs += processingTimeMs;
    this.#rowsHere += numRecords;
  }

  figures(): [string, string][] {
    const rowsPerSecond = this.#rowsHere === 0 ? 0 : Math.round((this.#rowsHere * 1000) / this.#processingMs);
    return [
      ['batches', this.#totals.batches.toLocaleString('en')],
      ['rows', this.#totals.records.toLocaleString('en')],
      ['bad records skipped', this.#totals.rejected.toLocaleString('en')],
      ['rows/s while processing', rowsPerSecond.toLocaleString('en')],
    ];
  }
}
