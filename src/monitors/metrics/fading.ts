import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Metric, Outcomes } from '../../contracts/monitor.ts';
import { excerpt, StateError, UsageError } from '../../errors.ts';
import { namedValue, sameKind } from './metric-parts.ts';
import { weightsOf } from './outcome-columns.ts';

/**
 * The metric with a memory that fades: every row counts α times as much as the one after it.
 *
 *     S_t = L_t + α · S_{t−1}        B_t = 1 + α · B_{t−1}        of a mean: S_t / B_t
 *
 * `metric`: any; it is not changed. `decayFactor`: α in (0, 1]; the memory is about 1 / (1 − α) rows long. Named
 * `<name>.fading<α>`. Throws `UsageError` (`bad-option`). Cost: O(n) a batch beside the metric's own.
 * Source: Gama, Sebastião and Rodrigues, On Evaluating Stream Learning Algorithms, 2013.
 */
export function fading(metric: Metric, decayFactor: number): Metric {
  if (!(decayFactor > 0 && decayFactor <= 1)) {
    throw new UsageError('bad-option', `fading: expected a decay factor in (0, 1], got ${excerpt(decayFactor)}`);
  }
  return new Fading(metric.fresh(), decayFactor);
}

class Fading implements Metric {
  readonly name: string;
  readonly task: Metric['task'];
  readonly #metric: Metric;
  readonly #decayFactor: number;
  #rows = 0;

  constructor(metric: Metric, decayFactor: number) {
    this.name = `${metric.name}.fading${decayFactor}`;
    this.task = metric.task;
    this.#metric = metric;
    this.#decayFactor = decayFactor;
  }

  get value(): number {
    return this.#metric.value;
  }

  update(outcomes: Outcomes): void {
    const batch = this.#metric.fresh();
    batch.update({ ...outcomes, weights: this.#fadingWeights(outcomes) });
    this.#append(batch, outcomes.rows);
  }

  decay(factor: number): void {
    this.#metric.decay(factor);
  }

  merge(later: Metric): void {
    const other = sameKind<Fading>(this, later);
    this.#append(other.#metric, other.#rows);
  }

  fresh(): Fading {
    return new Fading(this.#metric.fresh(), this.#decayFactor);
  }

  metrics(): Readonly<Record<string, number>> {
    return namedValue(this);
  }

  snapshot(): SnapshotRecord {
    return { rows: this.#rows, metric: this.#metric.snapshot() };
  }

  restore({ rows, metric }: SnapshotRecord): void {
    if (typeof rows !== 'number' || metric === undefined) {
      throw new StateError('does-not-fit', `${this.name}: expected its saved rows and metric, got something else`);
    }
    this.#metric.restore(metric as SnapshotRecord);
    this.#rows = rows;
  }

  /** Adds statistics of so many rows, which fade all that came before. */
  #append(metric: Metric, rows: number): void {
    this.#metric.decay(this.#decayFactor ** rows);
    this.#metric.merge(metric);
    this.#rows += rows;
  }

  /** The last row counts as it is, each one before it α times as much as the next. */
  #fadingWeights(outcomes: Outcomes): Float64Array {
    const weights = weightsOf(outcomes, this.name)?.slice() ?? new Float64Array(outcomes.rows).fill(1);
    let fade = 1;
    for (let i = outcomes.rows - 1; i >= 0; i--) {
      weights[i] = weights[i]! * fade;
      fade *= this.#decayFactor;
    }
    return weights;
  }
}
