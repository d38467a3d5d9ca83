import { type Duration, toMilliseconds } from '../../batch/duration.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { Row, Table } from '../../batch/table.ts';
import type { Stateful } from '../../contracts/stateful.ts';
import { messageOf, StateError, UsageError } from '../../errors.ts';
import { type Clock, systemClock } from '../../host/clock.ts';
import { type Log, stderrLog } from '../../host/log.ts';
import { loadStage } from '../load-stage.ts';
import { PipelineModel } from '../pipeline.ts';
import { type RowStreamOptions, transformRows } from '../row-stream.ts';
import { ModelVersions } from './model-versions.ts';

/** The rows of a batch that a new version is tried on, where no sample was given. */
const SAMPLE_ROWS = 100;

export interface WatchedModelOptions extends RowStreamOptions {
  /** How often the directory is looked at, at most once a batch. Default 10 seconds. */
  readonly checkEvery?: Duration;
  /** Rows that a new version must take before it is used. Default: the first 100 of the batch before. */
  readonly sample?: readonly Row[];
  /** Said of a new version's result for the sample: throws, or gives false, where it must not be used. */
  readonly accept?: (scored: Table) => boolean | Promise<boolean>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** A version of the model that is loaded. */
export interface LoadedVersion {
  readonly version: number;
  readonly model: PipelineModel;
}

/**
 * The newest model of a directory of versions, while newer ones come: a new one is loaded beside the one in use, tried on a
 * sample, and takes over between two batches. One that can't be loaded, can't take the sample, or gives other columns is refused
 * for good, said in the log, and the old one stays.
 *
 * Each batch's commit says which version the next batch uses, so a batch that is run again after a crash uses the same one, and no batch
 * an older one than the batch before. Only the very first batch has no commit before it: where it is run again, it uses the newest version
 * that is there by then.
 */
export class WatchedModel implements Stateful {
  readonly #versions: ModelVersions;
  readonly #options: WatchedModelOptions;
  readonly #checkEveryMs: number;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #refused = new Set<number>();
  /** The version that the next batch uses; 0 for the newest that is there. */
  #version = 0;
  #inUse: LoadedVersion | undefined;
  /** A newer one, tried, which takes over when a commit says so. */
  #next: LoadedVersion | undefined;
  #looking: Promise<void> = Promise.resolve();
  #lookAgainAtMs = Number.NEGATIVE_INFINITY;

  /** `directory`: of versions, each a saved `PipelineModel` in a folder named by its number. */
  constructor(directory: string, options: WatchedModelOptions = {}) {
    this.#versions = new ModelVersions(directory);
    this.#options = options;
    this.#checkEveryMs = toMilliseconds(options.checkEvery ?? '10 seconds', 'checkEvery');
    this.#clock = options.clock ?? systemClock;
    this.#log = options.log ?? stderrLog;
  }

