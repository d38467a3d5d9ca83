import * as fs from 'node:fs/promises';
import type { Command } from 'commander';
import { loadLearner, readCheckpoint, UsageError } from '../index.ts';
import { checkpointText } from './inspect/checkpoint-text.ts';
import { modelText } from './inspect/model-text.ts';

export function registerInspect(program: Command): void {
  program
    .command('inspect')
    .summary('show what is in a checkpoint or a saved model')
    .description('Show what is in a checkpoint directory or a saved model. Changes nothing.')
    .argument('<path>', 'a checkpoint directory, or the file of a saved model')
    .option('--json', 'all of it, for machines')
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

async function inspect(path: string, { json }: { readonly json?: boolean }): Promise<void> {
  const stat = await fs.stat(path).catch(() => {
    throw new UsageError('not-found', `inspect: no file or directory at ${path}`);
  });
  process.stdout.write(`${stat.isDirectory() ? await checkpoint(path, json) : await model(path, json)}\n`);
}

async function checkpoint(directory: string, json = false): Promise<string> {
  const found = await readCheckpoint(directory);
  return json ? jsonOf(found) : checkpointText(directory, found);
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
  $ millrace inspect clusters.json --json`;
