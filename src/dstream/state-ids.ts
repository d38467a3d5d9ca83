import type { Stateful } from '../contracts/stateful.ts';
import { UsageError } from '../errors.ts';

interface Identified {
  readonly state: Stateful;
  readonly kind: string;
  /** What the program calls it, if it does. */
  id: string | undefined;
}

/**
 * The ids under which states are committed: those that the program gives, and for all others the first free one of their
 * kind, in the order of their making. So naming one state never changes the id of another that has a name.
 */
export class StateIds {
  /** By id, in the order of their making. */
  readonly states = new Map<string, Stateful>();
  /** The ids that the program did not give, each with its kind. */
  readonly derived = new Map<string, string>();
  readonly #identified: Identified[] = [];

  /** The same state again is no second one. */
  add(state: Stateful, kind: string, id?: string): void {
    if (this.#identified.some((each) => each.state === state)) return;
    if (id !== undefined) this.#checkFree(id);
    this.#identified.push({ state, kind, id });
    this.#deriveIds();
  }

  rename(state: Stateful, id: string): void {
    const found = this.#identified.find((each) => each.state === state);
    if (found === undefined || found.id === id) return;
    this.#checkFree(id);
    found.id = id;
    this.#deriveIds();
  }

  #deriveIds(): void {
    const taken = new Set(this.#identified.flatMap(({ id }) => id ?? []));
    this.states.clear();
    this.derived.clear();
    for (const { state, kind, id = firstFree(kind, taken) } of this.#identified) {
      if (!taken.has(id)) this.derived.set(id, kind);
      taken.add(id);
      this.states.set(id, state);
    }
  }

  #checkFree(id: string): void {
    if (this.#identified.some((each) => each.id === id)) throw duplicateId('state', id);
  }
}

/** The first of `kind`, `kind-1`, `kind-2` … that is not taken. */
export function firstFree(kind: string, taken: { has(id: string): boolean }): string {
  let id = kind;
  for (let n = 1; taken.has(id); n++) id = `${kind}-${n}`;
  return id;
}

export function duplicateId(what: string, id: string): UsageError {
  return new UsageError('duplicate-id', `${what} '${id}': the id is taken; ids must differ`);
}
