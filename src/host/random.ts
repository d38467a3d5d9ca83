/** Randomness as a parameter: every source of it is seeded, so that a run can be repeated. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
}

/** Randomness that can be kept with what draws from it: set to the same state, it gives the same numbers. */
export interface SeededRandom extends Random {
  /** A whole number of 32 bits. */
  state: number;
  /** As `next`, in units of 2^−32 and signed: for loops that must not allocate, since a number that a call gives may be. */
  nextInt32(): number;
}

/**
 * Mulberry32: a small generator that gives the same numbers on every machine.
 *
 * `seed` is any integer; its low 32 bits count. Cost: O(1), no allocation. Source: Tommy Ettinger, 2017.
 */
export function seededRandom(seed: number): SeededRandom {
  let a = seed | 0;
  const nextInt32 = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return t ^ (t >>> 14);
  };
  return {
    get state() {
      return a;
    },
    set state(state) {
      a = state | 0;
    },
    next: () => (nextInt32() >>> 0) / 4294967296,
    nextInt32,
  };
}

/** A seed nobody chose, for those who ask for none. */
export function arbitrarySeed(): number {
  return Math.floor(Math.random() * 2 ** 31);
}

/** So many hexadecimal digits that nobody chose: part of a name that no other has. */
export function arbitraryHex(digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(Math.random() * 16).toString(16)).join('');
}

/** A draw from the standard normal distribution (Box–Muller, cosine branch; two draws of `random`). */
export function nextNormal(random: Random): number {
  const u1 = 1 - random.next();
  const u2 = random.next();
  return Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2);
}
