import { max, mean, min, standardDeviation } from 'simple-statistics';
import type { BatchProgress } from '../engine/progress.ts';
import { UsageError } from '../errors.ts';
import { type Log, stderrLog } from '../host/log.ts';
import type { StreamingListener } from './streaming-listener.ts';

export interface StatsReportListenerOptions {
  /** Over how many of the last batches delays are reported, at least 1. Default 10. */
  readonly numBatchInfos?: number;
  /** Where it reports. Default: standard error. */
  readonly log?: Log;
}

const PERCENT = [0, 5, 10, 25, 50, 75, 90, 95, 100];

/** Says after every batch how long it took, and how the delays of the last batches are spread: Spark's listener and its words. */
export class StatsReportListener implements StreamingListener {
  readonly #numBatchInfos: number;
  readonly #log: Log;
  readonly #recent: BatchProgress[] = [];

  constructor({ numBatchInfos = 10, log = stderrLog }: StatsReportListenerOptions = {}) {
    if (!Number.isSafeInteger(numBatchInfos) || numBatchInfos < 1) {
      throw new UsageError('bad-option', `numBatchInfos: expected a whole number of at least 1, got ${numBatchInfos}`);
    }
    this.#numBatchInfos = numBatchInfos;
    this.#log = log;
  }

  onBatchCompleted(progress: BatchProgress): void {
    this.#recent.push(progress);
    if (this.#recent.length > this.#numBatchInfos) this.#recent.shift();
    const { batchTime, processingEndTime, processingTimeMs } = progress;
    const [delay, execution] = [processingEndTime - batchTime, processingTimeMs].map((ms) => (ms / 1000).toFixed(3));
    this.#log.info(`Total delay: ${delay} s for time ${batchTime} ms (execution: ${execution} s)`);
    this.#report(
      'Total delay',
      this.#recent.map(({ totalDelayMs }) => totalDelayMs),
    );
    this.#report(
      'Processing time',
      this.#recent.map((each) => each.processingTimeMs),
    );
  }

  #report(heading: string, times: readonly number[]): void {
    const all = [...times].sort((a, b) => a - b);
    const figures = { mean: mean(all), stdev: standardDeviation(all), max: max(all), min: min(all) };
    const words = Object.entries(figures).map(([name, value]) => `${name}: ${value.toFixed(6)}`);
    const quantiles = PERCENT.map(
      (percent) => all[Math.min(Math.floor((percent * all.length) / 100), all.length - 1)]!,
    );
    this.#log.info(`${heading}: (count: ${all.length}, ${words.join(', ')})`);
    this.#log.info(PERCENT.map((percent) => `\t${percent}%`).join(''));
    this.#log.info(quantiles.map((ms) => `\t${ms.toFixed(1)} ms`).join(''));
  }
}
