import { DataError } from '../errors.ts';

/** Names of arms, metrics or epochs, each with its place in the design. */
export class Names {
  readonly #what: string;
  readonly #names: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  /** `what`: what messages call one of them. */
  constructor(what: string, names: readonly string[]) {
    this.#what = what;
    this.#names = names;
    this.#places = new Map(names.map((name, place) => [name, place]));
  }

  all(): readonly string[] {
    return this.#names;
  }

  at(place: number): string {
    return this.#names[place]!;
  }

  has(place: number): boolean {
    return Number.isInteger(place) && place >= 0 && place < this.#names.length;
  }

  /** The place of a name. Throws `DataError` (`bad-record`) for one that the design has not. */
  indexOf(name: string): number {
    const place = this.#places.get(name);
    if (place !== undefined) return place;
    const names = this.#names.map((each) => `'${each}'`).join(', ');
    throw new DataError('bad-record', `observation: unknown ${this.#what} '${name}'; there are ${names}`);
  }
}
