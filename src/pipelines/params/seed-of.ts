/** The 32 low bits of a seed, which is what the generators here take. */
export function seedOf(seed: number | bigint): number {
  return Number(BigInt.asIntN(32, BigInt(seed)));
}
