import type { Duration } from '../batch/duration.ts';
import type { UnitTable } from './unit-table.ts';

/**
 * How long a unit is given to get used to its arm. What it does until then does not count, but the unit does, with what is left:
 * to leave out those who never come back would choose units by what the arm did to them.
 *
 * `observations`: the first so many of each metric. `time`: what is observed before so much time is over since the unit's first
 * observation, by the times that observations carry. A late one from before the first is within it as well.
 */
export type BurnIn = { readonly observations: number } | { readonly time: Duration };

/** Keeps in a unit's row what tells whether its burn-in is over. */
export class UnitBurnIn {
  /** Variables a unit. */
  readonly width: number;
  readonly #settings: { readonly observations: number } | { readonly timeMs: number };
  /** Where they begin in a unit's row. */
  readonly #at: number;

  constructor(settings: { readonly observations: number } | { readonly timeMs: number }, metrics: number, at: number) {
    this.#settings = settings;
    this.width = 'timeMs' in settings ? 1 : metrics;
    this.#at = at;
  }

  /** Whether an observation counts; `isNew`: whether it is the unit's first. The row may be written to. */
  counts(units: UnitTable, row: number, metric: number, time: number, isNew: boolean): boolean {
    if ('timeMs' in this.#settings) {
      if (isNew) units.setValueAt(row, this.#at, time);
      return time >= units.valueAt(row, this.#at) + this.#settings.timeMs;
    }
    const at = this.#at + metric;
    const seen = units.valueAt(row, at);
    if (seen >= this.#settings.observations) return true;
    units.setValueAt(row, at, seen + 1);
    return false;
  }
}
