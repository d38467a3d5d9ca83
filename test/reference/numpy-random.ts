/**
 * NumPy's `RandomState`: the Mersenne Twister, uniform numbers of 53 bits, and normal ones by the polar method.
 * Source: Matsumoto and Nishimura, Mersenne Twister, 1998; Marsaglia and Bray, A Convenient Method for Generating Normal Variables, 1964.
 */
export class NumpyRandom {
  readonly #state = new Uint32Array(624);
  #at = 624;
  #spare: number | undefined;

  constructor(seed: number) {
    this.#state[0] = seed;
    for (let i = 1; i < 624; i++) {
      const before = this.#state[i - 1]!;
      this.#state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
    }
  }

  /** In [0, 1). */
  next(): number {
    const [high, low] = [this.#nextInt() >>> 5, this.#nextInt() >>> 6];
    return (high * 67108864 + low) / 9007199254740992;
  }

  nextNormal(): number {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined) return spare;
    for (;;) {
      const [x, y] = [2 * this.next() - 1, 2 * this.next() - 1];
      const squared = x * x + y * y;
      if (squared >= 1 || squared === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(squared)) / squared);
      this.#spare = factor * x;
      return factor * y;
    }
  }

  #nextInt(): number {
    if (this.#at === 624) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < 624; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % 624]! & 0x7fffffff);
      state[i] = state[(i + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}
