import { type Command, Option } from 'commander';
import {
  type AnyOnlineLearner,
  type LabeledPoint,
  loadLearner,
  MinMaxScaler,
  OnlineLearner,
  OnlinePipeline,
  StandardScaler,
  StreamingKMeans,
  UsageError,
} from '../index.ts';
import { MODELS, type ModelName, modelOf, settingsOf } from './learner-models.ts';
import {
  addParameterOptions,
  flagOf,
  type GivenParameters,
  PARAMETER_NAMES,
  type ParameterName,
} from './learner-parameters.ts';

/** Transforms that `--scale` may put before a learner. */
const SCALERS = { standard: StandardScaler, 'min-max': MinMaxScaler };

export interface LearnerOptions extends GivenParameters {
  readonly model?: ModelName;
  readonly load?: string;
  readonly scale?: keyof typeof SCALERS;
}

export function addLearnerOptions(command: Command): Command {
  const options = command
    .addOption(new Option('--model <name>', 'what to train').choices(Object.keys(MODELS)))
    .option('--load <file>', 'go on from a saved model instead of a new one')
    .addOption(
      new Option(
        '--scale <how>',
        'scale the features first, by what was seen so far: to mean 0 and variance 1, or to [0, 1]',
      ).choices(Object.keys(SCALERS)),
    );
  return addParameterOptions(options).optionsGroup('Options:');
}

/** A learner for `width` features: loaded or new, with the options that were given. */
export async function createLearner(options: LearnerOptions, width: number): Promise<AnyOnlineLearner> {
  const { load, model, scale } = options;
  if (load !== undefined) return loadedLearner(load, options, width);
  if (model === undefined) {
    throw new UsageError(
      'bad-option',
      `--model: expected ${Object.keys(MODELS).join(', ')}, got none (or --load a saved model)`,
    );
  }
  refuseOthers(settingsOf(model), options, model);
  const learner = withHalfLife(MODELS[model].create(given(options, MODELS[model].params), width, options), options);
  if (scale === undefined) return learner;
  const transforms = [new SCALERS[scale]({ numFeatures: width })];
  return new OnlinePipeline({ transforms, learner: learner as OnlineLearner<LabeledPoint> });
}

/** Throws `UsageError` unless the loaded learner takes so many features. */
export function checkWidth(learner: AnyOnlineLearner, width: number, file: string): void {
  if (learner.width === width) return;
  throw new UsageError('wrong-width', `--features: ${file} expects ${learner.width} features, got ${width} columns`);
}

/** What was saved, with the parameters that were given in place of the saved ones. */
async function loadedLearner(file: string, options: LearnerOptions, width: number): Promise<AnyOnlineLearner> {
  const saved = await loadLearner(file);
  checkWidth(saved, width, file);
  if (options.scale !== undefined) {
    throw new UsageError('bad-option', `--scale: ${file} was saved with what goes before it, or without`);
  }
  const model = modelOf(saved);
  if (options.model !== undefined && options.model !== model) {
    throw new UsageError('bad-option', `--model: ${file} is a ${model ?? saved.kind} model, not ${options.model}`);
  }
  if (model === undefined) {
    refuseOthers([], options, saved.kind);
    return saved;
  }
  const { type, params, starts } = MODELS[model];
  refuseStarts(starts, options, file);
  refuseOthers(settingsOf(model), options, model);
  const changed = { params: { ...saved.params(), ...given(options, params) }, state: saved.snapshot() };
  return withHalfLife(OnlineLearner.fromSaved.call(type as never, changed) as AnyOnlineLearner, options);
}

function withHalfLife(learner: AnyOnlineLearner, { halfLife }: LearnerOptions): AnyOnlineLearner {
  if (halfLife === undefined || !(learner instanceof StreamingKMeans)) return learner;
  return learner.setHalfLife(halfLife.amount, halfLife.timeUnit);
}

/** Those of the options that were given. */
function given(options: LearnerOptions, wanted: readonly ParameterName[]): Record<string, never> {
  const entries = wanted.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries);
}

/** Throws `UsageError` where a setting was given that the model does not have. */
function refuseOthers(settings: readonly ParameterName[], options: LearnerOptions, model: string): void {
  const misplaced = PARAMETER_NAMES.find((name) => options[name] !== undefined && !settings.includes(name));
  if (misplaced === undefined) return;
  throw new UsageError('bad-option', `--${flagOf(misplaced)}: a ${model} model has no such parameter`);
}

function refuseStarts(starts: readonly ParameterName[], options: LearnerOptions, file: string): void {
  const misplaced = starts.find((name) => options[name] !== undefined);
  if (misplaced === undefined) return;
  throw new UsageError('bad-option', `--${flagOf(misplaced)}: ${file} has begun already`);
}
