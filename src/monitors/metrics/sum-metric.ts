import type { Snapshot, SnapshotRecord } from '../../batch/snapshot.ts';
import type { Metric, Outcomes } from '../../contracts/monitor.ts';
import { excerpt, StateError } from '../../errors.ts';
import { checkDecay, namedValue, sameKind } from './metric-parts.ts';

/** What metrics share, whatever statistics `S` they keep. Nobody else holds those, and nothing changes them before all is checked. */
export abstract class SumMetric<S extends Readonly<Record<string, Snapshot>>> implements Metric {
  abstract readonly name: string;
  abstract readonly task: Metric['task'];
  abstract readonly value: number;
  protected sums: S;

  constructor(empty: S) {
    this.sums = empty;
  }

  abstract fresh(): SumMetric<S>;
  /** The statistics with those of these rows. Throws where the rows can't be taken. */
  protected abstract plus(outcomes: Outcomes): S;
  /** The statistics of a stream and of what came after it, together. */
  protected abstract both(earlier: S, later: S): S;
  /** The statistics of rows of `factor` times their weights. */
  protected abstract scaled(sums: S, factor: number): S;
  /** Whether a snapshot holds statistics of this kind. */
  protected abstract fits(saved: SnapshotRecord): saved is S;

  update(outcomes: Outcomes): void {
    this.sums = this.plus(outcomes);
  }

  decay(factor: number): void {
    checkDecay(this, factor);
    if (factor !== 1) this.sums = this.scaled(this.sums, factor);
  }

  merge(later: Metric): void {
    this.sums = this.both(this.sums, sameKind<SumMetric<S>>(this, later).sums);
  }

  metrics(): Readonly<Record<string, number>> {
    return namedValue(this);
  }

  snapshot(): SnapshotRecord {
    return copyOf(this.sums);
  }

  restore(snapshot: SnapshotRecord): void {
    if (!this.fits(snapshot)) {
      throw new StateError('does-not-fit', `${this.name}: expected its saved statistics, got ${excerpt(snapshot)}`);
    }
    this.sums = copyOf(snapshot);
  }
}

function copyOf<S extends Readonly<Record<string, Snapshot>>>(sums: S): S {
  const parts = Object.entries(sums).map(([name, part]) => [name, part instanceof Float64Array ? part.slice() : part]);
  return Object.fromEntries(parts);
}
