import { UsageError } from '../errors.ts';

export interface PidOptions {
  /** Weight of the error, ≥ 0. Default 1. */
  readonly proportional?: number;
  /** Weight of what has piled up, ≥ 0. Default 0.2. */
  readonly integral?: number;
  /** Weight of the error's change, ≥ 0. Default 0. */
  readonly derivative?: number;
  /** The lowest rate that is ever asked for, records a second, above 0. Default 100. */
  readonly minRate?: number;
}

/** What a batch showed. */
export interface ProcessedBatch {
  /** When it ended, milliseconds on a clock that never jumps. */
  readonly timeMs: number;
  readonly numRecords: number;
  readonly processingDelayMs: number;
  readonly schedulingDelayMs: number;
}

/**
 * Estimates how many records a second a job can take: Spark's PID controller.
 *
 *     rate ← max(minRate, rate − P·error − I·history − D·dError)
 *
 * where error = rate − processing rate, history = scheduling delay · processing rate / batch duration, and dError is the
 * change of the error a second. The first batch only sets the rate to what it showed.
 * Source: Apache Spark, PIDRateEstimator (1.5, 2015).
 */
export class PidRateEstimator {
  readonly #batchDurationMs: number;
  readonly #options: Required<PidOptions>;
  #latest: { readonly timeMs: number; readonly rate: number; readonly error: number } | undefined;

  constructor(batchDurationMs: number, options: PidOptions = {}) {
    const { proportional = 1, integral = 0.2, derivative = 0, minRate = 100 } = options;
    for (const [name, weight] of Object.entries({ proportional, integral, derivative })) {
      if (!(weight >= 0)) throw new UsageError('bad-option', `backpressure: expected ${name} ≥ 0, got ${weight}`);
    }
    if (!(minRate > 0)) throw new UsageError('bad-option', `backpressure: expected minRate > 0, got ${minRate}`);
    this.#batchDurationMs = batchDurationMs;
    this.#options = { proportional, integral, derivative, minRate };
  }

  /** The new rate, records a second; undefined where the batch tells nothing. */
  compute({ timeMs, numRecords, processingDelayMs, schedulingDelayMs }: ProcessedBatch): number | undefined {
    const latest = this.#latest;
    if (!(timeMs > (latest?.timeMs ?? -1) && numRecords > 0 && processingDelayMs > 0)) return undefined;
    const processingRate = (numRecords / processingDelayMs) * 1000;
    if (latest === undefined) {
      this.#latest = { timeMs, rate: processingRate, error: 0 };
      return undefined;
    }
    const { proportional, integral, derivative, minRate } = this.#options;
    const error = latest.rate - processingRate;
    const history = (schedulingDelayMs * processingRate) / this.#batchDurationMs;
    const errorChange = (error - latest.error) / ((timeMs - latest.timeMs) / 1000);
    const rate = Math.max(minRate, latest.rate - proportional * error - integral * history - derivative * errorChange);
    this.#latest = { timeMs, rate, error };
    return rate;
  }
}
