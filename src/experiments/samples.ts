import type { SnapshotRecord } from '../batch/snapshot.ts';
import { StateError } from '../errors.ts';
import type { ArmEstimate } from './effect.ts';
import type { Metric } from './metric.ts';
import type { Settings } from './sequential-test-options.ts';
import { Strata } from './strata.ts';
import { CROSSED, type UnitKey, UnitTable } from './unit-table.ts';

/** An observation with names looked up. */
export interface Sample {
  readonly arm: number;
  readonly epoch: number;
  readonly metric: number;
  readonly unit: UnitKey | undefined;
  readonly value: number;
  readonly denominator: number;
  readonly covariate: number | undefined;
}

/** All that was observed, as one row a unit and the moments of the rows. */
export class Samples {
  readonly #metrics: readonly Metric[];
  readonly #byUnit: boolean;
  readonly #units: UnitTable;
  readonly #strata: readonly Strata[];
  /** Where each metric begins in a unit's row. */
  readonly #offsets: readonly number[];
  /** By metric: the frozen cap; undefined while it is still looked for. */
  #caps: (number | undefined)[];
  /** By metric: whether the cap was found in this batch. */
  readonly #found = new Set<number>();
  /** By metric, where observations are units and the cap is still looked for: epoch, arm and variables, one after the other. */
  #waiting: number[][];
  /** Units by epoch, then by arm. */
  readonly #counts: number[][];
  #crossed = 0;
  #committed: SnapshotRecord;

