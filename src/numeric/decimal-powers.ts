/** Exactly held by a double: 10^0 to 10^22. */
const EXACT = 22;
/** Held in 128 bits: 10^-64 to 10^64. */
const MOST = 64;
/** From here on a reciprocal is rounded up, since its divisor has no more than 64 bits; smaller ones are cut off. */
const ROUNDED_UP_FROM = -27;

/**
 * The powers of ten that the kernel reads decimal numbers with, as their bytes: those that a double holds, then of each other
 * one the upper 128 bits, as two whole numbers of 64. Source: Lemire, "Number parsing at a gigabyte per second", 2021.
 */
export function decimalPowers(): Uint8Array {
  made ??= make();
  return made;
}

let made: Uint8Array | undefined;

function make(): Uint8Array {
  const exact = Float64Array.from({ length: EXACT + 1 }, (_, exponent) => Number(`1e${exponent}`));
  const words = Array.from({ length: 2 * MOST + 1 }, (_, i) => upper128(i - MOST)).flatMap((power) => {
    return [power >> 64n, power & ((1n << 64n) - 1n)];
  });
  return Buffer.concat([Buffer.from(exact.buffer), Buffer.from(BigUint64Array.from(words).buffer)]);
}

/** Powers of two only move the binary point, so 5^n has the digits of 10^n. */
function upper128(exponent: number): bigint {
  const power = 5n ** BigInt(Math.abs(exponent));
  const bits = BigInt(power.toString(2).length);
  if (exponent >= 0) return bits <= 128n ? power << (128n - bits) : power >> (bits - 128n);
  return (1n << (bits + 127n)) / power + (exponent >= ROUNDED_UP_FROM ? 1n : 0n);
}
