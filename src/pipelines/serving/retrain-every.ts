import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Duration } from '../../batch/duration.ts';
import type { Row, Table } from '../../batch/table.ts';
import type { DStream } from '../../dstream/dstream.ts';
import { messageOf, UsageError } from '../../errors.ts';
import { syncDirectory } from '../../host/files.ts';
import type { Log } from '../../host/log.ts';
import { WorkerPool } from '../../host/worker-pool.ts';
import { loadStage } from '../load-stage.ts';
import { type Pipeline, PipelineModel } from '../pipeline.ts';
import { type RowStreamOptions, transformRows } from '../row-stream.ts';
import type { FitTask } from './fit-on-thread.ts';
import { ModelVersions } from './model-versions.ts';

/** Says how good a scored table is, as one figure. */
export interface Judge {
  evaluate(table: Table): number | Promise<number>;
  isLargerBetter(): boolean;
}

export interface RetrainOptions extends RowStreamOptions {
  /** What is fitted, each time from the beginning. */
  readonly pipeline: Pipeline;
  /** Where versions are saved, each in a folder named by its number: what `scoreWithVersions` watches. */
  readonly directory: string;
  /** How far back the rows reach: a multiple of the stream's slide, as of `window`. */
  readonly window: Duration;
  /** How the new model and the newest version are compared, on rows that were held back. */
  readonly evaluator: Judge;
  /** The share of the rows that is held back, evenly spread. Default 0.2. */
  readonly holdBack?: number;
  /** With fewer rows than this in the window, nothing is fitted. Default 100. */
  readonly minRows?: number;
}

/**
 * Fits a pipeline again every `interval`, on the rows of a sliding window of the stream, on a thread; a model that is better than the
 * newest version on rows that neither has seen in fitting becomes the next version. Batches go on meanwhile. While one is being fitted, no
 * other is begun. A fit that fails is said in the log, and the old version stays.
 */
export function retrainEvery(stream: DStream<Row>, interval: Duration, options: RetrainOptions): void {
  const { holdBack = 0.2 } = options;
  if (!(holdBack > 0 && holdBack < 1)) {
    throw new UsageError('bad-option', `retrainEvery: expected holdBack between 0 and 1, got ${holdBack}`);
  }
  const { log } = stream.context;
  const retraining = new Retraining({ ...options, holdBack }, log);
  stream.window(options.window, interval).foreachRDD((rdd) => retraining.begin(rdd.collect()));
  stream.context.graph.closeAtEnd(retraining);
}

class Retraining {
  readonly #options: RetrainOptions & { readonly holdBack: number };
  readonly #versions: ModelVersions;
  readonly #log: Log;
  readonly #thread = new WorkerPool(new URL('./fit-on-thread.js', import.meta.url), 1);
  #fitting: Promise<void> | undefined;
  #closed = false;

  constructor(options: RetrainOptions & { readonly holdBack: number }, log: Log) {
    this.#options = options;
    this.#versions = new ModelVersions(options.directory);
    this.#log = log;
  }

  /** Begins to fit on these rows, and does not wait. */
  begin(rows: readonly Row[]): void {
    const { minRows = 100, directory } = this.#options;
    if (rows.length < minRows) return;
    if (this.#fitting !== undefined) {
      this.#log.info(`model ${directory}: still being fitted, so not fitted anew this time`);
      return;
    }
    this.#fitting = this.#fit(rows)
      .catch((error) => {
        if (!this.#closed)
          this.#log.warn(`model ${directory}: can't be fitted anew (${messageOf(error)}); the old one stays`);
      })
      .finally(() => {
        this.#fitting = undefined;
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread.close();
    await this.#fitting;
  }

  async #fit(rows: readonly Row[]): Promise<void> {
    const { directory, pipeline, holdBack, schema } = this.#options;
    const [fitted, heldBack] = split(rows, holdBack);
    const place = (name: string) => path.join(directory, name);
    await pipeline.save(place('pipeline'), { overwrite: true });
    const target = place('candidate');
    const task: FitTask = { pipeline: place('pipeline'), rows: fitted, fields: schema?.fields, target };
    await this.#thread.run(task);
    const candidate = await loadStage(target, PipelineModel, { log: this.#log });
    const [newest] = await this.#versions.list();
    const old = newest === undefined ? undefined : await loadStage(this.#versions.pathOf(newest), PipelineModel);
    const [is, was] = [await this.#judge(candidate, heldBack), old && (await this.#judge(old, heldBack))];
    if (!this.#isBetter(is, was)) {
      this.#log.info(`model ${directory}: version ${newest} stays, at ${was} against ${is} on rows held back`);
      return;
    }
    const next = await this.#versions.next();
    await fs.rename(target, this.#versions.pathOf(next));
    await syncDirectory(directory);
    this.#log.info(
      `model ${directory}: version ${next} is fitted, at ${is} against ${was ?? 'none'} on rows held back`,
    );
  }

  /** NaN where the model takes none of the rows. */
  async #judge(model: PipelineModel, rows: readonly Row[]): Promise<number> {
    const scored = await transformRows(model, rows, this.#options.schema, () => {});
    return scored === undefined ? Number.NaN : this.#options.evaluator.evaluate(scored);
  }

  #isBetter(is: number, was: number | undefined): boolean {
    if (Number.isNaN(is)) return false;
    if (was === undefined || Number.isNaN(was)) return true;
    return this.#options.evaluator.isLargerBetter() ? is > was : is < was;
  }
}

/** The rows to fit on, and those held back, evenly spread. */
function split(rows: readonly Row[], share: number): [fitted: Row[], heldBack: Row[]] {
  const [fitted, heldBack]: [Row[], Row[]] = [[], []];
  for (const [i, row] of rows.entries()) {
    const isHeldBack = Math.floor((i + 1) * share) > Math.floor(i * share);
    (isHeldBack ? heldBack : fitted).push(row);
  }
  return [fitted, heldBack];
}
