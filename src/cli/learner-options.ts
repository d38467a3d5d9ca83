import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type AnyOnlineLearner,
  type CountRule,
  loadLearner,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  type TimeUnit,
  UsageError,
} from '../index.ts';
import { finiteNumber, numbers, points, wholeNumber } from './option-values.ts';

export interface LearnerOptions {
  readonly model?: 'kmeans' | 'linear';
  readonly load?: string;
  readonly k?: number;
  readonly decayFactor?: number;
  readonly halfLife?: HalfLife;
  readonly timeUnit?: TimeUnit;
  readonly countRule?: CountRule;
  readonly initialCenters?: readonly (readonly number[])[];
  readonly seed?: number;
  readonly stepSize?: number;
  readonly numIterations?: number;
  readonly miniBatchFraction?: number;
  readonly regParam?: number;
  readonly convergenceTol?: number;
  readonly fitIntercept?: boolean;
  readonly initialWeights?: readonly number[];
}

export interface HalfLife {
  readonly amount: number;
  readonly timeUnit: TimeUnit;
}

/** The options that are parameters of a learner by the same name. */
const K_MEANS_PARAMS = ['k', 'decayFactor', 'timeUnit', 'countRule'] as const;
const LINEAR_PARAMS = [
  'stepSize',
  'numIterations',
  'miniBatchFraction',
  'regParam',
  'convergenceTol',
  'fitIntercept',
] as const;

const K_MEANS_OPTIONS = [...K_MEANS_PARAMS, 'halfLife', 'initialCenters', 'seed'] as const;
const LINEAR_OPTIONS = [...LINEAR_PARAMS, 'initialWeights'] as const;

const DEFAULT_SEED = 42;

export function addLearnerOptions(command: Command): Command {
  return command
    .addOption(new Option('--model <kind>', 'what to train').choices(['kmeans', 'linear']))
    .option('--load <file>', 'go on from a saved model instead of a new one')
    .optionsGroup('k-means:')
    .option('--k <n>', 'number of clusters (default: 2)', wholeNumber)
    .option('--decay-factor <α>', 'what remains of the past at each batch: 1 all, 0 nothing (default: 1)', finiteNumber)
    .option(
      '--half-life <time>',
      "the same, as the time after which half remains: '5 batches', '1000 points'",
      halfLife,
    )
    .addOption(new Option('--time-unit <unit>', 'decay at each batch or each point').choices(['batches', 'points']))
    .addOption(new Option('--count-rule <rule>', "how a cluster's weight ages").choices(['decayed', 'undecayed']))
    .option('--initial-centers <points>', "where the clusters begin: '0,500; 60,500' (default: random)", points)
    .option('--seed <n>', `seed of random centres (default: ${DEFAULT_SEED})`, wholeNumber)
    .optionsGroup('Linear regression:')
    .option('--step-size <η>', 'first step of each batch (default: 0.1)', finiteNumber)
    .option('--num-iterations <n>', 'most steps a batch (default: 50)', wholeNumber)
    .option('--mini-batch-fraction <share>', 'share of the rows that each step looks at (default: 1)', finiteNumber)
    .option('--reg-param <λ>', 'L2 penalty (default: 0)', finiteNumber)
    .option('--convergence-tol <share>', 'steps end when the weights move by less (default: 0.001)', finiteNumber)
    .option('--fit-intercept', 'learn an intercept, too')
    .option('--initial-weights <numbers>', 'where the weights begin (default: zeros)', numbers)
    .optionsGroup('Options:');
}

/** A learner for `width` features: loaded or new, with the options that were given. */
export async function createLearner(options: LearnerOptions, width: number): Promise<AnyOnlineLearner> {
  if (options.load !== undefined) return loadedLearner(options.load, options, width);
  if (options.model === 'kmeans') return newKMeans(options, width);
  if (options.model === 'linear') return newLinear(options, width);
  throw new UsageError('bad-option', "--model: expected 'kmeans' or 'linear', got none (or --load a saved model)");
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
  if (!(saved instanceof StreamingKMeans || saved instanceof StreamingLinearRegressionWithSGD)) {
    refuse(['model', ...K_MEANS_OPTIONS, ...LINEAR_OPTIONS], options, saved.kind);
    return saved;
  }
  const model = saved instanceof StreamingKMeans ? 'kmeans' : 'linear';
  if (options.model !== undefined && options.model !== model) {
    throw new UsageError('bad-option', `--model: ${file} is a ${model} model, not ${options.model}`);
  }
  const state = saved.snapshot();
  if (model === 'linear') {
    refuse(K_MEANS_OPTIONS, options, 'linear');
    const params = { ...saved.params(), ...given(options, LINEAR_PARAMS) };
    return StreamingLinearRegressionWithSGD.fromSaved({ params, state });
  }
  refuse(LINEAR_OPTIONS, options, 'kmeans');
  const params = { ...saved.params(), ...given(options, K_MEANS_PARAMS) };
  return withHalfLife(StreamingKMeans.fromSaved({ params, state }), options);
}

function newKMeans(options: LearnerOptions, width: number): StreamingKMeans {
  refuse(LINEAR_OPTIONS, options, 'kmeans');
  const learner = withHalfLife(new StreamingKMeans(given(options, K_MEANS_PARAMS)), options);
  const { initialCenters, seed = DEFAULT_SEED } = options;
  if (initialCenters === undefined) return learner.setRandomCenters(width, 0, seed);
  for (const center of initialCenters) checkLength('--initial-centers', center, width);
  return learner.setInitialCenters(
    initialCenters,
    initialCenters.map(() => 0),
  );
}

function newLinear(options: LearnerOptions, width: number): StreamingLinearRegressionWithSGD {
  refuse(K_MEANS_OPTIONS, options, 'linear');
  const { initialWeights = Array.from({ length: width }, () => 0) } = options;
  checkLength('--initial-weights', initialWeights, width);
  return new StreamingLinearRegressionWithSGD(given(options, LINEAR_PARAMS)).setInitialWeights(initialWeights);
}

function withHalfLife(learner: StreamingKMeans, { halfLife }: LearnerOptions): StreamingKMeans {
  return halfLife === undefined ? learner : learner.setHalfLife(halfLife.amount, halfLife.timeUnit);
}

/** Those of the options that were given. */
function given<K extends keyof LearnerOptions>(options: LearnerOptions, wanted: readonly K[]) {
  const entries = wanted.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(entries) as { readonly [P in K]?: NonNullable<LearnerOptions[P]> };
}

function refuse(others: readonly (keyof LearnerOptions)[], options: LearnerOptions, model: string): void {
  const misplaced = others.find((option) => options[option] !== undefined);
  if (misplaced === undefined) return;
  const flag = misplaced.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError('bad-option', `--${flag}: a ${model} model has no such parameter`);
}

function checkLength(option: string, values: readonly number[], width: number): void {
  if (values.length === width) return;
  throw new UsageError('bad-option', `${option}: expected ${width} numbers, one a feature, got ${values.length}`);
}

export function halfLife(text: string): HalfLife {
  const [, amount, timeUnit] = /^\s*([\d.]+)\s*(batches|points)\s*$/.exec(text) ?? [];
  if (timeUnit === undefined) throw new InvalidArgumentError("Expected such as '5 batches' or '1000 points'.");
  return { amount: Number(amount), timeUnit: timeUnit as TimeUnit };
}
