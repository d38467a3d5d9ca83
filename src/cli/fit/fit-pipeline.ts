import * as fs from 'node:fs/promises';
import { messageOf, seededRandom, UsageError } from '../../index.ts';
import {
  type Field,
  joinedTables,
  type ParamPair,
  PipelineModel,
  readTable,
  Schema,
  type Stage,
  type Table,
  type TransformerOf,
} from '../../pipelines/index.ts';
import { stageTable } from '../inspect/pipeline-text.ts';
import { numberText, table } from '../inspect/plain-text.ts';
import { metricsOf, usualEvaluators } from './metrics.ts';
import { readPipelineFile } from './pipeline-file.ts';

export interface FitOptions {
  readonly data?: readonly string[];
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly holdout?: number;
  readonly label?: string;
  readonly seed?: number;
  readonly schema?: readonly Field[];
}

/** Of the rows that are held out, where no seed is given. */
const DEFAULT_SEED = 42;

/** Fits what a file says, saves it, and prints what it is and how good. */
export async function fitPipeline(file: string, options: FitOptions): Promise<void> {
  await checkOptions(options);
  const { output, overwrite = false, holdout, seed = DEFAULT_SEED } = options;
  const { estimator, evaluators } = await readPipelineFile(file);
  const rows = await rowsOf(options);
  const [fitted, heldOut] = holdout === undefined ? [rows, undefined] : split(rows, holdout, seed);
  const model = asPipeline(await withDefaults(estimator, options).fit(fitted));
  if (output !== undefined) await model.save(output, { overwrite });
  const heldBack = heldOut === undefined ? '' : `, ${rowsText(heldOut.rows)} held out`;
  const saved = output === undefined ? '' : `; saved to ${output}`;
  print([`fitted on ${rowsText(fitted.rows)}${heldBack}${saved}`, '', ...stageTable(model)]);
  if (heldOut === undefined) return;
  const scored = await model.transform(heldOut);
  const named = evaluators.map((each) => withDefaults(each, options));
  const metrics = metricsOf(named.length > 0 ? named : usualEvaluators(model, scored), scored);
  const lines = metrics.map(({ name, value }) => [name, numberText(value)]);
  print(['', ...table([['metric', `on ${rowsText(scored.rows)} held out`], ...lines])]);
}

/** Better to say it now than after an hour of fitting. */
async function checkOptions({ data, output, overwrite, holdout }: FitOptions): Promise<void> {
  if (data === undefined) throw new UsageError('bad-option', '--data: expected files of rows, got none');
  if (output === undefined && holdout === undefined) {
    const message = '--output: expected a directory for the model, or --holdout to judge it; got neither';
    throw new UsageError('bad-option', message);
  }
  if (output === undefined) return;
  const there = await fs.readdir(output).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new UsageError('io', `--output: expected a directory at ${output} (${messageOf(error)})`);
  });
  if (there.length === 0 || overwrite) return;
  throw new UsageError('io', `--output: ${output} is there already; add --overwrite to replace it`);
}

async function rowsOf({ data = [], schema }: FitOptions): Promise<Table> {
  const reading = schema && { schema: new Schema(schema) };
  return joinedTables(await Promise.all(data.map((path) => readTable(path, reading))));
}

/** The stage, and those in it, with the label and the seed that were given where they have none of their own. */
function withDefaults<S extends Stage>(stage: S, { label, seed }: FitOptions): S {
  return stage.copy(
    unset(stage, { ...(label !== undefined && { labelCol: label }), ...(seed !== undefined && { seed }) }),
  );
}

/** The parameters of a stage and of those in it that have one of these names, and no value of their own. */
function unset(stage: Stage, given: Readonly<Record<string, unknown>>): ParamPair[] {
  const { params } = stage.stageClass;
  const own = Object.entries(given)
    .filter(([name]) => name in params && !(name in stage.set))
    .map(([name, value]) => ({ parent: stage.uid, name, value }));
  return [...own, ...stage.savedStages().flatMap(([, inner]) => unset(inner, given))];
}

function split(rows: Table, share: number, seed: number): [fitted: Table, heldOut: Table] {
  const random = seededRandom(seed);
  const isHeldOut = Uint8Array.from({ length: rows.rows }, () => Number(random.next() < share));
  const parts: [Table, Table] = [rows.filter((i) => isHeldOut[i] === 0), rows.filter((i) => isHeldOut[i] === 1)];
  if (parts.every(({ rows: count }) => count > 0)) return parts;
  throw new UsageError('too-few-records', `--holdout: ${rows.rows} rows are too few to hold ${share} of them back`);
}

function asPipeline(model: Stage): PipelineModel {
  return model instanceof PipelineModel ? model : new PipelineModel({ stages: [model as TransformerOf] });
}

function rowsText(rows: number): string {
  return `${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'}`;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
