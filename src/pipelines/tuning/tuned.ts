/** What cross-validation and a split have in common: an estimator, an evaluator, and settings to choose from. */
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { DataError, UsageError } from '../../errors.ts';
import { EvaluatorStage } from '../evaluation/evaluator-stage.ts';
import { paramFromJson } from '../params/param.ts';
import type { EstimatorOf, TransformerOf } from '../pipeline.ts';
import { type JsonValue, parseJson } from '../saved/json-text.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import type { ParamMap, Stage } from '../stage.ts';

export interface Tuned {
  readonly estimator: EstimatorOf;
  readonly evaluator: EvaluatorStage;
  /** Settings of the estimator, or of stages in it; at least one. */
  readonly estimatorParamMaps: readonly ParamMap[];
}

/** Throws `UsageError` (`bad-option`) for no settings, or for one of a stage that is not there. */
export function requireSettings(who: string, { estimator, evaluator, estimatorParamMaps }: Tuned): void {
  if (estimatorParamMaps.length === 0) {
    throw new UsageError('bad-option', `${who}: estimatorParamMaps: expected at least one, got none`);
  }
  const known = stagesByUid([estimator, evaluator]);
  for (const { parent, name } of estimatorParamMaps.flat()) {
    if (known.has(parent)) continue;
    throw new UsageError('bad-option', `${who}: parameter ${name} is of ${parent}, which is no stage of the estimator`);
  }
}

/** The same with other values of some parameters. */
export function tunedWith({ estimator, evaluator, estimatorParamMaps }: Tuned, extra: ParamMap): Tuned {
  return { estimator: estimator.copy(extra), evaluator: evaluator.copy(extra), estimatorParamMaps };
}

/** The schema of the models, the same for all settings. */
export function tunedSchema({ estimator, estimatorParamMaps }: Tuned, schema: Schema): Schema {
  const schemas = estimatorParamMaps.map((map) => estimator.copy(map).transformSchema(schema));
  return schemas[0]!;
}

export interface Trial {
  readonly metric: number;
  readonly model: TransformerOf;
}

/** Fits with some settings, and judges the model on rows that it has not seen. */
export async function trial(
  { estimator, evaluator }: Tuned,
  map: ParamMap,
  training: Table,
  heldBack: Table,
): Promise<Trial> {
  const model = (await estimator.copy(map).fit(training)) as TransformerOf;
  const scored = await model.copy(map).transform(heldBack);
  return { metric: evaluator.copy(map).evaluate(scored), model };
}

/** Fits on all rows with the settings whose metric is the best; NaN is worse than any number. */
export async function bestModel(
  who: string,
  tuned: Tuned,
  table: Table,
  metrics: readonly number[],
): Promise<TransformerOf> {
  const { estimator, evaluator, estimatorParamMaps } = tuned;
  let best: number | undefined;
  metrics.forEach((metric, at) => {
    if (Number.isNaN(metric)) return;
    const isBetter =
      best === undefined || (evaluator.isLargerBetter ? metric > metrics[best]! : metric < metrics[best]!);
    if (isBetter) best = at;
  });
  if (best === undefined) throw new DataError('not-finite', `${who}: no settings gave a metric that is a number`);
  return (await estimator.copy(estimatorParamMaps[best]!).fit(table)) as TransformerOf;
}

/** All parameters as JSON texts, defaults too: Spark asks for them among those that were set. */
export function tunedParams(stage: Stage, tuned: Tuned): Readonly<Record<string, string>> {
  const all = Object.entries(stage.stageClass.params).map(([name, param]) => [name, param.toJson(stage.get(name))]);
  return { ...Object.fromEntries(all), estimatorParamMaps: settingsToJson(tuned) };
}

/** The settings as JSON, as Spark has them. */
function settingsToJson({ estimator, evaluator, estimatorParamMaps }: Tuned): string {
  const known = stagesByUid([estimator, evaluator]);
  const maps = estimatorParamMaps.map((map) =>
    map.map(({ parent, name, value }) => ({
      parent,
      name,
      value: known.get(parent)!.stageClass.params[name]!.toJson(value),
      isJson: 'true',
    })),
  );
  return JSON.stringify(maps);
}

/** Throws `StateError` (`damaged`). */
export async function restoredTuned(saved: SavedStage): Promise<Tuned> {
  const [estimator, evaluator] = [await saved.stage('estimator'), await saved.stage('evaluator')];
  if (!('fit' in estimator)) throw saved.damaged('an estimator', estimator.stageClass.className);
  if (!(evaluator instanceof EvaluatorStage)) throw saved.damaged('an evaluator', evaluator.stageClass.className);
  const known = stagesByUid([estimator, evaluator]);
  const maps = saved.paramMap['estimatorParamMaps'];
  if (!Array.isArray(maps) || maps.length === 0) throw saved.damaged('estimatorParamMaps', maps);
  const estimatorParamMaps = maps.map((map) => {
    if (!Array.isArray(map)) throw saved.damaged('a list of settings', map);
    return map.map((pair) => restoredPair(saved, known, pair));
  });
  return { estimator: estimator as EstimatorOf, evaluator, estimatorParamMaps };
}

/** A list of numbers that the metadata has under a name. Throws `StateError` (`damaged`). */
export function restoredMetrics(saved: SavedStage, name: string): number[] {
  const metrics = saved.metadata[name];
  if (Array.isArray(metrics) && metrics.every((each) => typeof each === 'number')) return metrics;
  throw saved.damaged(`${name}, a list of numbers`, metrics ?? null);
}

function restoredPair(saved: SavedStage, known: ReadonlyMap<string, Stage>, pair: JsonValue) {
  const { parent, name, value, isJson } = (pair ?? {}) as Record<string, JsonValue>;
  const stage = typeof parent === 'string' ? known.get(parent) : undefined;
  const params = stage?.stageClass.params ?? {};
  const param = typeof name === 'string' && Object.hasOwn(params, name) ? params[name] : undefined;
  if (param === undefined || typeof value !== 'string' || String(isJson ?? true) !== 'true') {
    throw saved.damaged('a parameter of a stage of the estimator', pair);
  }
  try {
    return {
      parent: parent as string,
      name: name as string,
      value: paramFromJson(param, name as string, parseJson(value), saved.directory),
    };
  } catch (error) {
    if (error instanceof SyntaxError) throw saved.damaged('JSON', value);
    throw error;
  }
}

/** The stages, and all those in them. */
export function stagesByUid(stages: readonly Stage[]): Map<string, Stage> {
  const byUid = new Map<string, Stage>();
  const add = (stage: Stage) => {
    byUid.set(stage.uid, stage);
    for (const [, inner] of stage.savedStages()) add(inner);
  };
  stages.forEach(add);
  return byUid;
}
