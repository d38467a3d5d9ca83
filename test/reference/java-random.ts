const MASK = (1n << 48n) - 1n;

/** `java.util.Random`, as the Java language library defines it: a linear congruential generator of 48 bits. */
export class JavaRandom {
  #state: bigint;
  #heldGaussian: number | undefined;

  constructor(seed: number) {
    this.#state = (BigInt(seed) ^ 0x5deece66dn) & MASK;
  }

  nextDouble(): number {
    return (this.#nextBits(26) * 2 ** 27 + this.#nextBits(27)) * 2 ** -53;
  }

  /** By the polar method; every second value is held back from the call before. */
  nextGaussian(): number {
    if (this.#heldGaussian !== undefined) {
      const held = this.#heldGaussian;
      this.#heldGaussian = undefined;
      return held;
    }
    for (;;) {
      const u = 2 * this.nextDouble() - 1;
      const v = 2 * this.nextDouble() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.#heldGaussian = v * scale;
      return u * scale;
    }
  }

  #nextBits(bits: number): number {
    this.#state = (this.#state * 0x5deece66dn + 0xbn) & MASK;
    return Number(this.#state >> BigInt(48 - bits));
  }
}
