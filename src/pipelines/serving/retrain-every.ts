import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Duration } from '../../batch/duration.ts';
import type { Row, Table } from '../../batch/table.ts';
import type { Evaluator } from '../../contracts/evaluator.ts';
import type { DStream } from '../../dstream/dstream.ts';
import { messageOf, UsageError } from '../../errors.ts';
import { syncDirectory } from '../../host/files.ts';
import type { Log } from '../../host/log.ts';
import { seededRandom } from '../../host/random.ts';
import { WorkerPool } from '../../host/worker-pool.ts';
import { loadStage } from '../load-stage.ts';
import { type Pipeline, PipelineModel } from '../pipeline.ts';
import { type RowStreamOptions, transformRows } from '../row-stream.ts';
import type { FitTask } from './fit-on-thread.ts';
import { ModelVersions } from './model-versions.ts';
import type { LoadedVersion } from './watched-model.ts';

/** Says how good a scored table is, as one figure: any `Evaluator`, or one that takes its time. */
export interface Judge extends Pick<Evaluator, 'isLargerBetter'> {
  evaluate(table: Table): number | Promise<number>;
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
  /** The share of the rows that is held back, by lot. Default 0.2. */
  readonly holdBack?: number;
  /** With fewer rows than this in the window, nothing is fitted. Default 100. */
  readonly minRows?: number;
}

/** A row, and whether models are judged by it rather than fitted on it. */
interface DrawnRow {
  readonly row: Row;
  readonly isHeldBack: boolean;
}

/**
 * Fits a pipeline again every `interval`, on the rows of a sliding window of the stream, on a thread; a model that is better than the
 * newest version on the rows held back becomes the next version. The lot of a row is drawn once, when it comes: no model that was fitted
 * here is ever judged by a row that it, or an older one, was fitted on. Batches go on meanwhile. While one is being fitted, no
 * other is begun. A fit that fails is said in the log, and the old version stays.
 *
 * The window is part of the checkpoint, so a program that starts again goes on with the rows of before and at the same times. A fit
 * that is under way when it ends is lost.
 */
export function retrainEvery(stream: DStream<Row>, interval: Duration, options: RetrainOptions): void {
  const { holdBack = 0.2 } = options;
  if (!(holdBack > 0 && holdBack < 1)) {
    throw new UsageError('bad-option', `retrainEvery: expected holdBack between 0 and 1, got ${holdBack}`);
  }
  const { log } = stream.context;
  const retraining = new Retraining(options, log);
  const drawn = stream.transform((rdd, time) => {
    const random = seededRandom(time); // the same where the batch is run again
    return rdd.map((row): DrawnRow => ({ row, isHeldBack: random.next() < holdBack }));
  });
  drawn.window(options.window, interval).foreachRDD((rdd) => retraining.begin(rdd.collect()));
  stream.context.graph.closeAtEnd(retraining);
}

class Retraining {
  readonly #options: RetrainOptions;
  readonly #versions: ModelVersions;
  readonly #log: Log;
  readonly #thread = new WorkerPool(new URL('./fit-on-thread.js', import.meta.url), 1);
  #fitting: Promise<void> | undefined;
  #closed = false;

  constructor(options: RetrainOptions, log: Log) {
    this.#options = options;
    this.#versions = new ModelVersions(options.directory);
    this.#log = log;
  }

  /** Begins to fit on these rows, and does not wait. */
  begin(rows: readonly DrawnRow[]): void {
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

  async #fit(rows: readonly DrawnRow[]): Promise<void> {
    const { directory, pipeline, schema } = this.#options;
    const side = (heldBack: boolean) => rows.flatMap(({ row, isHeldBack }) => (isHeldBack === heldBack ? [row] : []));
    const place = (name: string) => path.join(directory, name);
    const target = place('candidate');
    await fs.rm(target, { recursive: true, force: true }); // one that was not better, or whose program was killed
    await pipeline.save(place('pipeline'), { overwrite: true });
    const task: FitTask = { pipeline: place('pipeline'), rows: side(false), fields: schema?.fields, target };
    const [rejected] = await this.#thread.run(task);
    const left = rejected === 0 ? '' : `, without ${rejected} rows that it can't take`;
    const [candidate, old] = [await this.#load(target), await this.#newest()];
    const [is, was] = [await this.#judge(candidate, side(true)), old && (await this.#judged(old, side(true)))];
    if (!this.#isBetter(is, was)) {
      this.#log.info(`model ${directory}: version ${old!.version} stays, at ${was} against ${is} on rows held back`);
      return;
    }
    const next = await this.#versions.next();
    await fs.rename(target, this.#versions.pathOf(next));
    await syncDirectory(directory);
    this.#log.info(
      `model ${directory}: version ${next} is fitted${left}, at ${is} against ${was ?? 'none'} on rows held back`,
    );
  }

  /** The newest version that can be loaded; one that can't is passed over, as it is where models are watched. */
  async #newest(): Promise<LoadedVersion | undefined> {
    for (const version of await this.#versions.list()) {
      try {
        return { version, model: await this.#load(this.#versions.pathOf(version)) };
      } catch (error) {
        this.#log.warn(`model ${this.#versions.directory}: version ${version} is passed over (${messageOf(error)})`);
      }
    }
    return undefined;
  }

  #load(directory: string): Promise<PipelineModel> {
    return loadStage(directory, PipelineModel, { log: this.#log });
  }

  /** As `judge`, and NaN where the model can't take such rows at all. */
  #judged({ version, model }: LoadedVersion, rows: readonly Row[]): Promise<number> {
    return this.#judge(model, rows).catch((error) => {
      this.#log.warn(`model ${this.#versions.directory}: version ${version} can't be judged (${messageOf(error)})`);
      return Number.NaN;
    });
  }

  /** NaN where the model takes none of the rows. */
  async #judge(model: PipelineModel, rows: readonly Row[]): Promise<number> {
    const scored = await transformRows(model, rows, this.#options.schema, () => {});
    return scored === undefined ? Number.NaN : this.#options.evaluator.evaluate(scored);
  }

  #isBetter(is: number, was: number | undefined): boolean {
    if (Number.isNaN(is)) throw new UsageError('too-few-records', 'it takes none of the rows held back');
    if (was === undefined || Number.isNaN(was)) return true;
    return this.#options.evaluator.isLargerBetter ? is > was : is < was;
  }
}
