import type { Offset } from '../batch/offset.ts';
import type { Received } from '../contracts/source.ts';

/** What receivers got and no batch has committed, by source. */
export class ReceivedRecords {
  readonly #bySource = new Map<string, { start: number; records: Offset[] }>();

  constructor(received: Readonly<Record<string, Received>> = {}) {
    for (const [source, each] of Object.entries(received)) this.add(source, each);
  }

  /** Adds what a source got next. */
  add(source: string, { start, records }: Received): void {
    const known = this.#bySource.get(source);
    if (known === undefined || known.records.length === 0) this.#bySource.set(source, { start, records: [...records] });
    else for (const record of records) known.records.push(record);
  }

  /** Forgets the records of a source before the one with the number `end`: a batch has committed them. */
  drop(source: string, end: Offset): void {
    const known = this.#bySource.get(source);
    if (known === undefined || typeof end !== 'number' || end <= known.start) return;
    known.records.splice(0, end - known.start);
    known.start = end;
  }

  /** What is there, by source, of now. */
  all(): Record<string, Received> {
    const all: Record<string, Received> = {};
    for (const [source, { start, records }] of this.#bySource) {
      if (records.length > 0) all[source] = { start, records: [...records] };
    }
    return all;
  }
}
