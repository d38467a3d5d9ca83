import { UsageError } from '../errors.ts';
import { type PidOptions, PidRateEstimator } from './pid-rate-estimator.ts';
import type { BatchProgress } from './progress.ts';

/** Spark's `spark.streaming.backpressure.*`. */
export interface BackpressureOptions extends PidOptions {
  /** Whether the rate follows what the job can take. Default false. */
  readonly enabled?: boolean;
  /** Rate until there is an estimate, records a second for each source. Default: no limit but `maxRate`. */
  readonly initialRate?: number;
}

export interface RateOptions {
  readonly backpressure?: BackpressureOptions;
  /** The most that is ever taken, records a second for each source; Spark's `receiver.maxRate`. Default: no limit. */
  readonly maxRate?: number;
}

/** How many records the next batch takes from each source, judged by the batches before. */
export class RateControl {
  readonly #batchDurationMs: number;
  readonly #maxRate: number;
  readonly #backpressure: BackpressureOptions;
  readonly #estimators = new Map<string, PidRateEstimator>();
  readonly #estimates = new Map<string, number>();

  constructor(batchDurationMs: number, { backpressure = {}, maxRate = Number.POSITIVE_INFINITY }: RateOptions) {
    for (const [name, rate] of Object.entries({ maxRate, 'backpressure.initialRate': backpressure.initialRate ?? 1 })) {
      if (!(rate > 0)) throw new UsageError('bad-option', `rate control: expected ${name} > 0, got ${rate}`);
    }
    this.#batchDurationMs = batchDurationMs;
    this.#maxRate = maxRate;
    this.#backpressure = backpressure;
    this.#newEstimator(); // refuses bad options now, not in the first batch
  }

  /** The rate in force, records a second; infinity for none. */
  rateOf(source: string): number {
    const { enabled = false, initialRate = Number.POSITIVE_INFINITY } = this.#backpressure;
    return enabled ? Math.min(this.#estimates.get(source) ?? initialRate, this.#maxRate) : this.#maxRate;
  }

  /** The same for one batch, never below one record. */
  maxRecordsOf(source: string): number {
    return Math.max(1, Math.floor((this.rateOf(source) * this.#batchDurationMs) / 1000));
  }

  /** The rates in force, by source; none for a source without a limit. */
  limitsOf(sources: Iterable<string>): Record<string, number> {
    const rates = Array.from(sources, (source): [string, number] => [source, this.rateOf(source)]);
    return Object.fromEntries(rates.filter(([, rate]) => Number.isFinite(rate)));
  }

  /** Learns from a batch that ended at `timeMs`, on a clock that never jumps. */
  batchCompleted({ sources, processingTimeMs, schedulingDelayMs }: BatchProgress, timeMs: number): void {
    if (!this.#backpressure.enabled) return;
    for (const [id, { numRecords }] of Object.entries(sources)) {
      const estimator = this.#estimators.get(id) ?? this.#newEstimator();
      this.#estimators.set(id, estimator);
      const delays = { processingDelayMs: processingTimeMs, schedulingDelayMs };
      const estimate = estimator.compute({ timeMs, numRecords, ...delays });
      if (estimate !== undefined) this.#estimates.set(id, estimate);
    }
  }

  #newEstimator(): PidRateEstimator {
    return new PidRateEstimator(this.#batchDurationMs, this.#backpressure);
  }
}
