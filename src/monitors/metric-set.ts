import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Metric, Outcomes } from '../contracts/monitor.ts';
import type { Stateful } from '../contracts/stateful.ts';
import { StateError } from '../errors.ts';

/** Several metrics of one predictor, each under its name. */
export class MetricSet implements Stateful {
  readonly #metrics: readonly Metric[];

  /** Takes a new metric of each kind given; those themselves are not changed. */
  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics.map((metric) => metric.fresh());
  }

  update(outcomes: Outcomes): void {
    for (const metric of this.#metrics) metric.update(outcomes);
  }

  /** The value of each; NaN where it is undefined. */
  values(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#metrics.map(({ name, value }) => [name, value]));
  }

  /** The values that are defined. */
  metrics(): Readonly<Record<string, number>> {
    return Object.fromEntries(Object.entries(this.values()).filter(([, value]) => Number.isFinite(value)));
  }

  snapshot(): SnapshotRecord {
    return Object.fromEntries(this.#metrics.map((metric) => [metric.name, metric.snapshot()]));
  }

  restore(snapshot: SnapshotRecord): void {
    for (const metric of this.#metrics) {
      const saved = snapshot[metric.name];
      if (saved === undefined)
        throw new StateError('does-not-fit', `metrics: expected a saved ${metric.name}, got none`);
      metric.restore(saved as SnapshotRecord);
    }
  }
}