  constructor({ arms, epochs, metrics, byUnit }: Settings) {
    this.#metrics = metrics;
    this.#byUnit = byUnit;
    this.#units = new UnitTable(metrics.reduce((sum, { width }) => sum + width, 0));
    this.#strata = metrics.map((metric) => new Strata(metric, arms.length));
    this.#offsets = metrics.map((_, m) => metrics.slice(0, m).reduce((sum, { width }) => sum + width, 0));
    this.#caps = metrics.map(({ options: { cap = Number.POSITIVE_INFINITY } }) => {
      return typeof cap === 'number' ? cap : undefined;
    });
    this.#waiting = metrics.map(() => []);
    this.#counts = epochs.map(() => arms.map(() => 0));
    this.#committed = this.#small();
  }

  /** Units by epoch, then by arm. */
  get counts(): readonly (readonly number[])[] {
    return this.#counts;
  }

  /** Units that were seen in more than one arm; they count in none. */
  get crossed(): number {
    return this.#crossed;
  }

  /** Units that are remembered. */
  get size(): number {
    return this.#units.size;
  }

  /** Whether the cap of a metric is still looked for. */
  isWaiting(metric: number): boolean {
    return this.#caps[metric] === undefined;
  }

  estimates(metric: number): readonly ArmEstimate[] | undefined {
    return this.#strata[metric]!.estimates();
  }

  add(sample: Sample): void {
    if (this.#byUnit) this.#addToUnit(sample.unit!, sample);
    else this.#addAlone(sample);
  }

  /** Brings the moments up to date with the units that the batch touched. Cost: O(those units). */
  endBatch(): void {
    if (!this.#byUnit) return;
    const units = this.#units;
    const incremental = this.#metrics.map((_, m) => m).filter((m) => !this.isWaiting(m) && !this.#found.has(m));
    units.forEachTouched((row, armBefore, before) => {
      const arm = units.armOf(row);
      if (armBefore === CROSSED) return;
      if (arm === CROSSED) {
        this.#counts[units.epochOf(row)]![armBefore]!--;
        this.#crossed++;
      }
      for (const m of incremental) {
        const moments = this.#strata[m]!.at(units.epochOf(row), armBefore);
        const old = this.#capped(m, before);
        if (arm === CROSSED) moments.remove(old);
        else moments.replace(old, this.#capped(m, units.valuesOf(row)));
      }
    });
    for (let row = units.firstNewRow; row < units.size; row++) {
      if (units.armOf(row) === CROSSED) this.#crossed++;
      else this.#counts[units.epochOf(row)]![units.armOf(row)]!++;
      for (const m of incremental) this.#addRow(m, row);
    }
    for (const m of this.#found) for (let row = 0; row < units.size; row++) this.#addRow(m, row);
    this.#found.clear();
  }

  #addToUnit(unit: UnitKey, { arm, epoch, metric: m, value, denominator, covariate }: Sample): void {
    const units = this.#units;
    const known = units.size;
    const row = units.rowOf(unit, arm, epoch);
    if (row === known) this.#findCaps(row);
    if (units.armOf(row) !== arm) {
      units.setArm(row, CROSSED);
      return;
    }
    units.touch(row);
    const metric = this.#metrics[m]!;
    const at = this.#offsets[m]!;
    units.setValueAt(row, at, metric.combined(units.valueAt(row, at), value));
    if (metric.kind === 'ratio') units.setValueAt(row, at + 1, units.valueAt(row, at + 1) + denominator);
    if (metric.covariateAt !== undefined && covariate !== undefined) {
      units.setValueAt(row, at + metric.covariateAt, covariate);
    }
  }

  #addAlone({ arm, epoch, metric: m, value, denominator, covariate = 0 }: Sample): void {
    const metric = this.#metrics[m]!;
    const row = [metric.combined(0, value)];
    if (metric.kind === 'ratio') row.push(denominator);
    if (metric.covariateAt !== undefined) row.push(covariate);
    if (m === 0) this.#counts[epoch]![arm]!++;
    const { cap } = metric.options;
    const waiting = this.#waiting[m]!;
    if (this.isWaiting(m) && typeof cap === 'object') {
      const stride = 2 + metric.width;
      if (waiting.length < cap.ofFirst * stride) {
        waiting.push(epoch, arm, ...row);
        return;
      }
      const rows = Array.from({ length: cap.ofFirst }, (_, i) => waiting.slice(i * stride, (i + 1) * stride));
      this.#caps[m] = capOf(rows.map((each) => each[2]!), cap.quantile); // biome-ignore format: one line
      for (const [e, a, ...each] of rows) this.#strata[m]!.at(e!, a!).add(this.#withCap(m, each));
      this.#waiting[m] = [];
    }
    this.#strata[m]!.at(epoch, arm).add(this.#withCap(m, row));
  }

  /** Freezes the caps that wait for as many units as there were before this one. */
  #findCaps(row: number): void {
    for (const [
      m,
      {
        options: { cap },
      },
    ] of this.#metrics.entries()) {
      // biome-ignore format: one line
      if (!this.isWaiting(m) || typeof cap !== 'object' || row < cap.ofFirst) continue;
      const values = Array.from({ length: row }, (_, each) => this.#units.valueAt(each, this.#offsets[m]!));
      this.#caps[m] = capOf(values, cap.quantile);
      this.#found.add(m);
    }
  }

  #addRow(m: number, row: number): void {
    const arm = this.#units.armOf(row);
    if (arm === CROSSED) return;
    this.#strata[m]!.at(this.#units.epochOf(row), arm).add(this.#capped(m, this.#units.valuesOf(row)));
  }

  /** The metric's part of a unit's row, as it counts. */
  #capped(m: number, values: ArrayLike<number>): number[] {
    const at = this.#offsets[m]!;
    return this.#withCap(
      m,
      Array.from({ length: this.#metrics[m]!.width }, (_, i) => values[at + i]!),
    );
  }

  #withCap(m: number, row: number[]): number[] {
    row[0] = Math.min(row[0]!, this.#caps[m]!);
    return row;
  }

  // What is saved

  changes(): SnapshotRecord {
    return { ...this.#small(), units: this.#units.changes() };
  }

  applyChanges(changes: SnapshotRecord): void {
    this.#units.applyChanges(changes['units'] as SnapshotRecord);
    this.#restoreSmall(changes);
    this.keepChanges();
  }

  keepChanges(): void {
    this.#units.keepChanges();
    this.#committed = this.#small();
  }

  undoChanges(): void {
    this.#units.undoChanges();
    this.#restoreSmall(this.#committed);
    this.#found.clear();
  }

  snapshot(): SnapshotRecord {
    return { ...this.#small(), units: this.#units.snapshot() };
  }

  restore(snapshot: SnapshotRecord): void {
    const { counts } = snapshot as { counts?: readonly (readonly number[])[] };
    if (counts?.length !== this.#counts.length || counts[0]?.length !== this.#counts[0]!.length) {
      throw new StateError('does-not-fit', 'SequentialTest: the saved experiment has other arms or epochs');
    }
    this.#units.restore(snapshot['units'] as SnapshotRecord);
    this.#restoreSmall(snapshot);
    this.keepChanges();
  }

  #small(): SnapshotRecord {
    return {
      strata: this.#strata.map((strata) => strata.values()),
      caps: this.#caps.map((cap) => cap ?? null),
      waiting: this.#waiting.map((waiting) => Float64Array.from(waiting)),
      counts: this.#counts.map((arms) => [...arms]),
      crossed: this.#crossed,
    };
  }

  #restoreSmall(small: SnapshotRecord): void {
    const { strata, caps, waiting, counts, crossed } = small as unknown as {
      readonly strata: readonly (readonly Float64Array[])[];
      readonly caps: readonly (number | null)[];
      readonly waiting: readonly Float64Array[];
      readonly counts: readonly (readonly number[])[];
      readonly crossed: number;
    };
    for (const [m, values] of strata.entries()) this.#strata[m]!.restore(values);
    this.#caps = caps.map((cap) => cap ?? undefined);
    this.#waiting = waiting.map((each) => Array.from(each));
    for (const [epoch, arms] of counts.entries()) this.#counts[epoch] = [...arms];
    this.#crossed = crossed;
  }
}

/** The least value that so large a share of the values is at or below. */
function capOf(values: number[], share: number): number {
  values.sort((a, b) => a - b);
  return values[Math.ceil(share * values.length) - 1]!;
}
