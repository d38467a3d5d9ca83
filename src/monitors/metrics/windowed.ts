import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Metric, Outcomes } from '../../contracts/monitor.ts';
import { excerpt, StateError, UsageError } from '../../errors.ts';
import { checkDecay, namedValue, sameKind } from './metric-parts.ts';
import { RowWindow } from './row-window.ts';

/**
 * The metric over the last `rows` rows, exactly: it is computed anew from the rows, so nothing is left of those that have gone,
 * not even in the last digit.
 *
 * `metric`: any; it is not changed. `rows`: at least 1. Named `<name>.last<rows>`. Throws `UsageError` (`bad-option`).
 * Cost: O(n) a batch, O(rows) a value; memory O(rows), which is written with every commit.
 */
export function windowed(metric: Metric, rows: number): Metric {
  if (!(Number.isSafeInteger(rows) && rows >= 1)) {
    throw new UsageError('bad-option', `windowed: expected a whole number of rows, at least 1, got ${excerpt(rows)}`);
  }
  return new Windowed(metric.fresh(), rows);
}

class Windowed implements Metric {
  readonly name: string;
  readonly task: Metric['task'];
  readonly #metric: Metric;
  readonly #window: RowWindow;
  /** The value of the rows in the window; undefined while it has to be computed. */
  #value: number | undefined;

  constructor(metric: Metric, rows: number) {
    this.name = `${metric.name}.last${rows}`;
    this.task = metric.task;
    this.#metric = metric;
    this.#window = new RowWindow(rows);
  }

  get value(): number {
    this.#value ??= this.#valueOfWindow();
    return this.#value;
  }

  update(outcomes: Outcomes): void {
    this.#metric.fresh().update(outcomes); // refuses what it can't take
    this.#window.add(outcomes);
    this.#value = undefined;
  }

  decay(factor: number): void {
    checkDecay(this, factor);
    this.#window.scaleWeights(factor);
    this.#value = undefined;
  }

  merge(later: Metric): void {
    for (const outcomes of sameKind<Windowed>(this, later).#window.stretches()) this.#window.add(outcomes);
    this.#value = undefined;
  }

  fresh(): Windowed {
    return new Windowed(this.#metric, this.#window.capacity);
  }

  metrics(): Readonly<Record<string, number>> {
    return namedValue(this);
  }

  snapshot(): SnapshotRecord {
    return this.#window.snapshot();
  }

  restore(snapshot: SnapshotRecord): void {
    const before = this.#window.snapshot();
    this.#window.restore(snapshot, this.name);
    this.#value = undefined;
    try {
      this.#value = this.#valueOfWindow();
    } catch (cause) {
      this.#window.restore(before, this.name);
      throw new StateError('does-not-fit', `${this.name}: expected its saved columns, got others`, { cause });
    }
  }

  #valueOfWindow(): number {
    const metric = this.#metric.fresh();
    for (const outcomes of this.#window.stretches()) metric.update(outcomes);
    return metric.value;
  }
}
