/** What `--model` may name, and which settings each has. A new learner is added here. */
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  type AnyOnlineLearner,
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
  MultinomialNaiveBayes,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
  RecursiveLeastSquares,
  RobustZScore,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
  UsageError,
} from '../index.ts';
import type { GivenParameters, ParameterName } from './learner-parameters.ts';

/** What a learner is made from: parameters by the names that it has for them. */
type Params = { readonly [P in ParameterName]?: unknown } & { readonly numFeatures?: number };

/** A class of learners. */
interface LearnerType {
  readonly name: string;
  fromSaved(saved: { readonly params: never; readonly state: never }): AnyOnlineLearner;
}

interface Model {
  readonly type: LearnerType;
  /** Parameters of its constructor. */
  readonly params: readonly ParameterName[];
  /** Settings of where it begins; a saved one has them no more. */
  readonly starts: readonly ParameterName[];
  /** A new learner for `width` features. */
  readonly create: (params: Params, width: number, given: GivenParameters) => AnyOnlineLearner;
}

const DEFAULT_SEED = 42;

const DESCENT = [
  ...(['stepSize', 'numIterations', 'miniBatchFraction', 'regParam', 'elasticNetParam', 'convergenceTol'] as const),
  ...(['fitIntercept', 'schedule', 'decayFactor'] as const),
];
const SGD = ['optimizer', 'stepSize', 'regParam', 'fitIntercept'] as const;
const GROWTH = ['gracePeriod', 'delta', 'tau', 'maxDepth', 'maxBytes', 'leafPrediction'] as const;
const CLASS_TREE = [...GROWTH, 'numClasses', 'splitCriterion', 'numSplitPoints', 'minBranchFraction'] as const;
const REGRESSION_TREE = [...GROWTH, 'modelSelectorDecay', 'learningRate', 'minSamplesSplit'] as const;
const ADAPTIVE = ['bootstrapSampling', 'driftWindowThreshold', 'switchSignificance', 'driftDelta', 'seed'] as const;
const FOREST = ['nModels', 'maxFeatures', 'lambdaValue', 'warningDelta', 'driftDelta', 'seed'] as const;
const PASSIVE_AGGRESSIVE = ['variant', 'aggressiveness', 'fitIntercept'] as const;

export const MODELS = {
  kmeans: {
    type: StreamingKMeans,
    params: ['k', 'decayFactor', 'timeUnit', 'countRule'],
    starts: ['initialCenters', 'seed'],
    create: newKMeans,
  },
  linear: {
    type: StreamingLinearRegressionWithSGD,
    params: DESCENT,
    starts: ['initialWeights'],
    create: (params, width, given) =>
      new StreamingLinearRegressionWithSGD(params as object).setInitialWeights(initialWeights(given, width)),
  },
  logistic: {
    type: StreamingLogisticRegressionWithSGD,
    params: [...DESCENT, 'threshold'],
    starts: ['initialWeights'],
    create: (params, width, given) =>
      new StreamingLogisticRegressionWithSGD(params as object).setInitialWeights(initialWeights(given, width)),
  },
  dbstream: byWidth(DBSTREAM, ['radius', 'fadingFactor', 'cleanupInterval', 'minWeight', 'intersectionFactor'], {
    radius: 1,
  }),
  'sgd-regressor': byWidth(SGDRegressor, [...SGD, 'loss']),
  'sgd-classifier': byWidth(SGDClassifier, [...SGD, 'loss']),
  softmax: byWidth(SoftmaxRegression, [...SGD, 'numClasses'], { numClasses: 2 }),
  ftrl: byWidth(FTRLProximal, ['alpha', 'beta', 'l1', 'l2', 'steps', 'fitIntercept']),
  'passive-aggressive-regressor': byWidth(PassiveAggressiveRegressor, [...PASSIVE_AGGRESSIVE, 'epsilon']),
  'passive-aggressive-classifier': byWidth(PassiveAggressiveClassifier, PASSIVE_AGGRESSIVE),
  'recursive-least-squares': byWidth(RecursiveLeastSquares, ['forgettingFactor', 'initialUncertainty', 'fitIntercept']),
  'hoeffding-tree-classifier': byWidth(HoeffdingTreeClassifier, CLASS_TREE),
  'hoeffding-tree-regressor': byWidth(HoeffdingTreeRegressor, REGRESSION_TREE),
  'adaptive-tree-classifier': byWidth(HoeffdingAdaptiveTreeClassifier, [...CLASS_TREE, ...ADAPTIVE]),
  'adaptive-tree-regressor': byWidth(HoeffdingAdaptiveTreeRegressor, [...REGRESSION_TREE, ...ADAPTIVE]),
  'forest-classifier': byWidth(AdaptiveRandomForestClassifier, [...CLASS_TREE, ...FOREST]),
  'forest-regressor': byWidth(AdaptiveRandomForestRegressor, [...REGRESSION_TREE, ...FOREST, 'aggregationMethod']),
  'half-space-trees': byWidth(HalfSpaceTrees, ['nTrees', 'height', 'windowSize', 'limits', 'seed']),
  'robust-z-score': byWidth(RobustZScore, ['windowSize']),
  'gaussian-naive-bayes': byWidth(GaussianNaiveBayes, ['numClasses', 'varianceFloor']),
  'multinomial-naive-bayes': byWidth(MultinomialNaiveBayes, ['numClasses', 'smoothing']),
} as const satisfies Readonly<Record<string, Model>>;

export type ModelName = keyof typeof MODELS;

/** The name of a learner's model; undefined for one that the command line can't make anew. */
export function modelOf(learner: AnyOnlineLearner): ModelName | undefined {
  const names = Object.keys(MODELS) as ModelName[];
  return names.find((name) => MODELS[name].type.name === learner.kind);
}

/** Every setting of a model. */
export function settingsOf(model: ModelName): readonly ParameterName[] {
  const { params, starts } = MODELS[model] as Model;
  return [...params, ...starts, ...(model === 'kmeans' ? (['halfLife'] as const) : [])];
}

/** A learner that is made for a number of features, and can learn at once. */
function byWidth<L extends AnyOnlineLearner>(
  type: { readonly name: string; new (params: never): L; fromSaved: LearnerType['fromSaved'] },
  params: readonly ParameterName[],
  defaults: Params = {},
): Model {
  const create = (given: Params, numFeatures: number) => new type({ ...defaults, ...given, numFeatures } as never);
  return { type, params, starts: [], create };
}

function newKMeans(params: Params, width: number, given: GivenParameters): StreamingKMeans {
  const { initialCenters, seed = DEFAULT_SEED } = given;
  if (typeof initialCenters === 'string')
    return new StreamingKMeans({ ...(params as object), initialCenters, numFeatures: width, seed });
  const learner = new StreamingKMeans(params as object);
  if (initialCenters === undefined) return learner.setRandomCenters(width, 0, seed);
  for (const center of initialCenters) checkLength('--initial-centers', center, width);
  return learner.setInitialCenters(
    initialCenters,
    initialCenters.map(() => 0),
  );
}

function initialWeights(given: GivenParameters, width: number): readonly number[] {
  const { initialWeights: weights = Array.from({ length: width }, () => 0) } = given;
  checkLength('--initial-weights', weights, width);
  return weights;
}

function checkLength(option: string, values: readonly number[], width: number): void {
  if (values.length === width) return;
  throw new UsageError('bad-option', `${option}: expected ${width} numbers, one a feature, got ${values.length}`);
}
