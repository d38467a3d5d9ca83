import type { SnapshotRecord } from '../batch/snapshot.ts';
import { UnitBurnIn } from './burn-in.ts';
import type { LookTotals } from './look-totals.ts';
import type { Frozen, Metric } from './metric.ts';
import type { ObservationColumns } from './observation-columns.ts';
import { PropensityCheck } from './propensity-check.ts';
import type { Settings } from './sequential-test-options.ts';
import { Strata } from './strata.ts';
import { CROSSED, MOST_FETCHED, UnitTable } from './unit-table.ts';

/** All that was observed, as one row a unit and the moments of the rows. */
export class Samples {
  readonly #metrics: readonly Metric[];
  readonly #byUnit: boolean;
  readonly #units: UnitTable;
  readonly #burnIn: UnitBurnIn | undefined;
  /** Where a unit's row has its weight, 1 / propensity; undefined where all weigh the same. */
  readonly #weightAt: number | undefined;
  readonly #propensities: PropensityCheck | undefined;
  readonly #strata: readonly Strata[];
  /** By metric: room for what one unit was and is, as it counts, so that a million units make no garbage. */
  readonly #old: readonly Float64Array[];
  readonly #new: readonly Float64Array[];
  /** Where each metric begins in a unit's row. */
  readonly #offsets: readonly number[];
  /** By metric: what was found in the first units; undefined while it is still looked for. */
  #frozen: (Frozen | undefined)[];
  /** The metrics for which it was found in this batch. */
  readonly #found = new Set<number>();
  /** By metric, where observations are units and something is still looked for: epoch, arm and variables, one after the other. */
  #waiting: number[][];
  /** Units by epoch, then by arm. */
  readonly #counts: number[][];
  #crossed = 0;
  #committed: SnapshotRecord;

  constructor({ arms, epochs, metrics, byUnit, burnIn, byPropensity }: Settings) {
    this.#metrics = metrics;
    this.#byUnit = byUnit;
    const width = metrics.reduce((sum, each) => sum + each.width, 0);
    this.#burnIn = burnIn && new UnitBurnIn(burnIn, metrics.length, width);
    const behind = width + (this.#burnIn?.width ?? 0);
    this.#weightAt = byPropensity ? behind : undefined;
    this.#propensities = byPropensity ? new PropensityCheck(arms.length) : undefined;
    this.#units = new UnitTable(behind + (byPropensity ? 1 : 0));
    this.#strata = metrics.map((metric) => new Strata(metric, arms.length));
    this.#old = metrics.map(({ countedWidth }) => new Float64Array(countedWidth));
    this.#new = metrics.map(({ countedWidth }) => new Float64Array(countedWidth));
    this.#offsets = metrics.map((_, m) => metrics.slice(0, m).reduce((sum, { width }) => sum + width, 0));
    this.#frozen = metrics.map((metric) => (metric.ofFirst === undefined ? metric.freeze([]) : undefined));
    this.#waiting = metrics.map(() => []);
    this.#counts = epochs.map(() => arms.map(() => 0));
    this.#committed = this.#small();
  }

  /** Units that are remembered. */
  get size(): number {
    return this.#units.size;
  }

  /** What a look is made from; a copy. */
  totals(): LookTotals {
    return {
      counts: this.#counts.map((arms) => [...arms]),
      crossed: this.#crossed,
      waiting: this.#metrics.map((_, m) => this.#isWaiting(m)),
      estimates: this.#strata.map((strata, m) => strata.estimates(this.#frozen[m]) ?? null),
      ...(this.#propensities !== undefined && {
        effectiveUnits: this.#strata[0]!.effectiveUnits(),
        propensityEvidence: this.#propensities.evidence(),
      }),
    };
  }

  /** Counts observations. `batchTime`: of those that tell no time. */
  add(observations: ObservationColumns, batchTime: number): void {
    const { length, units } = observations;
    if (!this.#byUnit) {
      for (let row = 0; row < length; row++) this.#addAlone(observations, row);
      return;
    }
    for (let start = 0; start < length; start += MOST_FETCHED) {
      const end = Math.min(start + MOST_FETCHED, length);
      this.#units.fetch(units, start, end - start);
      for (let row = start; row < end; row++) this.#addToUnit(observations, row, batchTime);
    }
  }

