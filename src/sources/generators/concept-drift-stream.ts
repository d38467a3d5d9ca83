import { seededRandom } from '../../host/random.ts';
import type { GeneratedRow } from './row-generator.ts';

export interface ConceptDriftOptions {
  /** The stream before the drift, and the one after it. */
  readonly from: Iterable<GeneratedRow>;
  readonly to: Iterable<GeneratedRow>;
  /** The row, counted from 0, at which both are as likely. */
  readonly position: number;
  /** Rows that the change takes, > 0: near 1 is a jump, thousands are a slow change. */
  readonly width: number;
  /** Default 1. */
  readonly seed?: number;
}

/**
 * Joins two streams: each row t comes from the second with probability 1 / (1 + e^(−4·(t − position) / width)).
 * Source: Bifet et al., MOA: Massive Online Analysis, 2010.
 */
export function conceptDriftStream(options: ConceptDriftOptions): Iterable<GeneratedRow> {
  return { [Symbol.iterator]: () => drift(options) };
}

function* drift({ from, to, position, width, seed = 1 }: ConceptDriftOptions): Generator<GeneratedRow> {
  const random = seededRandom(seed);
  const before = from[Symbol.iterator]();
  const after = to[Symbol.iterator]();
  for (let t = 0; ; t++) {
    const chance = 1 / (1 + Math.exp((-4 * (t - position)) / width));
    const { done, value } = (random.next() < chance ? after : before).next();
    if (done) return;
    yield value;
  }
}
