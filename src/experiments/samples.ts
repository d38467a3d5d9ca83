import type { SnapshotRecord } from '../batch/snapshot.ts';
import { UnitBurnIn } from './burn-in.ts';
import type { LookTotals } from './look-totals.ts';
import type { Frozen, Metric } from './metric.ts';
import type { Observation } from './observation.ts';
import type { Settings } from './sequential-test-options.ts';
import { Strata } from './strata.ts';
import { hashOf } from './unit-keys.ts';
import { CROSSED, MOST_FETCHED, UnitTable } from './unit-table.ts';

/** All that was observed, as one row a unit and the moments of the rows. */
export class Samples {
  readonly #metrics: readonly Metric[];
  readonly #byUnit: boolean;
  readonly #units: UnitTable;
  readonly #burnIn: UnitBurnIn | undefined;
  readonly #strata: readonly Strata[];
  /** By metric: room for what one unit was and is, so that a million units make no garbage. */
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
  readonly #hashes = new Int32Array(MOST_FETCHED);
  #committed: SnapshotRecord;

  constructor({ arms, epochs, metrics, byUnit, burnIn }: Settings) {
    this.#metrics = metrics;
    this.#byUnit = byUnit;
    const width = metrics.reduce((sum, each) => sum + each.width, 0);
    this.#burnIn = burnIn && new UnitBurnIn(burnIn, metrics.length, width);
    this.#units = new UnitTable(width + (this.#burnIn?.width ?? 0));
    this.#strata = metrics.map((metric) => new Strata(metric, arms.length));
    this.#old = metrics.map(({ width }) => new Float64Array(width));
    this.#new = metrics.map(({ width }) => new Float64Array(width));
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
    };
  }

  /** Brings what is known of the units of the next observations, at most `MOST_FETCHED`; returns the hashes of their names. */
  fetch(observations: readonly Observation[]): Int32Array {
    if (!this.#byUnit) return this.#hashes;
    for (const [i, observation] of observations.entries()) this.#hashes[i] = hashOf(observation?.unit);
    this.#units.fetch(this.#hashes, observations.length);
    return this.#hashes;
  }

  /** Counts an observation of this arm, metric and epoch. `hash`: of its unit. */
  add(observation: Observation, hash: number, arm: number, metric: number, epoch: number, time: number): void {
    if (this.#byUnit) this.#addToUnit(observation, hash, arm, metric, epoch, time);
    else this.#addAlone(observation, arm, metric, epoch);
  }

  /** Brings the moments up to date with the units that the batch touched. Cost: O(those units). */
  endBatch(): void {
    if (!this.#byUnit) return;
    const units = this.#units;
    const incremental = this.#metrics.map((_, m) => m).filter((m) => !this.#isWaiting(m) && !this.#found.has(m));
    units.forEachTouched((row, armBefore, before) => {
      const arm = units.armOf(row);
      if (armBefore === CROSSED) return;
      if (arm === CROSSED) {
        this.#counts[units.epochOf(row)]![armBefore]!--;
        this.#crossed++;
      }
      for (const m of incremental) {
        const moments = this.#strata[m]!.at(units.epochOf(row), armBefore);
        const old = this.#partOf(m, before, this.#old[m]!);
        if (arm === CROSSED) moments.remove(old);
        else moments.replace(old, this.#rowOf(m, row));
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

  /** Whether a metric waits for its first units: its cap, or its quantile, is still looked for. */
  #isWaiting(metric: number): boolean {
    return this.#frozen[metric] === undefined;
  }

  #addToUnit(observation: Observation, hash: number, arm: number, m: number, epoch: number, time: number): void {
    const { unit, value, denominator = 1, covariate } = observation;
    const units = this.#units;
    const known = units.size;
    const row = units.rowOf(unit!, hash, arm, epoch);
    if (row === known) this.#freeze(row);
    if (units.armOf(row) !== arm) {
      units.setArm(row, CROSSED);
      return;
    }
    units.touch(row);
    const metric = this.#metrics[m]!;
    const at = this.#offsets[m]!;
    if (metric.covariateAt !== undefined && covariate !== undefined) {
      units.setValueAt(row, at + metric.covariateAt, covariate);
    }
    if (this.#burnIn?.counts(units, row, m, time, row === known) === false) return;
    units.setValueAt(row, at, metric.combined(units.valueAt(row, at), value));
    if (metric.kind === 'ratio') units.setValueAt(row, at + 1, units.valueAt(row, at + 1) + denominator);
  }

  #addAlone({ value, denominator = 1, covariate = 0 }: Observation, arm: number, m: number, epoch: number): void {
    const metric = this.#metrics[m]!;
    const row = [metric.combined(0, value)];
    if (metric.kind === 'ratio') row.push(denominator);
    if (metric.covariateAt !== undefined) row.push(covariate);
    if (m === 0) this.#counts[epoch]![arm]!++;
    const waiting = this.#waiting[m]!;
    if (this.#isWaiting(m)) {
      const stride = 2 + metric.width;
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
    if (arm === CROSSED) return;
    this.#strata[m]!.at(this.#units.epochOf(row), arm).add(this.#rowOf(m, row));
  }

  /** The metric's part of a unit's row, as it counts. Holds until the next call. */
  #rowOf(m: number, row: number): Float64Array {
    const out = this.#new[m]!;
    const at = this.#offsets[m]!;
    for (let i = 0; i < out.length; i++) out[i] = this.#units.valueAt(row, at + i);
    return this.#asCounted(m, out);
  }

  /** As `#rowOf`, from the values of all metrics, into `out`. */
  #partOf(m: number, values: readonly number[], out: Float64Array): Float64Array {
    const at = this.#offsets[m]!;
    for (let i = 0; i < out.length; i++) out[i] = values[at + i]!;
    return this.#asCounted(m, out);
  }

  #asCounted<Row extends number[] | Float64Array>(m: number, row: Row): Row {
    row[0] = this.#metrics[m]!.counted(row[0]!, this.#frozen[m]!);
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
    };
  }

  #restoreSmall(small: SnapshotRecord): void {
    const { strata, frozen, waiting, counts, crossed } = small as unknown as {
      readonly strata: readonly (readonly Float64Array[])[];
      readonly frozen: readonly (Frozen | null)[];
      readonly waiting: readonly Float64Array[];
      readonly counts: readonly (readonly number[])[];
      readonly crossed: number;
    };
    for (const [m, values] of strata.entries()) this.#strata[m]!.restore(values);
    this.#frozen = frozen.map((each) => each ?? undefined);
    this.#waiting = waiting.map((each) => Array.from(each));
    // There may be epochs that the saved experiment knew nothing of.
    for (const [epoch, arms] of this.#counts.entries())
      this.#counts[epoch] = counts[epoch]?.slice() ?? arms.map(() => 0);
    this.#crossed = crossed;
  }
}
