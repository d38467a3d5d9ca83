import { murmurHash3 } from './murmur-hash-3.ts';

/**
 * Spark's `XORShiftRandom`, so that a seed gives the same random centres here as there (Spark 3 and later).
 *
 * The seed is hashed with MurmurHash3 (x86, 32 bit) twice over its 8 big-endian bytes; each step is a 64-bit xorshift
 * (21, 35, 4) whose low bits are the result. Source: Marsaglia, Xorshift RNGs, 2003; Apache Spark, XORShiftRandom.
 */
export class XorShiftRandom {
  #state: bigint;
  #heldGaussian: number | undefined;

  /** `seed` is a whole number; numbers beyond 2^53 come as bigint. */
  constructor(seed: number | bigint) {
    this.#state = hashSeed(BigInt(seed));
  }

  /** Uniform on [0, 1), 53 bits. */
  nextDouble(): number {
    return (this.#nextBits(26) * 2 ** 27 + this.#nextBits(27)) * 2 ** -53;
  }

  /** A 32-bit whole number, negative half of the time. */
  nextInt(): number {
    return this.#nextBits(32) | 0;
  }

  /** Standard normal, by Marsaglia's polar method; every second call gives the value held back by the one before. */
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

  /** The low `bits` bits of the next state, as an unsigned number. */
  #nextBits(bits: number): number {
    let x = this.#state;
    x = BigInt.asUintN(64, x ^ (x << 21n));
    x ^= x >> 35n;
    x = BigInt.asUintN(64, x ^ (x << 4n));
    this.#state = x;
    return Number(BigInt.asUintN(bits, x));
  }
}

const ARRAY_SEED = 0x3c074a61;

function hashSeed(seed: bigint): bigint {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setBigInt64(0, BigInt.asIntN(64, seed));
  const low = murmurHash3(new Uint8Array(bytes.buffer), ARRAY_SEED);
  const high = murmurHash3(new Uint8Array(bytes.buffer), low);
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}
