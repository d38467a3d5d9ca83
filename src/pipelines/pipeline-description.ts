import type { Evaluator } from '../contracts/evaluator.ts';
import { excerpt, UsageError } from '../errors.ts';
import { fieldsAt, inPlace, type JsonFields, jsonOfText, listAt, uidAt, wrong } from './described-json.ts';
import { EvaluatorStage } from './evaluation/evaluator-stage.ts';
import type { Params } from './params/param.ts';
import { type EstimatorOf, Pipeline, type PipelineStage } from './pipeline.ts';
import type { JsonValue } from './saved/json-text.ts';
import { type ParamMap, Stage, type StageClass } from './stage.ts';
import { STAGE_CLASSES } from './stage-classes.ts';
import { CrossValidator } from './tuning/cross-validator.ts';
import { ParamGridBuilder } from './tuning/param-grid-builder.ts';
import { TrainValidationSplit } from './tuning/train-validation-split.ts';
import { stagesByUid, type Tuned } from './tuning/tuned.ts';

/** What a description says: what is to be fitted, and what judges it. */
export interface DescribedPipeline {
  readonly pipeline: Pipeline;
  /** Those that were named; none where the description leaves them to whoever fits it. */
  readonly evaluators: readonly (Stage & Evaluator)[];
}

/** Makes a stage from its parameters alone. */
type StageFromParams = StageClass & (new (options: object, uid: string) => Stage);

/** The classes that are made from their parameters alone, by their names. */
const BY_NAME: ReadonlyMap<string, StageFromParams> = new Map(
  STAGE_CLASSES.filter((type) => type.restore === Stage.restore).map((type) => [type.name, type as StageFromParams]),
);

/** The classes that choose settings of an estimator, by their names. */
const TUNERS: Readonly<Record<string, StageClass & (new (options: Tuned, uid: string) => EstimatorOf)>> = {
  CrossValidator,
  TrainValidationSplit,
};

/**
 * The pipeline that a JSON text describes: its stages in order, each by its class and the parameters that are not to be as they are by
 * default, by the names that they have in code. A stage may be a pipeline with `stages` of its own; `uid` names it, by default
 * after its class and its place. A `CrossValidator` or a `TrainValidationSplit` has an `estimator`, an `evaluator` and a `grid`: the values to choose from,
 * in all combinations, of parameters of the estimator, or of stages in it, by their uids.
 *
 *     {
 *       "stages": [
 *         { "class": "VectorAssembler", "params": { "inputCols": ["distance", "hour"], "outputCol": "features" } },
 *         { "class": "LinearRegression", "params": { "labelCol": "delay", "regParam": 0.1 } }
 *       ],
 *       "evaluators": [{ "class": "RegressionEvaluator", "params": { "labelCol": "delay", "metricName": "mae" } }]
 *     }
 *
 *     {
 *       "class": "CrossValidator",
 *       "estimator": { "class": "LinearRegression", "uid": "line", "params": { "labelCol": "delay" } },
 *       "evaluator": { "class": "RegressionEvaluator", "params": { "labelCol": "delay" } },
 *       "grid": { "line": { "regParam": [0, 0.1], "elasticNetParam": [0, 1] } }
 *     }
 *
 * `who`: what messages call the text, such as its file. Throws `UsageError` naming the place in the text.
 */
export function describedPipeline(text: string, who: string): DescribedPipeline {
  const json = fieldsAt(jsonOfText(text, who), who, ['stages', 'evaluators', 'uid']);
  const { evaluators = [] } = json;
  return {
    pipeline: pipelineAt(json, who, 'pipeline', ''),
    evaluators: listAt(evaluators, `${who}: evaluators`).map((each, i) =>
      evaluatorAt(each, `${who}: evaluators[${i}]`, `${i}`),
    ),
  };
}

