import { Gauge, type Registry } from 'prom-client';
import type { BatchInfo, BatchProgress, StreamingListener } from '../index.ts';

/** Spark's gauges (StreamingSource), as far as they mean something here, and ours. Times are milliseconds since 1970, delays milliseconds. */
const HELP = {
  receivers: 'Receivers that are active',
  totalCompletedBatches: 'Batches committed since the start',
  totalReceivedRecords: 'Records of all batches since the start, the running one included',
  totalProcessedRecords: 'Records of all committed batches since the start',
  totalRejectedRecords: 'Bad records that were skipped or diverted since the start',
  unprocessedBatches: 'Batches that are planned and not committed',
  runningBatches: 'Batches that are running',
  lastCompletedBatch_submissionTime: 'When the last committed batch should have begun: its batch time',
  lastCompletedBatch_processingStartTime: 'When the last committed batch began',
  lastCompletedBatch_processingEndTime: 'When the last committed batch ended',
  lastCompletedBatch_processingDelay: 'How long the last committed batch took',
  lastCompletedBatch_schedulingDelay: 'How late the last committed batch began',
  lastCompletedBatch_totalDelay: 'Both delays of the last committed batch together',
  lastReceivedBatch_submissionTime: 'When the last planned batch should have begun: its batch time',
  lastReceivedBatch_processingStartTime: 'When the last planned batch began',
  lastReceivedBatch_processingEndTime: 'When the last planned batch ended',
  lastReceivedBatch_records: 'Records of the last planned batch',
  state_rows: 'Keys with a state and records in windows',
  state_journalBytes: 'Size of the checkpoint',
};

type Figure = keyof typeof HELP;

/** Spark's value for what is not there yet. */
const ABSENT = -1;

/** The gauges of one context, brought up to date by its events. */
export class StreamingGauges implements StreamingListener {
  readonly #gauges: ReadonlyMap<Figure, Gauge>;
  readonly #metric: Gauge<'name'>;

  constructor(registry: Registry) {
    const gaugeOf = (figure: Figure) =>
      new Gauge({ name: `millrace_streaming_${figure}`, help: HELP[figure], registers: [registry] });
    this.#gauges = new Map((Object.keys(HELP) as Figure[]).map((figure) => [figure, gaugeOf(figure)]));
    this.#metric = new Gauge({
      name: 'millrace_metric',
      help: 'Figures of learners, monitors and states',
      labelNames: ['name'],
      registers: [registry],
    });
    for (const [figure, gauge] of this.#gauges) if (/^last/.test(figure)) gauge.set(ABSENT);
  }

  onReceiverStarted(): void {
    this.#add({ receivers: 1 });
  }

  onReceiverStopped(): void {
    this.#add({ receivers: -1 });
  }

  onBatchSubmitted({ batchTime, numRecords, processingStartTime }: BatchInfo): void {
    this.#add({ totalReceivedRecords: numRecords });
    this.#set({
      unprocessedBatches: 1,
      runningBatches: 1,
      lastReceivedBatch_submissionTime: batchTime,
      lastReceivedBatch_processingStartTime: processingStartTime,
      lastReceivedBatch_processingEndTime: ABSENT,
      lastReceivedBatch_records: numRecords,
    });
  }

  onBatchCompleted(progress: BatchProgress): void {
    this.#add({
      totalCompletedBatches: 1,
      totalProcessedRecords: progress.numRecords,
      totalRejectedRecords: progress.rejectedRecords,
    });
    this.#set({
      unprocessedBatches: 0,
      runningBatches: 0,
      lastCompletedBatch_submissionTime: progress.batchTime,
      lastCompletedBatch_processingStartTime: progress.processingStartTime,
      lastCompletedBatch_processingEndTime: progress.processingEndTime,
      lastCompletedBatch_processingDelay: progress.processingTimeMs,
      lastCompletedBatch_schedulingDelay: progress.schedulingDelayMs,
      lastCompletedBatch_totalDelay: progress.totalDelayMs,
      lastReceivedBatch_processingEndTime: progress.processingEndTime,
      state_rows: progress.state.rows,
      state_journalBytes: progress.state.journalBytes,
    });
    for (const [name, value] of Object.entries(progress.metrics)) this.#metric.set({ name }, value);
  }

  #set(values: Partial<Record<Figure, number>>): void {
    for (const [figure, value] of Object.entries(values)) this.#gauges.get(figure as Figure)!.set(value);
  }

  #add(values: Partial<Record<Figure, number>>): void {
    for (const [figure, value] of Object.entries(values)) this.#gauges.get(figure as Figure)!.inc(value);
  }
}
