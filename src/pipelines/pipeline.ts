import type { Schema } from '../batch/schema.ts';
import type { Row, Table } from '../batch/table.ts';
import type { Estimator } from '../contracts/estimator.ts';
import type { Transformer } from '../contracts/transformer.ts';
import { DStream } from '../dstream/dstream.ts';
import { excerpt, UsageError } from '../errors.ts';
import { type TransformStreamOptions, transformStream } from './row-stream.ts';
import type { SavedStage } from './saved/saved-stage.ts';
import { type ParamMap, Stage } from './stage.ts';

/** A stage that has something to learn. */
export type EstimatorOf = Stage & Estimator<Stage & Transformer>;

/** A stage that has not. */
export type TransformerOf = Stage & Transformer;

/** A stage's place in a pipeline: an estimator, or a transformer. */
export type PipelineStage = EstimatorOf | TransformerOf;

/**
 * Stages one after another. To fit it is to fit each estimator on what the stages before it make of the table.
 *
 * `stages`: any number; none is the identity. Throws `UsageError` (`duplicate-id`) where a stage occurs twice.
 * Source: Apache Spark, Pipeline (spark.ml).
 */
export class Pipeline extends Stage implements Estimator<PipelineModel> {
  static readonly className = 'org.apache.spark.ml.Pipeline';
  static readonly params = {};
  readonly stages: readonly PipelineStage[];

  constructor({ stages = [] }: { readonly stages?: readonly PipelineStage[] } = {}, uid?: string) {
    super({}, uid);
    this.stages = checkedStages(this.uid, stages);
  }

  static override async restore(saved: SavedStage): Promise<Pipeline> {
    return new Pipeline({ stages: (await innerStages(saved)) as PipelineStage[] }, saved.uid);
  }

  transformSchema(schema: Schema): Schema {
    return schemaThrough(this.stages, schema);
  }

  /** Stages after the last estimator are taken over as they are. The schema is checked through all stages first. */
  async fit(table: Table): Promise<PipelineModel> {
    this.transformSchema(table.schema);
    const last = this.stages.findLastIndex(isEstimator);
    const fitted: TransformerOf[] = [];
    let current = table;
    for (const [i, stage] of this.stages.entries()) {
      const transformer = isEstimator(stage) ? await stage.fit(current) : stage;
      fitted.push(transformer);
      if (i < last) current = await transformer.transform(current);
    }
    return new PipelineModel({ stages: fitted }, this.uid);
  }

  protected override remade(_options: object, extra: ParamMap): this {
    return new Pipeline({ stages: this.stages.map((stage) => stage.copy(extra)) }, this.uid) as this;
  }

  override savedParams(): Readonly<Record<string, string>> {
    return { stageUids: JSON.stringify(this.stages.map(({ uid }) => uid)) };
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    return foldersOf(this.stages);
  }
}

/** A fitted pipeline: transformers one after another. */
export class PipelineModel extends Stage implements Transformer {
  static readonly className = 'org.apache.spark.ml.PipelineModel';
  static readonly params = {};
  readonly stages: readonly TransformerOf[];

  constructor({ stages }: { readonly stages: readonly TransformerOf[] }, uid?: string) {
    super({}, uid);
    this.stages = checkedStages(this.uid, stages);
  }

  static override async restore(saved: SavedStage): Promise<PipelineModel> {
    const stages = await innerStages(saved);
    const estimator = stages.find((stage) => !('transform' in stage));
    if (estimator !== undefined) throw saved.damaged('fitted stages', estimator.stageClass.className);
    return new PipelineModel({ stages: stages as TransformerOf[] }, saved.uid);
  }

  transformSchema(schema: Schema): Schema {
    return schemaThrough(this.stages, schema);
  }

  /** The schema is checked through all stages before the first one sees data. */
  transform(table: Table): Promise<Table>;
  /**
   * Of each batch of rows, what the stages make of it: the same rows with more columns; of a stream of tables, tables with more columns, which is
   * several times as fast. A row that a stage can't take, and has no parameter to say what to do with, is a bad record.
   */
  transform(stream: DStream<Table>, options?: TransformStreamOptions): DStream<Table>;
  transform(stream: DStream<Row>, options?: TransformStreamOptions): DStream<Row>;
  transform(
    data: Table | DStream<Table> | DStream<Row>,
    options?: TransformStreamOptions,
  ): Promise<Table> | DStream<Table> | DStream<Row> {
    return data instanceof DStream ? transformStream(this, data as DStream<Row>, options) : this.#transformTable(data);
  }

  async #transformTable(table: Table): Promise<Table> {
    this.transformSchema(table.schema);
    let current = table;
    for (const stage of this.stages) current = await stage.transform(current);
    return current;
  }

  protected override remade(_options: object, extra: ParamMap): this {
    return new PipelineModel({ stages: this.stages.map((stage) => stage.copy(extra)) }, this.uid) as this;
  }

  override savedParams(): Readonly<Record<string, string>> {
    return { stageUids: JSON.stringify(this.stages.map(({ uid }) => uid)) };
  }

  override savedStages(): readonly (readonly [string, Stage])[] {
    return foldersOf(this.stages);
  }
}

function isEstimator(stage: PipelineStage): stage is EstimatorOf {
  return 'fit' in stage;
}

function checkedStages<S extends Stage>(uid: string, stages: readonly S[]): readonly S[] {
  for (const stage of stages) {
    if (stage instanceof Stage && ('fit' in stage || 'transform' in stage)) continue;
    throw new UsageError('wrong-type', `${uid}: expected an estimator or a transformer, got ${excerpt(stage)}`);
  }
  const uids = new Set(stages.map((stage) => stage.uid));
  if (uids.size === stages.length) return stages;
  throw new UsageError('duplicate-id', `${uid}: cannot have duplicate components in a pipeline; make another stage`);
}

function schemaThrough(stages: readonly PipelineStage[], schema: Schema): Schema {
  return stages.reduce((current, stage) => stage.transformSchema(current), schema);
}

function foldersOf(stages: readonly Stage[]): [string, Stage][] {
  const uids = stages.map(({ uid }) => uid);
  return stages.map((stage, i) => [folderOf(uids, i), stage]);
}

/** The number of a stage has as many digits as the number of stages. */
function folderOf(uids: readonly string[], i: number): string {
  return `stages/${String(i).padStart(String(uids.length).length, '0')}_${uids[i]}`;
}

async function innerStages(saved: SavedStage): Promise<Stage[]> {
  const { stageUids: uids } = saved.paramMap;
  const areUids = Array.isArray(uids) && uids.every((uid) => typeof uid === 'string' && !/[/\\\0]/.test(uid));
  if (!areUids) throw saved.damaged('uids of stages', uids);
  const stages: Stage[] = [];
  for (const i of uids.keys()) stages.push(await saved.stage(folderOf(uids as string[], i)));
  return stages;
}
