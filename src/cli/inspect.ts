import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import type { Command } from 'commander';
import {
  auditLooks,
  type ExperimentLog,
  experimentLogFromText,
  experimentLogsIn,
  loadLearner,
  readCheckpoint,
  UsageError,
} from '../index.ts';
import { checkpointText } from './inspect/checkpoint-text.ts';
import { experimentText } from './inspect/experiment-text.ts';
import { modelText } from './inspect/model-text.ts';

/** As `millrace abtest` ends where its figures can't be trusted. */
const DOES_NOT_FOLLOW = 4;

export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .summary('show what is in a checkpoint, a saved model or pipeline, or the log of an experiment')
    .description(
      'Show what is in a checkpoint directory, a saved model or pipeline, or the log that `millrace abtest --audit` wrote. Changes nothing. ' +
        'Of a pipeline: its stages, the parameters that are not the default ones, what was learned, and sizes. The looks of an experiment are made again from what they were made from; exit code 4 where one does not follow.',
    )
    .argument(
      '<path>',
      'a checkpoint directory, the file of a saved model, the directory of a pipeline or of its versions, or an .jsonl file of looks',
    )
    .option('--json', 'all of it, for machines')
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

async function inspect(place: string, { json }: { readonly json?: boolean }): Promise<void> {
  const stat = await fs.stat(place).catch(() => {
    throw new UsageError('not-found', `inspect: no file or directory at ${place}`);
  });
  const show = stat.isDirectory() ? ofDirectory : place.endsWith('.jsonl') ? experiment : model;
  process.stdout.write(`${await show(place, json)}\n`);
}

/** A saved pipeline, the newest of several versions of one, or a checkpoint. */
async function ofDirectory(directory: string, json = false): Promise<string> {
  const names = await fs.readdir(directory);
  if (names.includes('metadata')) return pipeline(directory, json);
  const versions = names.filter((name) => /^[1-9]\d*$/.test(name)).sort((a, b) => Number(b) - Number(a));
  return versions.length > 0 ? pipeline(path.join(directory, versions[0]!), json) : checkpoint(directory, json);
}

async function pipeline(directory: string, json: boolean): Promise<string> {
  const { inspectedPipeline } = await import('./inspect/inspected-pipeline.ts');
  return inspectedPipeline(directory, json);
}

async function checkpoint(directory: string, json = false): Promise<string> {
  const found = await readCheckpoint(directory);
  const experiments = Object.entries(experimentLogsIn(found.committed)).map(([id, log]) => audited(id, log));
  return json ? jsonOf(found) : [checkpointText(directory, found), ...experiments].join('\n\n');
}

async function experiment(file: string, json = false): Promise<string> {
  const log = experimentLogFromText(await fs.readFile(file, 'utf8'));
  return json ? jsonOf({ ...log, audit: auditLooks(log) }) : audited(file, log);
}

function audited(name: string, log: ExperimentLog): string {
  const audit = auditLooks(log);
  if (audit.wrong !== undefined) process.exitCode = DOES_NOT_FOLLOW;
  return experimentText(name, log, audit);
}

async function model(file: string, json = false): Promise<string> {
  const learner = await loadLearner(file);
  const { kind, width } = learner;
  return json
    ? jsonOf({ kind, features: width, params: learner.params(), state: learner.snapshot() })
    : modelText(file, learner);
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (part instanceof Float64Array ? Array.from(part) : part), 2);
}

const EXAMPLES = `
Examples:
  $ millrace train --model kmeans --k 3 --checkpoint clusters-checkpoint --save clusters.json \\
      --source 'generator:driftingClusters?rows=5000' --features x0,x1
  $ millrace inspect clusters-checkpoint
  $ millrace inspect clusters.json --json

  $ millrace fit examples/pipelines/late-flights.json --data datasets/flights/flights-50k.csv --output models/late/1
  $ millrace inspect models/late/1`;
