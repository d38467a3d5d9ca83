import { obrienFlemingSpending, powerSpending, type Spending, SpendingBounds } from './spending-bounds.ts';

/** How a group-sequential test spends α by name: with the square of the share, or as O'Brien and Fleming do. */
export type SpendingName = 'power' | 'obrien-fleming';

export function spendingNamed(name: SpendingName = 'obrien-fleming'): Spending {
  return name === 'power' ? powerSpending(2) : obrienFlemingSpending;
}

/** The looks of a group-sequential test, each at a share of the planned units that is greater than the last one's. */
export class PlannedLooks {
  readonly #maximum: number;
  readonly #newBounds: () => SpendingBounds;
  #bounds: SpendingBounds;

  constructor(maximum: number, alpha: number, spending: Spending) {
    this.#maximum = maximum;
    this.#newBounds = () => new SpendingBounds(alpha, spending);
    this.#bounds = this.#newBounds();
  }

  /** The bound of a look at so many units, after looks at these shares, and all shares with it; infinite where nothing came. */
  next(units: number, fractions: readonly number[]): { readonly bound: number; readonly fractions: readonly number[] } {
    const fraction = Math.min(1, units / this.#maximum);
    if (fraction <= (fractions.at(-1) ?? 0)) return { bound: Number.POSITIVE_INFINITY, fractions };
    if (this.#bounds.fractions.length !== fractions.length) {
      this.#bounds = this.#newBounds();
      for (const each of fractions) this.#bounds.next(each);
    }
    return { bound: this.#bounds.next(fraction), fractions: [...fractions, fraction] };
  }
}