/** `path`: of its place, before the numbers of its stages. */
function pipelineAt({ stages, uid }: JsonFields, place: string, defaultUid: string, path: string): Pipeline {
  const inner = listAt(stages, `${place}: stages`).map((stage, i) => {
    const at = `${place}: stages[${i}]`;
    const made = stageAt(stage, at, `${path}${i}`);
    if ('fit' in made || 'transform' in made) return made as PipelineStage;
    throw wrong(at, 'an estimator or a transformer', made.stageClass.name);
  });
  return inPlace(place, () => new Pipeline({ stages: inner }, uidAt(uid, place) ?? defaultUid));
}

/** `path`: the numbers of its place, which no other stage has. */
function stageAt(json: JsonValue | undefined, place: string, path: string): Stage {
  const { class: name } = fieldsAt(json, place);
  if (typeof name !== 'string') throw wrong(place, 'the name of a class', name);
  if (name === 'Pipeline') {
    return pipelineAt(fieldsAt(json, place, ['class', 'stages', 'uid']), place, `Pipeline_${path}`, `${path}_`);
  }
  if (Object.hasOwn(TUNERS, name)) return tunerAt(json, place, name, path);
  const type = BY_NAME.get(name);
  if (type === undefined) {
    const known = ['Pipeline', ...Object.keys(TUNERS), ...BY_NAME.keys()].sort().join(', ');
    throw new UsageError(
      'bad-option',
      `${place}: class ${excerpt(name)} can't be made from parameters alone; those that can are ${known}. ` +
        'Others go into a module that exports the pipeline',
    );
  }
  const { params = {}, uid } = fieldsAt(json, place, ['class', 'params', 'uid']);
  const options = optionsOf(type.params, fieldsAt(params, `${place}: params`));
  return inPlace(place, () => new type(options, uidAt(uid, place) ?? `${name}_${path}`));
}

function tunerAt(json: JsonValue | undefined, place: string, name: string, path: string): Stage {
  const type = TUNERS[name]!;
  const fields = fieldsAt(json, place, ['class', 'params', 'uid', 'estimator', 'evaluator', 'grid']);
  const estimator = stageAt(fields['estimator'], `${place}: estimator`, `${path}_0`);
  if (!('fit' in estimator)) throw wrong(`${place}: estimator`, 'an estimator', estimator.stageClass.name);
  const tuned = {
    estimator: estimator as EstimatorOf,
    evaluator: evaluatorAt(fields['evaluator'], `${place}: evaluator`, `${path}_1`),
    estimatorParamMaps: gridAt(fields['grid'], `${place}: grid`, estimator),
  };
  const options = optionsOf(type.params, fieldsAt(fields['params'] ?? {}, `${place}: params`));
  return inPlace(place, () => new type({ ...options, ...tuned }, uidAt(fields['uid'], place) ?? `${name}_${path}`));
}

/** Each combination of the values that are said for parameters, which the estimator takes. */
function gridAt(json: JsonValue | undefined, place: string, estimator: Stage): readonly ParamMap[] {
  const known = stagesByUid([estimator]);
  const builder = new ParamGridBuilder();
  for (const [uid, axes] of Object.entries(fieldsAt(json, place))) {
    const stage = known.get(uid);
    if (stage === undefined) throw wrong(place, `uids of the estimator's stages, ${[...known.keys()].join(', ')}`, uid);
    for (const [name, values] of Object.entries(fieldsAt(axes, `${place}: ${uid}`))) {
      const list = listAt(values, `${place}: ${uid}: ${name}`);
      const { params } = stage.stageClass;
      builder.addGrid(
        stage,
        name,
        list.map((value) => optionsOf(params, { [name]: value })[name]),
      );
    }
  }
  const maps = builder.build();
  for (const map of maps) inPlace(place, () => estimator.copy(map));
  return maps;
}

function evaluatorAt(json: JsonValue | undefined, place: string, path: string): EvaluatorStage {
  const evaluator = stageAt(json, place, path);
  if (evaluator instanceof EvaluatorStage) return evaluator;
  throw wrong(place, 'an evaluator', evaluator.stageClass.name);
}

/** The values as parameters have them; those that they can't have are for the class to refuse. */
function optionsOf(params: Params, given: JsonFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, json]) => [
      name,
      Object.hasOwn(params, name) ? params[name]!.fromJson(json) : json,
    ]),
  );
}
