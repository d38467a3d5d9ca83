import { type Offset, sameOffset } from '../batch/offset.ts';
import type { Received, Source } from '../contracts/source.ts';
import type { CommitLog } from './checkpoint.ts';
import type { Found, Plan, PlannedRange } from './checkpoint-records.ts';
import { ownValue } from './own-value.ts';
import { requireKnown } from './require-known.ts';
import { withPlace } from './with-place.ts';

/** A graph's sources, and where each stands. */
export class GraphSources {
  readonly #sources: ReadonlyMap<string, Source>;
  #offsets: Record<string, Offset> = {};

  constructor(sources: ReadonlyMap<string, Source>) {
    this.#sources = sources;
  }

  get ids(): Iterable<string> {
    return this.#sources.keys();
  }

  /** Where the next plan begins, by source. */
  get offsets(): Readonly<Record<string, Offset>> {
    return this.#offsets;
  }

  /** Whether there are sources, and none of them will have more. */
  get allEnded(): boolean {
    const sources = [...this.#sources];
    return sources.length > 0 && sources.every(([id, source]) => source.endedAt(this.#offsets[id]!));
  }

  /** Goes on from what is committed. Throws `StateError` naming a source that the checkpoint holds and the program lacks. */
  restore({ committed, pending, received }: Found): void {
    requireKnown('source', Object.keys({ ...committed.offsets, ...pending?.ranges, ...received }), this.#sources);
    this.#offsets = { ...committed.offsets };
  }

  /** Opens each behind what was planned last. */
  async open(commitLog: CommitLog, { pending, received }: Found, writeAheadLog: boolean): Promise<void> {
    const begun: Record<string, Offset> = {};
    for (const [id, source] of this.#sources) {
      const append = (next: Received) => commitLog.logReceived(id, next);
      const journal = { kept: ownValue(received, id), ...(writeAheadLog && { append }) };
      const known = (pending && ownValue(pending.ranges, id)?.end) ?? ownValue(this.#offsets, id);
      const offset = await source.open(known, journal);
      this.#offsets[id] = offset;
      if (known === undefined && source.replayable) begun[id] = offset;
    }
    // Else a start after a crash before the first batch would begin elsewhere: at what is the end of a topic by then.
    if (Object.keys(begun).length > 0) await commitLog.logOpened(begun);
  }

  /** What each has until a time, from where it stands on, and not more records than that. */
  async plan(batch: number, until: number, maxRecordsOf: (id: string) => number): Promise<Plan['ranges']> {
    const ranges: Record<string, PlannedRange> = {};
    for (const [id, source] of this.#sources) {
      const start = this.#offsets[id]!;
      ranges[id] = await withPlace('source', { source: id, batch }, async () => {
        const end = await source.plan(start, { batchTime: until, maxRecords: maxRecordsOf(id) });
        return source.replayable ? { start, end } : { start, end, records: await recordsOf(source, start, end) };
      });
    }
    return ranges;
  }

  /** All up to these offsets is committed. */
  async committed(batch: number, offsets: Readonly<Record<string, Offset>>): Promise<void> {
    this.#offsets = { ...offsets };
    for (const [id, source] of this.#sources) {
      await withPlace('source', { source: id, batch }, () => source.commit(offsets[id]!));
    }
  }

  /** What can't be reached is not tried again. */
  retryNoMore(): void {
    for (const source of this.#sources.values()) source.retryNoMore?.();
  }

  async stopReceiving(): Promise<void> {
    for (const source of this.#sources.values()) await source.stopReceiving?.();
  }

  /** Whether a plan holds nothing of those that receive. */
  hasNothingReceived({ ranges }: Plan): boolean {
    return [...this.#sources].every(([id, { stopReceiving }]) => !stopReceiving || isEmptyRange(ranges[id]!));
  }
}

export function isEmpty({ ranges }: Plan): boolean {
  return Object.values(ranges).every(isEmptyRange);
}

async function recordsOf(source: Source, start: Offset, end: Offset): Promise<PlannedRange['records'] & {}> {
  const { partitions } = await source.read({ start, end });
  return partitions as readonly (readonly Offset[])[];
}

function isEmptyRange({ start, end }: PlannedRange): boolean {
  return sameOffset(start, end);
}
