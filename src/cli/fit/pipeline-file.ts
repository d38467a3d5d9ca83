import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../../index.ts';
import { describedPipeline, type Estimator, type Evaluator, Stage, type Transformer } from '../../pipelines/index.ts';

/** Something that can be fitted, copied with other parameters, and whose model can be saved. */
type Fittable = Stage & Estimator<Stage & Transformer>;

export interface PipelineFile {
  readonly estimator: Fittable;
  /** What judges the model; empty where the file leaves it open. */
  readonly evaluators: readonly (Stage & Evaluator)[];
}

/**
 * What a file says is to be fitted: a description in JSON, or a module whose export `pipeline`, or its default one, is an estimator, and whose
 * `evaluators`, if any, judge its model. Throws `UsageError` naming the file.
 */
export async function readPipelineFile(file: string): Promise<PipelineFile> {
  if (path.extname(file) === '.json') {
    const text = await fs.readFile(file, 'utf8').catch(notThere(file));
    const { pipeline, evaluators } = describedPipeline(text, file);
    return { estimator: pipeline, evaluators };
  }
  await fs.access(file).catch(notThere(file));
  const exported = await imported(file);
  const estimator = exported['pipeline'] ?? exported['default'];
  const { evaluators = [] } = exported;
  if (!isFittable(estimator)) {
    throw new UsageError(
      'wrong-type',
      `${file}: expected it to export a pipeline, or another estimator, as its default`,
    );
  }
  if (!(estimator instanceof Stage)) {
    const why = 'its pipeline is of another copy of millrace than this command';
    const how = 'make it an ES module (.mts, .mjs, or "type": "module" in package.json), and install millrace once';
    throw new UsageError('wrong-type', `${file}: ${why}; ${how}`);
  }
  if (!Array.isArray(evaluators) || !evaluators.every(isEvaluator)) {
    throw new UsageError('wrong-type', `${file}: expected evaluators to be a list of evaluators`);
  }
  return { estimator, evaluators };
}

async function imported(file: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(path.resolve(file)).href);
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_FILE_EXTENSION'
        ? `Node ${process.version} does not run ${path.extname(file) || 'such'} files: use Node 22.18 or later for .ts, or ` +
          "NODE_OPTIONS='--import tsx' with tsx installed, or write it as .mjs, .js or .json"
        : messageOf(cause);
    throw new UsageError('bad-option', `${file}: can't be loaded (${why})`, { cause });
  }
}

function notThere(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new UsageError('not-found', `fit: no readable file at ${file}; check the path`, { cause });
  };
}

function isFittable(value: unknown): value is Fittable {
  return has(value, 'fit') && has(value, 'copy') && has(value, 'transformSchema');
}

function isEvaluator(value: unknown): value is Stage & Evaluator {
  return has(value, 'evaluate') && has(value, 'copy');
}

function has(value: unknown, method: string): boolean {
  return typeof (value as Record<string, unknown> | null | undefined)?.[method] === 'function';
}
