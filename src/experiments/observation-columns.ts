import { DataError, excerpt, UsageError } from '../errors.ts';
import { grown } from './grown.ts';
import type { Names } from './names.ts';
import type { Observation } from './observation.ts';
import { UnitColumn } from './unit-column.ts';

/** What observations are told apart by, in the order of the design. */
export interface ObservationNames {
  readonly arms: Names;
  readonly metrics: Names;
  readonly epochs: Names;
}

/** What every observation must tell. */
export interface ObservationDesign {
  /** Its unit. */
  readonly byUnit: boolean;
  /** Its propensity; else it must not. */
  readonly byPropensity: boolean;
}

const FIRST_CAPACITY = 1024;

/** What may be told of an observation beside its value. */
type Optional = 'denominator' | 'covariate' | 'time' | 'propensity';

/**
 * Observations as columns, of an experiment whose names are known: for millions, of which none becomes an object. `push` takes an
 * observation; who has no object begins a row with `begin` and adds to it what is known.
 */
export class ObservationColumns {
  readonly names: ObservationNames;
  readonly #design: ObservationDesign;
  readonly units: UnitColumn;
  #length = 0;
  #arms: Uint8Array;
  #metrics: Uint16Array;
  #epochs: Uint16Array;
  #values: Float64Array;
  /** Made when they are first needed; NaN where nothing was told. */
  readonly #optional: { [Name in Optional]?: Float64Array } = {};

  /** `capacity`: rows that there is room for at first, from 0. */
  constructor(names: ObservationNames, design: ObservationDesign, capacity = FIRST_CAPACITY) {
    if (!(Number.isSafeInteger(capacity) && capacity >= 0)) {
      throw new UsageError('bad-option', `observation columns: expected a capacity from 0, got ${capacity}`);
    }
    this.names = names;
    this.#design = design;
    this.units = new UnitColumn(design.byUnit ? capacity : 0);
    this.#arms = new Uint8Array(capacity);
    this.#metrics = new Uint16Array(capacity);
    this.#epochs = new Uint16Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  armAt(row: number): number {
    return this.#arms[row]!;
  }

  metricAt(row: number): number {
    return this.#metrics[row]!;
  }

  epochAt(row: number): number {
    return this.#epochs[row]!;
  }

  valueAt(row: number): number {
    return this.#values[row]!;
  }

  /** What was told of a row, or `otherwise`. */
  toldAt(name: Optional, row: number, otherwise: number): number {
    const told = this.#optional[name]?.[row] ?? Number.NaN;
    return Number.isNaN(told) ? otherwise : told;
  }

