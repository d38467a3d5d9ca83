/** Harm that a saved model may come to: to bytes of a file, to what its metadata says, to what it has learned. */
import type { Random } from '../../../src/host/random.ts';

export function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

function oneOf<T>(random: Random, choices: readonly T[]): T {
  return choices[below(random, choices.length)]!;
}

/** A file with bits or bytes of it changed, its end missing, or a piece of it there twice. */
export function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const out = Buffer.from(bytes);
  switch (below(random, 4)) {
    case 0:
      for (let k = below(random, 4); k >= 0; k--) out[below(random, out.length)]! ^= 1 << below(random, 8);
      return out;
    case 1:
      for (let k = below(random, 8); k >= 0; k--) out[below(random, out.length)] = below(random, 256);
      return out;
    case 2:
      return out.subarray(0, below(random, out.length));
    default: {
      const cuts = [below(random, out.length), below(random, out.length)].sort((a, b) => a - b);
      return Buffer.concat([out.subarray(0, cuts[1]), out.subarray(cuts[0])]);
    }
  }
}

const NUMBERS = [0, 1, -1, 2, 0.5, 7, 1e9, 2 ** 31 - 1, -(2 ** 31), 2 ** 32, 2 ** 53, 1e308, -1e308, 1e-320];
const NOT_IN_JSON = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const TEXTS = ['', '__proto__', 'constructor', '../../..', '/etc/passwd', 'org.apache.spark.ml.Pipeline', '\0', 'x'.repeat(9999)]; // biome-ignore format: one line

/** The value with one thing in it, however deep, another: a number, a text, a list's length, a value of another type. */
export function mutatedValue(value: unknown, random: Random): unknown {
  if (ArrayBuffer.isView(value))
    return Float64Array.from(mutatedList(Array.from(value as Float64Array), random) as number[]);
  if (Array.isArray(value)) return mutatedList(value, random);
  if (typeof value === 'object' && value !== null) return mutatedObject(value as Record<string, unknown>, random);
  if (typeof value === 'number') return oneOf(random, [...NUMBERS, ...NOT_IN_JSON, value + 1, value - 1, -value]);
  if (typeof value === 'boolean') return !value;
  return oneOf(random, [...TEXTS, ...NUMBERS, null, true, [], {}]);
}

function mutatedList(list: readonly unknown[], random: Random): unknown[] {
  const out = [...list];
  const at = below(random, out.length);
  switch (out.length === 0 ? 3 : below(random, 6)) {
    case 0:
      out.splice(at, 1);
      return out;
    case 1:
      out.splice(at, 0, out[below(random, out.length)]);
      return out;
    case 2:
      return [];
    case 3:
      return [...out, ...out, oneOf<unknown>(random, NUMBERS)];
    default:
      out[at] = mutatedValue(out[at], random);
      return out;
  }
}

function mutatedObject(object: Readonly<Record<string, unknown>>, random: Random): Record<string, unknown> {
  const out = { ...object };
  const names = Object.keys(out);
  if (names.length === 0) return { x: 1 };
  const name = oneOf(random, names);
  if (below(random, 10) > 0) out[name] = mutatedValue(out[name], random);
  else delete out[name];
  return out;
}
