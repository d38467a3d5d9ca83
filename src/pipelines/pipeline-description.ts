import type { Evaluator } from '../contracts/evaluator.ts';
import { excerpt, MillraceError, messageOf, UsageError } from '../errors.ts';
import type { Params } from './params/param.ts';
import { Pipeline, type PipelineStage } from './pipeline.ts';
import type { JsonValue } from './saved/json-text.ts';
import { Stage, type StageClass } from './stage.ts';
import { STAGE_CLASSES } from './stage-classes.ts';

/** What a description says: what is to be fitted, and what judges it. */
export interface DescribedPipeline {
  readonly pipeline: Pipeline;
  /** Those that were named; none where the description leaves them to whoever fits it. */
  readonly evaluators: readonly (Stage & Evaluator)[];
}

type Described = { readonly [key: string]: JsonValue };

/** Makes a stage from its parameters alone. */
type StageFromParams = StageClass & (new (options: object, uid: string) => Stage);

/** The classes that are made from their parameters alone, by their names. */
const BY_NAME: ReadonlyMap<string, StageFromParams> = new Map(
  STAGE_CLASSES.filter((type) => type.restore === Stage.restore).map((type) => [type.name, type as StageFromParams]),
);

/**
 * The pipeline that a JSON text describes: its stages in order, each by its class and the parameters that are not to be as they are by
 * default, by the names that they have in code. A stage may be a pipeline with `stages` of its own; `uid` names it, by default
 * after its class and its place.
 *
 *     {
 *       "stages": [
 *         { "class": "VectorAssembler", "params": { "inputCols": ["distance", "hour"], "outputCol": "features" } },
 *         { "class": "LinearRegression", "params": { "labelCol": "delay", "regParam": 0.1 } }
 *       ],
 *       "evaluators": [{ "class": "RegressionEvaluator", "params": { "labelCol": "delay", "metricName": "mae" } }]
 *     }
 *
 * `who`: what messages call the text, such as its file. Throws `UsageError` naming the place in the text.
 */
export function describedPipeline(text: string, who: string): DescribedPipeline {
  const json = objectAt(parsed(text, who), who, ['stages', 'evaluators', 'uid']);
  const { evaluators = [] } = json;
  return {
    pipeline: pipelineAt(json, who, 'pipeline'),
    evaluators: listAt(evaluators, `${who}: evaluators`).map((each, i) => {
      const place = `${who}: evaluators[${i}]`;
      const evaluator = stageAt(each, place, i);
      if ('evaluate' in evaluator) return evaluator as Stage & Evaluator;
      throw wrong(place, 'an evaluator', evaluator.stageClass.name);
    }),
  };
}

function pipelineAt({ stages, uid }: Described, place: string, defaultUid: string): Pipeline {
  const inner = listAt(stages, `${place}: stages`).map((stage, i) => {
    const at = `${place}: stages[${i}]`;
    const made = stageAt(stage, at, i);
    if ('fit' in made || 'transform' in made) return made as PipelineStage;
    throw wrong(at, 'an estimator or a transformer', made.stageClass.name);
  });
  return inPlace(place, () => new Pipeline({ stages: inner }, uidAt(uid, place) ?? defaultUid));
}

function stageAt(json: JsonValue, place: string, position: number): Stage {
  const described = objectAt(json, place, ['class', 'params', 'uid', 'stages']);
  const { class: name, params = {}, uid } = described;
  if (name === 'Pipeline') return pipelineAt(described, place, `Pipeline_${position}`);
  if (typeof name !== 'string') throw wrong(place, 'the name of a class', name);
  const type = BY_NAME.get(name);
  if (type === undefined) {
    const known = ['Pipeline', ...BY_NAME.keys()].sort().join(', ');
    throw new UsageError(
      'bad-option',
      `${place}: class ${excerpt(name)} can't be made from parameters alone; those that can are ${known}. ` +
        'Others go into a module that exports the pipeline',
    );
  }
  if (described['stages'] !== undefined) throw wrong(place, `no stages in a ${name}`, described['stages']);
  const options = optionsOf(type.params, objectAt(params, `${place}: params`));
  return inPlace(place, () => new type(options, uidAt(uid, place) ?? `${name}_${position}`));
}

/** The values as parameters have them; those that they can't have are for the class to refuse. */
function optionsOf(params: Params, given: Described): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, json]) => [
      name,
      Object.hasOwn(params, name) ? params[name]!.fromJson(json) : json,
    ]),
  );
}

function uidAt(uid: JsonValue | undefined, place: string): string | undefined {
  if (uid === undefined || (typeof uid === 'string' && /^[\w.-]*\w[\w.-]*$/.test(uid))) return uid;
  throw wrong(`${place}: uid`, 'letters, digits, _, . and -', uid);
}

function objectAt(json: JsonValue, place: string, known?: readonly string[]): Described {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrong(place, 'an object', json);
  const other = known && Object.keys(json).find((key) => !known.includes(key));
  if (other === undefined) return json;
  throw new UsageError('bad-option', `${place}: expected ${known!.join(', ')}, got ${excerpt(other)}`);
}

function listAt(json: JsonValue | undefined, place: string): readonly JsonValue[] {
  if (Array.isArray(json)) return json;
  throw wrong(place, 'a list', json);
}

function parsed(text: string, who: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const why = messageOf(cause).replace(/\s+/g, ' '); // it has a piece of the text in it
    throw new UsageError('bad-option', `${who}: expected JSON (${why})`, { cause });
  }
}

/** What `make` gives; where it is refused, with the place in the text. */
function inPlace<R>(place: string, make: () => R): R {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof MillraceError)) throw cause;
    throw new UsageError('bad-option', `${place}: ${cause.message}`, { cause });
  }
}

function wrong(place: string, expected: string, got: unknown): UsageError {
  return new UsageError('bad-option', `${place}: expected ${expected}, got ${excerpt(got)}`);
}
