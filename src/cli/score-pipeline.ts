import * as fs from 'node:fs/promises';
import { type SharedJob, UsageError } from '../index.ts';
import { loadStage, PipelineModel, type ScoringModel, scoreLines, type TransformerOf } from '../pipelines/index.ts';
import { type ScoreOutput, writeScored } from './score-output.ts';
import { type RowOptions, rowStream } from './scored-rows.ts';
import { runContext, type StreamOptions } from './stream-command.ts';
import { parseSource } from './stream-source.ts';

export interface PipelineScoringOptions extends StreamOptions, RowOptions, Omit<ScoreOutput, 'checkpoint'> {
  readonly model: string;
  readonly watch?: boolean;
  readonly checkEvery?: string;
  readonly outputColumns?: readonly string[];
}

/** Scores a stream with the saved pipeline in a directory, or with the newest of a directory of versions. */
export async function scorePipeline(options: PipelineScoringOptions, sharedJob: SharedJob | undefined): Promise<void> {
  const { outputColumns: columns, checkEvery } = options;
  if (options.features !== undefined) {
    throw new UsageError('bad-option', '--features: a pipeline knows its columns itself; leave it out');
  }
  const model: ScoringModel = options.watch ? options.model : await loadedModel(options.model);
  const rows = await rowStream(await parseSource(options.source), { ...options, sharedJob });
  const batchDuration = options.batchDuration ?? (rows.isStored ? '1 ms' : '1 second');
  await runContext({ ...options, batchDuration }, async (context) => {
    const scored = await rows.through(context, (records, of) =>
      scoreLines(records, model, { rows: of, ...(columns && { columns }), ...(checkEvery && { checkEvery }) }),
    );
    writeScored(scored, options, sharedJob, rows.format);
  });
}

/** A fitted pipeline, or a fitted stage by itself. */
async function loadedModel(directory: string): Promise<PipelineModel> {
  const names = await fs.readdir(directory);
  const versions = names.filter((name) => /^\d+$/.test(name));
  if (!names.includes('metadata') && versions.length > 0) {
    throw new UsageError(
      'bad-option',
      `--model: ${directory} holds versions of a model (${versions.join(', ')}); name one of them, or add --watch for the newest`,
    );
  }
  const stage = await loadStage(directory);
  if (stage instanceof PipelineModel) return stage;
  if ('transform' in stage) return new PipelineModel({ stages: [stage as TransformerOf] });
  throw new UsageError(
    'wrong-type',
    `--model: ${directory} holds a ${stage.stageClass.name} that is not fitted; see millrace fit`,
  );
}
