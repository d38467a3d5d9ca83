import { StateError } from '../errors.ts';
import { readNamedDirectory } from '../host/files.ts';
import { type Log, stderrLog } from '../host/log.ts';
import { SavedStage } from './saved/saved-stage.ts';
import type { Stage, StageClass } from './stage.ts';
import { STAGE_CLASSES } from './stage-classes.ts';

/** What Python's writer calls classes that Scala's calls otherwise. */
const ALIASES: Readonly<Record<string, string>> = {
  'pyspark.ml.pipeline.Pipeline': 'org.apache.spark.ml.Pipeline',
  'pyspark.ml.pipeline.PipelineModel': 'org.apache.spark.ml.PipelineModel',
};

const BY_NAME: ReadonlyMap<string, StageClass> = new Map(STAGE_CLASSES.map((type) => [type.className, type]));

/**
 * Loads a stage, a pipeline or a model that this or Spark 2.4 and later saved. Runs no code from the files.
 *
 *     const model = await loadStage('models/churn', PipelineModel);
 *
 * One that is being replaced meanwhile is read as it was before or as it is then, never in parts of both.
 *
 * `type`: the class that is expected; without one, any. `log`: where a parameter that is not known is mentioned.
 * Throws `UsageError` (`not-found`) where there is no saved model; `StateError` where its class is not known (`unknown-format`), or
 * another (`does-not-fit`), or its layout newer (`newer-format`), or where it is not as it was written (`damaged`).
 */
export async function loadStage<S extends Stage = Stage>(
  directory: string,
  type?: StageClass<S>,
  { log = stderrLog }: { readonly log?: Log } = {},
): Promise<S> {
  const stage = await readNamedDirectory(directory, 'saved model', (place) => read(place, log));
  if (type === undefined || stage.stageClass.className === type.className) return stage as S;
  throw new StateError(
    'does-not-fit',
    `saved model ${directory}: expected a ${type.name}, got a ${stage.stageClass.name}`,
  );
}

async function read(directory: string, log: Log): Promise<Stage> {
  const saved = await SavedStage.open(directory, log, read);
  const type = BY_NAME.get(ALIASES[saved.className] ?? saved.className);
  if (type === undefined) {
    throw new StateError('unknown-format', `saved model ${directory}: class ${saved.className} is not known`);
  }
  return type.restore(saved);
}
