import { quantile } from 'simple-statistics';

/** One side of a comparison: does a fixed piece of work and tells how long it took, milliseconds. */
export type Side = () => Promise<number>;

export interface Comparison {
  /** Median over the rounds, milliseconds. */
  readonly ours: number;
  readonly theirs: number;
  /** Quartiles of ours ÷ theirs, round by round: the middle one, and how much the machine's noise moves it. */
  readonly ratio: readonly [lower: number, median: number, upper: number];
}

/** A comparison of so many rows or records. */
export interface Measured extends Comparison {
  readonly what: string;
  readonly rows: number;
}

export const WARM_UP_ROUNDS = 3;

/** Runs both sides in turns, A B A B, so that what else the machine does falls on both alike. */
export async function interleaved(ours: Side, theirs: Side, rounds: number): Promise<Comparison> {
  const times: [number, number][] = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    const pair: [number, number] = [await ours(), await theirs()];
    if (round >= 0) times.push(pair);
  }
  const ratios = times.map(([a, b]) => a / b);
  return {
    ours: median(times.map(([a]) => a)),
    theirs: median(times.map(([, b]) => b)),
    ratio: [quantile(ratios, 0.25), median(ratios), quantile(ratios, 0.75)],
  };
}

function median(values: readonly number[]): number {
  return quantile([...values], 0.5);
}
