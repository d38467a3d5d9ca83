import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { DriftDetector, DriftPositions, DriftSignal } from '../../contracts/monitor.ts';
import { DataError, excerpt, StateError, UsageError } from '../../errors.ts';

/** What a detector knows of the series: numbers, and columns of a fixed length. */
export type DetectorState = Record<string, number | Float64Array>;

/** What drift detectors share: they take one value after the other, and start afresh after a drift. */
export abstract class SequentialDetector<S extends DetectorState> implements DriftDetector {
  abstract readonly kind: string;
  protected state: S;
  readonly #start: S;
  /** The value at hand. */
  readonly #given = new Float64Array(1);
  #position = 0;
  #drifts = 0;
  #warnings = 0;
  #lastDrift = -1;

  /** `start`: the state of one that has seen nothing. */
  constructor(start: S) {
    this.#start = start;
    this.state = copyOf(start);
  }

  /** Takes in one finite value, `values[at]`: a number that is an argument may have to be allocated. */
  protected abstract take(values: Float64Array, at: number): DriftSignal;

  /** What becomes of the state after a drift. By default it is forgotten. */
  protected restart(): void {
    this.reset();
  }

  /** What is wrong with a value, if anything. */
  protected problemWith(value: number): string | undefined {
    return value - value === 0 ? undefined : 'a finite number';
  }

  update(value: number): DriftSignal {
    this.#given[0] = value;
    return this.updateFrom(this.#given, 0);
  }

  /** Takes in one value of a column, and allocates nothing. */
  updateFrom(values: Float64Array, at: number): DriftSignal {
    this.#check(values, at);
    return this.#advance(values, at);
  }

  updateAll(values: Float64Array): DriftPositions {
    for (let i = 0; i < values.length; i++) this.#check(values, i);
    const warnings: number[] = [];
    const drifts: number[] = [];
    for (let i = 0; i < values.length; i++) {
      const signal = this.#advance(values, i);
      if (signal === 'drift') drifts.push(this.#position - 1);
      else if (signal === 'warning') warnings.push(this.#position - 1);
    }
    return { warnings, drifts };
  }

  reset(): void {
    this.state = copyOf(this.#start);
  }

  /** How many values it has seen; the position of the next. */
  get position(): number {
    return this.#position;
  }

  /** `drifts` and `warnings` so far, and the position of the last drift once there was one. */
  metrics(): Readonly<Record<string, number>> {
    const last: Record<string, number> = this.#lastDrift < 0 ? {} : { lastDrift: this.#lastDrift };
    return { drifts: this.#drifts, warnings: this.#warnings, ...last };
  }

  snapshot(): SnapshotRecord {
    const series = [this.#position, this.#drifts, this.#warnings, this.#lastDrift];
    return { series: Float64Array.from(series), state: copyOf(this.state) };
  }

  restore({ series, state }: SnapshotRecord): void {
    if (!(series instanceof Float64Array && series.length === 4 && fits(state, this.#start))) {
      throw new StateError('does-not-fit', `${this.kind}: expected its saved state, got ${excerpt(state)}`);
    }
    [this.#position, this.#drifts, this.#warnings, this.#lastDrift] = series as unknown as [
      number,
      number,
      number,
      number,
    ];
    this.state = copyOf(state);
  }

  #check(values: Float64Array, at: number): void {
    const value = values[at]!;
    const expected = this.problemWith(value);
    if (expected === undefined) return;
    const code = Number.isFinite(value) ? 'bad-record' : 'not-finite';
    throw new DataError(code, `${this.kind}: expected ${expected}, got ${excerpt(value)}`);
  }

  #advance(values: Float64Array, at: number): DriftSignal {
    const signal = this.take(values, at);
    if (signal === 'drift') {
      this.#drifts++;
      this.#lastDrift = this.#position;
      this.restart();
    } else if (signal === 'warning') this.#warnings++;
    this.#position++;
    return signal;
  }
}

/** A detector that watches right and wrong: 0 for a row that was predicted rightly, 1 for one that was not. */
export abstract class ErrorDetector<S extends DetectorState> extends SequentialDetector<S> {
  protected override problemWith(value: number): string | undefined {
    return value === 0 || value === 1 ? undefined : '0 for right or 1 for wrong';
  }
}

/** Throws `UsageError` (`bad-option`) unless the option is in range. */
export function checkOption(kind: string, option: string, valid: boolean, range: string, got: unknown): void {
  if (valid) return;
  throw new UsageError('bad-option', `${kind}: expected ${option} to be ${range}, got ${excerpt(got)}`);
}

function copyOf<S extends DetectorState>(state: S): S {
  const parts = Object.entries(state).map(([name, part]) => [name, typeof part === 'number' ? part : part.slice()]);
  return Object.fromEntries(parts);
}

function fits<S extends DetectorState>(saved: unknown, start: S): saved is S {
  if (typeof saved !== 'object' || saved === null) return false;
  return Object.entries(start).every(([name, part]) => {
    const got = (saved as DetectorState)[name];
    return typeof part === 'number'
      ? typeof got === 'number'
      : got instanceof Float64Array && got.length === part.length;
  });
}
