import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Transformer } from '../../contracts/transformer.ts';
import { UsageError } from '../../errors.ts';
import { parallelThreads, WorkerPool } from '../../host/worker-pool.ts';
import type { TransformerOf } from '../pipeline.ts';
import { joinedShares, type ShareResult, transformShare } from './share.ts';
import { messageOfTable } from './table-message.ts';
import type { TransformTask } from './transform-on-thread.ts';

export interface ParallelOptions {
  /** Threads that transform at the same time, the caller's among them; at least 1. Default: as many as the machine can run. */
  readonly threads?: number | undefined;
  /** Which columns the result has; what is left out is not sent between threads. Default: all. */
  readonly columns?: readonly string[] | undefined;
}

/** Below so many rows, another thread costs more than it saves. */
const LEAST_ROWS = 512;

/**
 * A transformer that shares the rows of each table among threads: it gives what the transformer alone does, in the same order. Worth it
 * where a row takes a microsecond or more, as with forests and texts; a linear model is done before its rows are sent.
 *
 * The other threads load the transformer from a temporary directory, so it must be one that can be saved; `close` ends them. Throws
 * `UsageError` (`bad-option`), and as the transformer; a `BadRowsError` names the rows of all shares. Cost: a copy of the rows of the
 * other shares, and of the columns that come back.
 */
export class ParallelTransformer implements Transformer {
  readonly uid: string;
  readonly #transformer: TransformerOf;
  readonly #columns: readonly string[] | undefined;
  readonly #threads: number;
  readonly #pool: WorkerPool;
  /** The temporary directory, once other threads are at work. */
  #directory: Promise<string> | undefined;

  constructor(transformer: TransformerOf, { threads = parallelThreads(), columns }: ParallelOptions = {}) {
    this.uid = transformer.uid;
    if (!(Number.isInteger(threads) && threads >= 1)) {
      throw new UsageError('bad-option', `${this.uid}: threads: expected a whole number of at least 1, got ${threads}`);
    }
    this.#transformer = transformer;
    this.#columns = columns;
    this.#threads = threads;
    this.#pool = new WorkerPool(new URL('./transform-on-thread.js', import.meta.url), threads - 1);
  }

  transformSchema(schema: Schema): Schema {
    const whole = this.#transformer.transformSchema(schema);
    return this.#columns === undefined ? whole : new Schema(this.#columns.map((name) => whole.field(name)));
  }

  async transform(table: Table): Promise<Table> {
    this.transformSchema(table.schema);
    const shares = Math.max(1, Math.min(this.#threads, Math.floor(table.rows / LEAST_ROWS)));
    const starts = Array.from({ length: shares }, (_, s) => Math.floor((s * table.rows) / shares));
    const [own, ...others] = starts.map((from, s) => table.range(from, starts[s + 1] ?? table.rows));
    const directory = others.length > 0 ? await this.#saved() : '';
    const settled = await Promise.allSettled([
      ...others.map((share) => this.#onThread(directory, share)),
      transformShare(this.#transformer, own!, this.#columns),
    ]);
    const results = settled.map((each) => {
      if (each.status === 'rejected') throw each.reason;
      return each.value;
    });
    return joinedShares(table, starts, [results.at(-1)!, ...results.slice(0, -1)]);
  }

  /** Ends the threads. Harmless when called twice. */
  async close(): Promise<void> {
    await this.#pool.close();
    const directory = await this.#directory?.catch(() => undefined);
    if (directory !== undefined) await fs.rm(directory, { recursive: true, force: true });
  }

  /** Where the transformer is saved, for the threads to load. */
  #saved(): Promise<string> {
    this.#directory ??= fs.mkdtemp(path.join(os.tmpdir(), 'millrace-transformer-')).then(async (directory) => {
      try {
        await this.#transformer.save(path.join(directory, 'saved'));
      } catch (error) {
        await fs.rm(directory, { recursive: true, force: true });
        throw error;
      }
      return directory;
    });
    return this.#directory;
  }

  async #onThread(directory: string, share: Table): Promise<ShareResult> {
    const task: TransformTask = {
      directory: path.join(directory, 'saved'),
      rows: messageOfTable(share),
      columns: this.#columns,
    };
    const [result] = await this.#pool.run(task);
    return result as ShareResult;
  }
}
