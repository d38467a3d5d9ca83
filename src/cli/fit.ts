import * as fs from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { seededRandom, UsageError } from '../index.ts';
import {
  joinedTables,
  type ParamPair,
  PipelineModel,
  readTable,
  type Schema,
  type Stage,
  type Table,
  type TransformerOf,
} from '../pipelines/index.ts';
import { metricsOf, usualEvaluators } from './fit/metrics.ts';
import { readPipelineFile } from './fit/pipeline-file.ts';
import { stageTable } from './inspect/pipeline-text.ts';
import { numberText, table } from './inspect/plain-text.ts';
import { finiteNumber, wholeNumber } from './option-values.ts';
import { schemaOf } from './schema-option.ts';

interface FitOptions {
  readonly data?: readonly string[];
  readonly output?: string;
  readonly overwrite?: boolean;
  readonly holdout?: number;
  readonly label?: string;
  readonly seed?: number;
  readonly schema?: Schema;
}

/** Of the rows that are held out, where no seed is given. */
const DEFAULT_SEED = 42;

export function registerFit(program: Command): void {
  program
    .command('fit')
    .summary('fit a pipeline on stored data, and save it')
    .description(
      'Fit a pipeline on stored data, and save it as Spark does: `millrace score` and Spark load it. The pipeline is a description in JSON, ' +
        'or a module that exports it; docs/how-to/fit-and-score.md tells how to write one.',
    )
    .argument('<pipeline>', 'the pipeline: .json, .mjs, .js, or .ts where Node runs it')
    .option('--data <path...>', 'files of CSV, JSON lines, Parquet or Arrow, or directories of such files')
    .option('--output <directory>', 'where the model goes')
    .option('--overwrite', 'replace the model that is there')
    .option('--holdout <share>', 'hold this share of the rows back, by lot, and judge the model on them', shareOf)
    .option('--label <name>', 'the column to be predicted, for stages that do not name one')
    .option('--seed <n>', 'seed of the lot, and of stages that do not name one', wholeNumber)
    .option('--schema <columns>', "types of the columns of CSV and JSON, 'delay double, origin string'", schemaOf)
    .addHelpText('after', EXAMPLES)
    .action(fit);
}

async function fit(file: string, options: FitOptions): Promise<void> {
  const { data, output, overwrite = false, holdout, label, seed } = options;
  if (data === undefined) throw new UsageError('bad-option', '--data: expected files of rows, got none');
  if (output === undefined && holdout === undefined) {
    throw new UsageError(
      'bad-option',
      '--output: expected a directory for the model, or --holdout to judge it; got neither',
    );
  }
  if (output !== undefined) await checkOutput(output, overwrite);
  const { estimator, evaluators } = await readPipelineFile(file);
  const given = { ...(label !== undefined && { labelCol: label }), ...(seed !== undefined && { seed }) };
  const rows = joinedTables(
    await Promise.all(data.map((path) => readTable(path, options.schema && { schema: options.schema }))),
  );
  const [fitted, heldOut] = holdout === undefined ? [rows, undefined] : split(rows, holdout, seed ?? DEFAULT_SEED);
  const model = asPipeline(await estimator.copy(unset(estimator, given)).fit(fitted));
  if (output !== undefined) await model.save(output, { overwrite });
  const counted = `${rowsText(fitted.rows)}${heldOut === undefined ? '' : `, ${rowsText(heldOut.rows)} held out`}`;
  print([`fitted on ${counted}${output === undefined ? '' : `; saved to ${output}`}`, '', ...stageTable(model)]);
  if (heldOut === undefined) return;
  const scored = await model.transform(heldOut);
  const judges =
    evaluators.length > 0 ? evaluators.map((each) => each.copy(unset(each, given))) : usualEvaluators(model, scored);
  const metrics = metricsOf(judges, scored).map(({ name, value }) => [name, numberText(value)]);
  print(['', ...table([['metric', `on ${rowsText(scored.rows)} held out`], ...metrics])]);
}

/** Better to say it now than after an hour of fitting. */
async function checkOutput(output: string, overwrite: boolean): Promise<void> {
  const names = await fs.readdir(output).catch(() => []);
  if (names.length === 0 || overwrite) return;
  throw new UsageError('io', `--output: ${output} is there already; add --overwrite to replace it`);
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

/** `0.2`, as commander parses it. */
function shareOf(text: string): number {
  const share = finiteNumber(text);
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('Expected a share between 0 and 1.');
  return share;
}

function rowsText(rows: number): string {
  return `${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'}`;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const EXAMPLES = `
Examples:
  $ millrace fit examples/pipelines/late-flights.json --data datasets/flights/flights-50k.csv --holdout 0.2 --output models/late/1

  $ millrace fit examples/pipelines/flight-delays.mjs --data datasets/flights/flights-50k.csv --label delay --seed 7 \\
      --output models/delays --overwrite
  $ millrace inspect models/delays`;
