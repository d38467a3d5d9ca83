import type { Pair } from '../../../src/batch/batch.ts';
import type { SnapshotRecord } from '../../../src/batch/snapshot.ts';
import type { Stateful } from '../../../src/contracts/stateful.ts';

/** How often each word came in all batches so far. */
export class WordCounter implements Stateful {
  #totals = new Map<string, number>();

  add(counts: readonly Pair<string, number>[]): void {
    for (const [word, count] of counts) this.#totals.set(word, (this.#totals.get(word) ?? 0) + count);
  }

  total(word: string): number {
    return this.#totals.get(word) ?? 0;
  }

  /** In the order of the words, so that the order in which they came leaves no trace. */
  snapshot(): SnapshotRecord {
    return { totals: [...this.#totals].sort(([a], [b]) => (a < b ? -1 : 1)) };
  }

  restore({ totals }: SnapshotRecord): void {
    this.#totals = new Map(totals as [string, number][]);
  }
}