  /**
   * The version for a batch, the same for all of it. Begins to look for a newer one where it is time; the batch does not wait.
   * `firstRows`: gives some rows of the batch, to try a new version on. Throws `UsageError` (`not-found`) where there is none at the
   * start, `StateError` where neither the committed one nor a newer one is there.
   */
  async forBatch(firstRows: (atMost: number) => readonly Row[]): Promise<LoadedVersion> {
    const used = await this.#required();
    if (this.#inUse !== undefined && used !== this.#inUse)
      this.#log.info(`model ${this.#versions.directory}: version ${used.version} takes over`);
    this.#inUse = used;
    if (this.#next === used) this.#next = undefined;
    if (this.#clock.monotonicMs() >= this.#lookAgainAtMs)
      this.#beginToLook(this.#options.sample ?? firstRows(SAMPLE_ROWS));
    this.#version = (this.#next ?? used).version;
    return used;
  }

  snapshot(): SnapshotRecord {
    return { version: this.#version };
  }

  restore({ version }: SnapshotRecord): void {
    if (typeof version !== 'number') throw new StateError('does-not-fit', 'WatchedModel: expected a saved version');
    this.#version = version;
  }

  metrics(): Readonly<Record<string, number>> {
    return { version: this.#inUse?.version ?? 0 };
  }

  /** The version that the commit before says; where it can't be loaded, the newest after it. */
  async #required(): Promise<LoadedVersion> {
    const held = [this.#inUse, this.#next].find((each) => each?.version === this.#version);
    if (held !== undefined) return held;
    if (this.#version === 0) return this.#inUse ?? this.#newest();
    return this.#load(this.#version).catch(async (error) => {
      this.#log.warn(
        `model ${this.#versions.directory}: version ${this.#version}, which the checkpoint goes on with, can't be loaded (${messageOf(error)})`,
      );
      return this.#newest();
    });
  }

  /** The newest that can be loaded, and is no older than the committed one. */
  async #newest(): Promise<LoadedVersion> {
    const { directory } = this.#versions;
    const versions = await this.#versions.list();
    let failure: unknown;
    for (const version of versions.filter((each) => each >= this.#version)) {
      try {
        return await this.#load(version);
      } catch (error) {
        this.#refuse(version, error);
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    if (this.#version === 0)
      throw new UsageError('not-found', `model ${directory}: expected a version such as 1, found none`);
    const there = versions.join(', ') || 'none';
    throw new StateError(
      'does-not-fit',
      `model ${directory}: the checkpoint says version ${this.#version}, and there is none from that on (there are: ${there})`,
    );
  }

  /** Where there is no row to try a version on, it waits for a batch that has some. */
  #beginToLook(sample: readonly Row[]): void {
    if (sample.length === 0) return;
    this.#lookAgainAtMs = this.#clock.monotonicMs() + this.#checkEveryMs;
    this.#looking = this.#looking.then(() => this.#look(sample));
  }

  /** Looks for the newest version that is newer than the one in use, and tries it. */
  async #look(sample: readonly Row[]): Promise<void> {
    const inUse = this.#next ?? this.#inUse!;
    const versions = await this.#versions.list().catch((error) => {
      this.#log.warn(`model ${this.#versions.directory}: can't be looked at (${messageOf(error)}); the old one stays`);
      return [];
    });
    for (const version of versions) {
      if (version <= inUse.version || this.#refused.has(version)) continue;
      try {
        const loaded = await this.#load(version);
        await this.#try(loaded.model, inUse.model, sample);
        this.#next = loaded;
        return;
      } catch (error) {
        this.#refuse(version, error);
      }
    }
  }

  async #load(version: number): Promise<LoadedVersion> {
    const model = await loadStage(this.#versions.pathOf(version), PipelineModel, { log: this.#log });
    return { version, model };
  }

  /** Throws where the new model must not take the place of the old one. */
  async #try(model: PipelineModel, old: PipelineModel, sample: readonly Row[]): Promise<void> {
    const [wanted, scored] = [await this.#scored(old, sample), await this.#scored(model, sample)];
    if (wanted === undefined) return; // none of the sample is any good
    const rows = scored?.rows ?? 0;
    if (rows < wanted.rows) throw doesNotFit(`it takes ${rows} rows of the sample, the one in use ${wanted.rows}`);
    const missing = wanted.schema.names.filter((name) => !scored!.schema.names.includes(name));
    if (missing.length > 0) throw doesNotFit(`it gives no column ${missing.join(', ')}, as the one in use does`);
    const accepted = (await this.#options.accept?.(scored!)) ?? true;
    if (!accepted) throw doesNotFit('what it makes of the sample is not accepted');
  }

  #scored(model: PipelineModel, sample: readonly Row[]): Promise<Table | undefined> {
    return transformRows(model, sample, this.#options.schema, () => {});
  }

  #refuse(version: number, error: unknown): void {
    this.#refused.add(version);
    this.#log.warn(`model ${this.#versions.directory}: version ${version} is refused (${messageOf(error)})`);
  }
}

function doesNotFit(message: string): StateError {
  return new StateError('does-not-fit', message);
}
