import { Batch, type Pair } from '../../../src/batch/batch.ts';
import type { SnapshotRecord } from '../../../src/batch/snapshot.ts';
import type { BatchContext, Graph, PendingWrite } from '../../../src/contracts/graph.ts';
import type { Sink } from '../../../src/contracts/sink.ts';
import type { Source } from '../../../src/contracts/source.ts';
import type { Stateful } from '../../../src/contracts/stateful.ts';
import { KeyedState } from '../../../src/engine/keyed-state.ts';

/** A row: named values. */
export type Row = Readonly<Record<string, string | number>>;

/** A query as plain data: rows that match, counted by a column and by windows of event time, each given when it is closed. */
export interface Query {
  readonly where: { readonly column: string; readonly equals: string };
  readonly groupBy: string;
  /** Column of the event time, milliseconds. */
  readonly eventTime: string;
  readonly windowMs: number;
  /** How late a row may be. */
  readonly watermarkDelayMs: number;
}

/** No row before it is expected any more. It is carried in the commit, and a batch works with that of the batch before. */
class Watermark implements Stateful {
  #ms = 0;

  get ms(): number {
    return this.#ms;
  }

  advanceTo(ms: number): void {
    this.#ms = Math.max(this.#ms, ms);
  }

  snapshot(): SnapshotRecord {
    return { ms: this.#ms };
  }

  restore({ ms }: SnapshotRecord): void {
    this.#ms = ms as number;
  }
}

/** Interprets a query. It knows the contracts and the engine's state store, and nothing of any front end. */
export class QueryGraph implements Graph {
  readonly sources: ReadonlyMap<string, Source>;
  readonly states: ReadonlyMap<string, Stateful>;
  readonly #query: Query;
  readonly #sink: Sink;
  readonly #counts = new KeyedState<Pair<string, number>, number>();
  readonly #watermark = new Watermark();

  constructor(query: Query, source: Source, sink: Sink) {
    this.#query = query;
    this.#sink = sink;
    this.sources = new Map([['rows', source]]);
    this.states = new Map<string, Stateful>([
      ['counts', this.#counts],
      ['watermark', this.#watermark],
    ]);
  }

  async run(inputs: ReadonlyMap<string, Batch<unknown>>, _: BatchContext): Promise<readonly PendingWrite[]> {
    const { where, groupBy, eventTime, windowMs, watermarkDelayMs } = this.#query;
    const watermarkMs = this.#watermark.ms;
    for (const row of inputs.get('rows')!.collect() as readonly Row[]) {
      if (row[where.column] !== where.equals) continue;
      const time = row[eventTime] as number;
      this.#watermark.advanceTo(time - watermarkDelayMs);
      const start = time - (time % windowMs);
      if (start + windowMs <= watermarkMs) continue;
      const group: Pair<string, number> = [row[groupBy] as string, start];
      this.#counts.set(group, (this.#counts.get(group) ?? 0) + 1);
    }
    const closed = [...this.#counts.entries()].filter(([[, start]]) => start + windowMs <= watermarkMs);
    for (const [group] of closed) this.#counts.delete(group);
    const lines = closed.map(([[name, start], count]) => `${name} from ${start}: ${count}`);
    return [{ operator: 'query', sink: this.#sink, batch: Batch.of(lines) }];
  }

  async close(): Promise<void> {
    await this.#sink.close();
  }
}