  /** The latest time that is told; −∞ where none is. */
  latestTime(): number {
    const times = this.#optional.time;
    let latest = Number.NEGATIVE_INFINITY;
    if (times !== undefined)
      for (let row = 0; row < this.#length; row++) if (times[row]! > latest) latest = times[row]!;
    return latest;
  }

  /** Forgets all rows. */
  clear(): void {
    for (const column of Object.values(this.#optional)) column.fill(Number.NaN, 0, this.#length);
    this.#length = 0;
    this.units.clear();
  }

  /**
   * Begins a row; the arm, metric and epoch by their places among the names. Its unit is to be added to `units`. Throws `UsageError`
   * for a place that is none, and `DataError` for a value that is not finite.
   */
  begin(arm: number, metric: number, epoch: number, value: number): void {
    const { arms, metrics, epochs } = this.names;
    if (!(arms.has(arm) && metrics.has(metric) && epochs.has(epoch))) {
      const got = `arm ${arm}, metric ${metric}, epoch ${epoch}`;
      throw new UsageError('bad-option', `observation columns: expected places among the names, got ${got}`);
    }
    checkFinite('value', value);
    if (this.#length === this.#arms.length) this.#grow();
    const row = this.#length++;
    this.#arms[row] = arm;
    this.#metrics[row] = metric;
    this.#epochs[row] = epoch;
    this.#values[row] = value;
  }

  /** Adds to the row that was begun last. Throws `DataError` for what is not finite, or no propensity. */
  tell(name: Optional, value: number): void {
    checkFinite(name, value);
    if (name === 'propensity') checkPropensity(value, this.#design, value);
    this.#optional[name] ??= new Float64Array(this.#arms.length).fill(Number.NaN);
    this.#optional[name][this.#length - 1] = value;
  }

  /** Throws `UsageError` where a row lacks the unit or the propensity that the design asks for. */
  checkWhole(): void {
    const { byUnit, byPropensity } = this.#design;
    const lacks = (expected: string, got: number) =>
      new UsageError(
        'bad-option',
        `observation columns: expected ${expected} for each of ${this.#length} rows, got ${got}`,
      );
    if (byUnit && this.units.length !== this.#length) throw lacks('a unit', this.units.length);
    const propensities = this.#optional.propensity?.subarray(0, this.#length) ?? [];
    let told = 0;
    for (const each of propensities) if (!Number.isNaN(each)) told++;
    if (byPropensity && told < this.#length) throw lacks('a propensity', told);
  }

  /** Adds an observation. Throws `DataError` for one that can't be used, and is then as before. */
  push(observation: Observation): void {
    const { arm, metric, epoch = '', value, unit } = checked(observation, this.#design);
    const { arms, metrics, epochs } = this.names;
    this.begin(arms.indexOf(arm), metric === undefined ? 0 : metrics.indexOf(metric), epochs.indexOf(epoch), value);
    if (this.#design.byUnit) this.units.push(unit!);
    for (const name of OPTIONAL) if (observation[name] !== undefined) this.tell(name, observation[name]);
  }

  /** The rows as objects. */
  *observations(): Iterable<Observation> {
    for (let row = 0; row < this.#length; row++) yield this.#observationAt(row);
  }

  #observationAt(row: number): Observation {
    const { arms, metrics, epochs } = this.names;
    const told = OPTIONAL.map((name) => [name, this.toldAt(name, row, Number.NaN)] as const);
    return {
      arm: arms.at(this.armAt(row)),
      ...(this.#design.byUnit && { unit: this.units.keyAt(row) }),
      value: this.valueAt(row),
      metric: metrics.at(this.metricAt(row)),
      epoch: epochs.at(this.epochAt(row)),
      ...Object.fromEntries(told.filter(([, value]) => !Number.isNaN(value))),
    };
  }

  #grow(): void {
    const capacity = Math.max(FIRST_CAPACITY, 2 * this.#length);
    this.#arms = grown(this.#arms, new Uint8Array(capacity));
    this.#metrics = grown(this.#metrics, new Uint16Array(capacity));
    this.#epochs = grown(this.#epochs, new Uint16Array(capacity));
    this.#values = grown(this.#values, new Float64Array(capacity));
    for (const [name, column] of Object.entries(this.#optional)) {
      this.#optional[name as Optional] = grown(column, new Float64Array(capacity).fill(Number.NaN));
    }
  }
}

const OPTIONAL: readonly Optional[] = ['denominator', 'covariate', 'time', 'propensity'];

/** The observation. Throws `DataError` where a number of it is none, or it does not tell what it must. */
function checked(observation: Observation, design: ObservationDesign): Observation {
  const {
    value,
    unit,
    propensity,
    denominator = 0,
    covariate = 0,
    time = 0,
  } = (observation ?? {}) as Partial<Observation>;
  const areFinite = Number.isFinite(value) && Number.isFinite(denominator) && Number.isFinite(covariate);
  if (!areFinite || !Number.isFinite(time)) {
    throw new DataError('not-finite', `observation: expected finite numbers, got ${excerpt(observation)}`);
  }
  if (design.byUnit && typeof unit !== 'string' && !Number.isFinite(unit)) {
    throw new DataError('bad-record', `observation: expected a unit, a text or a number, got ${excerpt(observation)}`);
  }
  checkPropensity(propensity, design, observation);
  return observation;
}

function checkFinite(name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new DataError('not-finite', `observation: expected a finite ${name}, got ${value}`);
}

/** A propensity is a chance that a unit may have had of what happened to it. `of`: what has it, for the message. */
function checkPropensity(propensity: number | undefined, { byPropensity }: ObservationDesign, of: unknown): void {
  const fits = byPropensity ? propensity !== undefined && propensity > 0 && propensity <= 1 : propensity === undefined;
  if (fits) return;
  const expected = byPropensity
    ? 'a propensity above 0 and at most 1'
    : "no propensity without `allocation: 'by propensity'`";
  throw new DataError('bad-record', `observation: expected ${expected}, got ${excerpt(of)}`);
}
