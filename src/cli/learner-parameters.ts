/** Every option of the command line that is a setting of a learner, under the name that the setting has in the API. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CenterMethod, TimeUnit } from '../index.ts';
import { finiteNumber, numbers, points, wholeNumber } from './option-values.ts';

export interface HalfLife {
  readonly amount: number;
  readonly timeUnit: TimeUnit;
}

/** Where clusters begin: given points, or those that the first batch chooses. */
type InitialCenters = CenterMethod | readonly (readonly number[])[];

interface Parameter {
  /** What stands for its value in the help. */
  readonly value: string;
  readonly about: string;
  /** Throws `InvalidArgumentError`. Absent: one of `choices`. */
  readonly parse?: (text: string) => unknown;
  readonly choices?: readonly string[];
}

const number = (value: string, about: string): Parameter => ({ value, about, parse: finiteNumber });
const whole = (value: string, about: string): Parameter => ({ value, about, parse: wholeNumber });
const choice = (value: string, choices: readonly string[], about: string): Parameter => ({ value, choices, about });

const truth = (about: string): Parameter => ({ value: 'true|false', about, parse: truthValue });

const PARAMETERS = {
  'K-means': {
    k: whole('n', 'number of clusters (default: 2)'),
    halfLife: {
      value: 'time',
      about: "the decay factor as the time after which half remains: '5 batches', '1000 points'",
      parse: halfLife,
    },
    timeUnit: choice('unit', ['batches', 'points'], 'decay at each batch or each point'),
    countRule: choice('rule', ['decayed', 'undecayed'], "how a cluster's weight ages"),
    initialCenters: {
      value: 'points',
      about:
        "where the clusters begin: '0,500; 60,500', or k-means++ or k-means|| of the first batch (default: random)",
      parse: (text: string): InitialCenters => (text === 'k-means++' || text === 'k-means||' ? text : points(text)),
    },
    seed: whole('n', 'seed of random centres, of trees and forests (default: 42)'),
  },
  Dbstream: {
    radius: number('r', 'how near a row must be to belong to a micro-cluster (default: 1)'),
    fadingFactor: number('λ', 'after 1/λ rows half of a weight is left (default: 0.001)'),
    cleanupInterval: whole('n', 'rows after which weak micro-clusters are forgotten (default: 1000)'),
    minWeight: number('w', 'weight from which a micro-cluster is no noise (default: 3)'),
    intersectionFactor: number('α', 'what two micro-clusters of a cluster have in common (default: 0.1)'),
  },
  'K-means, linear, logistic': {
    decayFactor: number('α', 'what remains of the past at each batch: 1 all, 0 nothing (default: k-means 1, else 0)'),
  },
  'Linear, logistic: gradient descent on each batch': {
    numIterations: whole('n', 'most steps a batch (default: 50)'),
    miniBatchFraction: number('share', 'share of the rows that each step looks at (default: 1)'),
    elasticNetParam: number('share', 'share of the penalty that is L1 (default: 0)'),
    convergenceTol: number('share', 'steps end when the weights move by less (default: 0.001)'),
    schedule: choice('schedule', ['perBatch', 'continuing'], 'whether steps shrink anew in each batch, or over all'),
    initialWeights: { value: 'numbers', about: 'where the weights begin (default: zeros)', parse: numbers },
    threshold: number('p', 'logistic: a row is of class 1 above this probability (default: 0.5)'),
  },
  'Linear, logistic, sgd, softmax': {
    stepSize: number('η', 'size of a step (default: 0.1, row by row 0.01)'),
    regParam: number('λ', 'L2 penalty (default: 0)'),
  },
  'Sgd, softmax: a step for each row': {
    optimizer: choice('name', ['sgd', 'adaGrad', 'adam'], 'how a gradient becomes a step (default: sgd)'),
    loss: choice('name', ['squared', 'absolute', 'logistic', 'hinge'], 'what is made small'),
  },
  Ftrl: {
    alpha: number('α', 'scale of the steps (default: 0.1)'),
    beta: number('β', 'smoothing of the first steps (default: 1)'),
    l1: number('λ', 'how strong a feature must be to have a weight (default: 0)'),
    l2: number('λ', 'L2 penalty (default: 0)'),
    steps: choice('which', ['perRow', 'perBatch'], 'a step for each row, or for each batch (default: perRow)'),
  },
  'Passive-aggressive': {
    variant: choice('name', ['PA', 'PA-I', 'PA-II'], 'which step (default: PA-I)'),
    aggressiveness: number('C', 'how far one row may move the weights (default: 1)'),
    epsilon: number('ε', 'regressor: errors up to this cost nothing (default: 0.1)'),
  },
  'Recursive least squares': {
    forgettingFactor: number('λ', 'what a row counts for after each further one (default: 1)'),
    initialUncertainty: number('δ', 'of the weights at the start (default: 100)'),
  },
  'Trees and forests: when a leaf is split, and what it predicts': {
    gracePeriod: number('w', 'weight that a leaf learns between two attempts (default: 200, forests 50)'),
    delta: number('p', 'chance that a split which looks best is not (default: 1e-7, forests 0.01)'),
    tau: number('τ', 'bound below which the best two splits are equally good (default: 0.05)'),
    maxDepth: whole('n', 'most branches above a leaf (default: 1000)'),
    maxBytes: number('n', 'memory of a tree (default: 33554432)'),
    leafPrediction: choice('what', ['mc', 'nb', 'nba', 'mean', 'model', 'adaptive'], 'what a leaf predicts'),
    splitCriterion: choice('name', ['infoGain', 'gini'], 'how splits are valued (default: infoGain)'),
    numSplitPoints: whole('n', 'thresholds tried for each feature (default: 10)'),
    minBranchFraction: number('share', 'of the weight of a leaf on either side of a split (default: 0.01)'),
    modelSelectorDecay: number('share', 'regression: what is left of older errors after a row (default: 0.95)'),
    learningRate: number('η', 'regression: step size of linear models in leaves (default: 0.02)'),
    minSamplesSplit: number('w', 'regression: weight on either side of a split (default: 5)'),
  },
  'Adaptive trees': {
    bootstrapSampling: truth('whether rows count a random number of times (default: true)'),
    driftWindowThreshold: whole('n', 'rows before a node and its alternate are compared (default: 300)'),
    switchSignificance: number('p', 'chance that the worse of the two looks better (default: 0.05)'),
  },
  'Random forests': {
    nModels: whole('n', 'number of trees (default: 10)'),
    maxFeatures: {
      value: 'how many',
      about: 'features that a leaf watches: sqrt, log2, a share or a number (default: 0.6)',
      parse: (text: string) => (text === 'sqrt' || text === 'log2' ? text : finiteNumber(text)),
    },
    lambdaValue: number('λ', 'how often a row counts for a tree (default: 6)'),
    warningDelta: number('p', 'chance that an unchanged tree gives warning (default: 0.01)'),
    driftDelta: number('p', 'chance that an unchanged tree is replaced (default: 0.001, adaptive trees 0.002)'),
    aggregationMethod: choice(
      'name',
      ['mean', 'median'],
      'regression: what is made of the predictions (default: median)',
    ),
  },
  'Half-space trees, robust z-score': {
    windowSize: whole('n', 'rows that new ones are compared with (default: 250)'),
    nTrees: whole('n', 'half-space: number of trees (default: 10)'),
    height: whole('n', 'half-space: branches on the way to a leaf (default: 8)'),
    limits: {
      value: 'least,greatest',
      about: 'half-space: usual values of all features (default: 0,1)',
      parse: numbers,
    },
  },
  'Softmax, naive Bayes, trees': {
    numClasses: whole('n', 'number of classes (default: 2)'),
    varianceFloor: number('v', 'Gaussian: least variance (default: 1e-9)'),
    smoothing: number('α', 'multinomial: what a feature counts before it was seen (default: 1)'),
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Parameter>>>>;

type Groups = typeof PARAMETERS;

/** The names of the settings of one group. */
type NamesOf<G> = G extends unknown ? keyof G : never;

/** The name of a setting. */
export type ParameterName = NamesOf<Groups[keyof Groups]> | 'fitIntercept';

/** Settings as they were given, by name. */
export type GivenParameters = { readonly [P in ParameterName]?: unknown } & {
  readonly halfLife?: HalfLife;
  readonly initialCenters?: InitialCenters;
  readonly seed?: number;
  readonly initialWeights?: readonly number[];
};

const ALL: ReadonlyMap<string, Parameter> = new Map<string, Parameter>(
  Object.values(PARAMETERS).flatMap(Object.entries),
);

/** Names of all settings that a learner may have. */
export const PARAMETER_NAMES = [...ALL.keys(), 'fitIntercept'] as readonly ParameterName[];

/** Adds an option for every setting. */
export function addParameterOptions(command: Command): Command {
  for (const [group, parameters] of Object.entries(PARAMETERS)) {
    command.optionsGroup(`${group}:`);
    for (const [name, parameter] of Object.entries<Parameter>(parameters)) {
      const option = new Option(`--${flagOf(name)} <${parameter.value}>`, parameter.about);
      if (parameter.choices !== undefined) option.choices([...parameter.choices]);
      else option.argParser(parameter.parse!);
      command.addOption(option);
    }
  }
  return command
    .optionsGroup('All that fit lines or borders:')
    .option('--fit-intercept', 'learn an intercept, too (default: linear and logistic no, else yes)')
    .option('--no-fit-intercept', 'learn no intercept');
}

/** `stepSize` as the command line has it, `step-size`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Reads one value of a setting. Throws `InvalidArgumentError` for a setting that there is not, and a value that it can't have. */
export function parameterValue(name: ParameterName, text: string): unknown {
  if (name === 'fitIntercept') return truthValue(text);
  const { choices, parse } = ALL.get(name)!;
  return choices === undefined ? parse!(text) : oneOf(choices, text);
}

function truthValue(text: string): boolean {
  return oneOf(['true', 'false'], text) === 'true';
}

function oneOf(choices: readonly string[], text: string): string {
  if (choices.includes(text)) return text;
  throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
}

export function halfLife(text: string): HalfLife {
  const [, amount, timeUnit] = /^\s*([\d.]+)\s*(batches|points)\s*$/.exec(text) ?? [];
  if (timeUnit === undefined) throw new InvalidArgumentError("Expected such as '5 batches' or '1000 points'.");
  return { amount: Number(amount), timeUnit: timeUnit as TimeUnit };
}