  /** Brings the moments up to date. Throws `DataError` where they are no longer finite. Cost: O(units that the batch touched). */
  endBatch(): void {
    if (this.#byUnit) this.#addTouched();
    for (const strata of this.#strata) strata.checkFinite();
  }

  #addTouched(): void {
    const units = this.#units;
    for (let i = 0; i < units.touched; i++) {
      if (units.armBefore(i) === CROSSED || units.armOf(units.touchedRow(i)) !== CROSSED) continue;
      this.#counts[units.epochOf(units.touchedRow(i))]![units.armBefore(i)]!--;
      this.#crossed++;
    }
    for (let row = units.firstNewRow; row < units.size; row++) {
      if (units.armOf(row) === CROSSED) this.#crossed++;
      else this.#counts[units.epochOf(row)]![units.armOf(row)]!++;
    }
    for (const m of this.#metrics.keys()) {
      if (this.#found.has(m)) for (let row = 0; row < units.size; row++) this.#addRow(m, row);
      else if (!this.#isWaiting(m)) {
        this.#replaceTouched(m);
        for (let row = units.firstNewRow; row < units.size; row++) this.#addRow(m, row);
      }
    }
    this.#found.clear();
  }

  /** Whether a metric waits for its first units: its cap, or its quantile, is still looked for. */
  #isWaiting(metric: number): boolean {
    return this.#frozen[metric] === undefined;
  }

  #addToUnit(observations: ObservationColumns, index: number, batchTime: number): void {
    const units = this.#units;
    const known = units.size;
    const arm = observations.armAt(index);
    const row = units.rowAt(observations.units, index, arm, observations.epochAt(index));
    const isNew = row === known;
    if (isNew) {
      this.#freeze(row);
      if (this.#weightAt !== undefined) {
        const weight = 1 / observations.toldAt('propensity', index, 1);
        units.setValueAt(row, this.#weightAt, weight);
        this.#propensities?.add(arm, weight);
      }
    }
    if (units.armOf(row) !== arm) {
      units.setArm(row, CROSSED);
      return;
    }
    units.touch(row);
    const m = observations.metricAt(index);
    const metric = this.#metrics[m]!;
    const at = this.#offsets[m]!;
    if (metric.covariateAt !== undefined) {
      const covariate = observations.toldAt('covariate', index, Number.NaN);
      if (!Number.isNaN(covariate)) units.setValueAt(row, at + metric.covariateAt, covariate);
    }
    if (this.#burnIn !== undefined) {
      const time = observations.toldAt('time', index, batchTime);
      if (!this.#burnIn.counts(units, row, m, time, isNew)) return;
    }
    units.setValueAt(row, at, metric.combined(units.valueAt(row, at), observations.valueAt(index)));
    if (metric.kind === 'ratio') {
      const denominator = observations.toldAt('denominator', index, 1);
      units.setValueAt(row, at + 1, units.valueAt(row, at + 1) + denominator);
    }
  }

  #addAlone(observations: ObservationColumns, index: number): void {
    const [m, epoch, arm] = [observations.metricAt(index), observations.epochAt(index), observations.armAt(index)];
    const metric = this.#metrics[m]!;
    const row = [metric.combined(0, observations.valueAt(index))];
    if (metric.kind === 'ratio') row.push(observations.toldAt('denominator', index, 1));
    if (metric.covariateAt !== undefined) row.push(observations.toldAt('covariate', index, 0));
    if (this.#weightAt !== undefined) row.push(1 / observations.toldAt('propensity', index, 1));
    if (m === 0) {
      this.#counts[epoch]![arm]!++;
      this.#propensities?.add(arm, row.at(-1)!);
    }
    const waiting = this.#waiting[m]!;
    if (this.#isWaiting(m)) {
      const stride = 2 + row.length;
      if (waiting.length < metric.ofFirst! * stride) {
        waiting.push(epoch, arm, ...row);
        return;
      }
      const rows = Array.from({ length: metric.ofFirst! }, (_, i) => waiting.slice(i * stride, (i + 1) * stride));
      this.#frozen[m] = metric.freeze(rows.map(([, , first]) => first!));
      for (const [e, a, ...each] of rows) this.#strata[m]!.at(e!, a!).add(this.#asCounted(m, each));
      this.#waiting[m] = [];
    }
    this.#strata[m]!.at(epoch, arm).add(this.#asCounted(m, row));
  }

  /** Freezes what waits for as many units as there were before this one. */
  #freeze(row: number): void {
    for (const [m, metric] of this.#metrics.entries()) {
      if (!this.#isWaiting(m) || row < metric.ofFirst!) continue;
      const values = Array.from({ length: row }, (_, each) => this.#units.valueAt(each, this.#offsets[m]!));
      this.#frozen[m] = metric.freeze(values);
      this.#found.add(m);
    }
  }

  #addRow(m: number, row: number): void {
    const arm = this.#units.armOf(row);
    if (arm !== CROSSED) this.#strata[m]!.at(this.#units.epochOf(row), arm).add(this.#rowOf(m, row));
  }

  /** Puts what the touched units are in the place of what they were. */
  #replaceTouched(m: number): void {
    const units = this.#units;
    const strata = this.#strata[m]!;
    for (let i = 0; i < units.touched; i++) {
      const row = units.touchedRow(i);
      const before = units.armBefore(i);
      if (before === CROSSED) continue;
      const moments = strata.at(units.epochOf(row), before);
      const old = this.#rowBefore(m, i);
      if (units.armOf(row) === CROSSED) moments.remove(old);
      else moments.replace(old, this.#rowOf(m, row));
    }
  }

  /** The metric's part of a unit's row, as it counts. Holds until the next call. */
  #rowOf(m: number, row: number): Float64Array {
    const out = this.#new[m]!;
    const at = this.#offsets[m]!;
    const { width } = this.#metrics[m]!;
    for (let i = 0; i < width; i++) out[i] = this.#units.valueAt(row, at + i);
    if (this.#weightAt !== undefined) out[width] = this.#units.valueAt(row, this.#weightAt);
    return this.#asCounted(m, out);
  }

  /** As `#rowOf`, of a unit as it was before this batch touched it. */
  #rowBefore(m: number, touched: number): Float64Array {
    const out = this.#old[m]!;
    const at = this.#offsets[m]!;
    const { width } = this.#metrics[m]!;
    for (let i = 0; i < width; i++) out[i] = this.#units.valueBefore(touched, at + i);
    if (this.#weightAt !== undefined) out[width] = this.#units.valueBefore(touched, this.#weightAt);
    return this.#asCounted(m, out);
  }

  /** The variables as they count; changed in their place. */
  #asCounted<Row extends number[] | Float64Array>(m: number, row: Row): Row {
    const metric = this.#metrics[m]!;
    row[0] = metric.counted(row[0]!, this.#frozen[m]!);
    if (this.#weightAt !== undefined) row[0] *= row[metric.width]!;
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
    this.#units.restore(snapshot['units'] as SnapshotRecord);
    this.#restoreSmall(snapshot);
    this.keepChanges();
  }

  #small(): SnapshotRecord {
    return {
      strata: this.#strata.map((strata) => strata.values()),
      frozen: this.#frozen.map((frozen) => frozen ?? null),
      waiting: this.#waiting.map((waiting) => Float64Array.from(waiting)),
      counts: this.#counts.map((arms) => [...arms]),
      crossed: this.#crossed,
      ...(this.#propensities !== undefined && { propensities: this.#propensities.values() }),
    };
  }

  #restoreSmall(small: SnapshotRecord): void {
    const { strata, frozen, waiting, counts, crossed, propensities } = small as {
      readonly strata: readonly (readonly Float64Array[])[];
      readonly frozen: readonly (Frozen | null)[];
      readonly waiting: readonly Float64Array[];
      readonly counts: readonly (readonly number[])[];
      readonly crossed: number;
      readonly propensities?: Float64Array;
    };
    for (const [m, values] of strata.entries()) this.#strata[m]!.restore(values);
    this.#frozen = frozen.map((each) => each ?? undefined);
    this.#waiting = waiting.map((each) => Array.from(each));
    // There may be epochs that the saved experiment knew nothing of.
    for (const [epoch, arms] of this.#counts.entries())
      this.#counts[epoch] = counts[epoch]?.slice() ?? arms.map(() => 0);
    this.#crossed = crossed;
    if (propensities !== undefined) this.#propensities?.restore(propensities);
  }
}
