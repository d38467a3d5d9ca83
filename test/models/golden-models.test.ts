import * as fs from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { silentLog } from '../../src/host/log.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
import type { SavedClass } from '../../src/learners/saved-class.ts';
import { loadTensorFlow } from '../../src/pipelines/index.ts';
import { StreamingNeuralClassifier } from '../../src/pipelines/neural/streaming-neural-classifier.ts';
import { StreamingNeuralRegressor } from '../../src/pipelines/neural/streaming-neural-regressor.ts';
import { learners } from '../contracts/kinds.ts';

const MODELS = new URL('../../models/', import.meta.url);

/** Thousands of miles and hour ÷ 24, as the models were trained on. */
const POINTS = [0, 0.2, 0.5, 0.8, 1.5, 2.6].flatMap((miles) => [0.05, 0.25, 0.4, 0.9].map((hour) => [miles, hour]));

interface Saved {
  readonly $float64: readonly number[];
}

/** What the file says, read as plain JSON, without any of the code that loads it. */
interface SavedFile {
  readonly kind: string;
  readonly params: Record<string, unknown>;
  readonly state: Record<string, { readonly $float64: readonly number[] }> & { readonly intercept: number };
}

/** w·x + b of each point, where the last weight is the intercept. */
const margins = ({ state }: SavedFile) => {
  const [a, b, intercept] = state['weights']!.$float64;
  return POINTS.map(([x, y]) => intercept! + a! * x! + b! * y!);
};
const classes = (file: SavedFile) => margins(file).map((margin) => (margin > 0 ? 1 : 0));

/** What comes out of each unit of the last layer of a network with one hidden layer of tanh. */
const networkOutputs = ({ params, state }: SavedFile, units: number) => {
  const weights = state['weights']!.$float64;
  const hidden = (params['hiddenLayers'] as [number])[0];
  const layer = (inputs: readonly number[], out: number, from: number) =>
    Array.from({ length: out }, (_, o) =>
      inputs.reduce((sum, x, j) => sum + x * weights[from + j * out + o]!, weights[from + inputs.length * out + o]!),
    );
  return POINTS.map((point) => layer(layer(point, hidden, 0).map(Math.tanh), units, 3 * hidden));
};

/** They compute in single precision. */
const NETWORKS: readonly SavedClass<StreamingNeuralClassifier | StreamingNeuralRegressor>[] = [
  StreamingNeuralClassifier,
  StreamingNeuralRegressor,
];
const isNetwork = (kind: string) => NETWORKS.some(({ name }) => name === kind);

beforeAll(() => loadTensorFlow({ log: silentLog }));

const load = (name: string) => loadLearner(fileURLToPath(new URL(name, MODELS)), { learners: NETWORKS });

/** A node of a saved tree whose leaves predict their majority class or their mean. */
interface SavedNode {
  readonly leaf?: { readonly mean: number; readonly classWeights: Saved };
  readonly feature: number;
  readonly threshold: number;
  readonly left: SavedNode;
  readonly right: SavedNode;
}

interface SavedTree {
  readonly root: SavedNode;
}

function leafOf({ root }: SavedTree, point: number[]) {
  let node = root;
  while (node.leaf === undefined) node = point[node.feature]! <= node.threshold ? node.left : node.right;
  return node.leaf;
}

const shareOfOnes = (tree: SavedTree, point: number[]) => {
  const [zeros, ones] = leafOf(tree, point).classWeights.$float64;
  return ones! / (zeros! + ones!);
};
const savedModel = <M>({ state }: SavedFile) => state['model'] as unknown as M;
const treeIn = (file: SavedFile) => savedModel<SavedTree>(file);
const adaptiveTreeIn = (file: SavedFile) => savedModel<{ readonly tree: SavedTree }>(file).tree;
const placesIn = (file: SavedFile) =>
  savedModel<{
    readonly places: readonly {
      readonly standing: { readonly tree: SavedTree; readonly errors: number; readonly rows: number };
    }[];
  }>(file).places.map(({ standing }) => standing);
const majorities = (tree: SavedTree) => POINTS.map((point) => (shareOfOnes(tree, point) > 0.5 ? 1 : 0));
const means = (tree: SavedTree) => POINTS.map((point) => leafOf(tree, point).mean);
const medianOf = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
};

const PREDICTIONS_BY_HAND: Readonly<Record<string, (file: SavedFile) => number[]>> = {
  DBSTREAM: ({ params, state }) => {
    const { fadingFactor, minWeight, intersectionFactor } = params as Record<string, number>;
    const [centers, saved, times, shared] = ['centers', 'weights', 'times', 'shared'].map(
      (part) => state[part]!.$float64,
    );
    const faded = (weight: number, since: number) => weight * 2 ** (-fadingFactor! * (Number(state['time']) - since));
    const weights = saved!.map((weight, i) => faded(weight, times![i]!));
    // Labels spread along the pairs that share enough, until nothing changes.
    const labels = weights.map((weight, i) => (weight >= minWeight! ? i : -1));
    for (let round = 0; round < labels.length; round++) {
      for (let at = 0; at < shared!.length; at += 4) {
        const [i, j, weight, since] = shared!.slice(at, at + 4) as [number, number, number, number];
        const enough = faded(weight, since) >= intersectionFactor! * ((weights[i]! + weights[j]!) / 2);
        if (enough && labels[i]! >= 0 && labels[j]! >= 0) labels[i] = labels[j] = Math.min(labels[i]!, labels[j]!);
      }
    }
    const numbers = [...new Set(labels.filter((label) => label >= 0))];
    return POINTS.map(([x, y]) => {
      const distances = labels.map((label, i) =>
        label < 0 ? Number.POSITIVE_INFINITY : Math.hypot(x! - centers![2 * i]!, y! - centers![2 * i + 1]!),
      );
      return numbers.indexOf(labels[distances.indexOf(Math.min(...distances))]!);
    });
  },
  AdaptiveRandomForestClassifier: (file) =>
    POINTS.map((point) => {
      const lead = placesIn(file).map(
        ({ tree, errors, rows }) => (1 - errors / rows) * (2 * shareOfOnes(tree, point) - 1),
      );
      return lead.reduce((sum, each) => sum + each) > 0 ? 1 : 0;
    }),
  AdaptiveRandomForestRegressor: (file) =>
    POINTS.map((point) => medianOf(placesIn(file).map(({ tree }) => leafOf(tree, point).mean))),
  FTRLProximal: classes,
  GaussianNaiveBayes: ({ state }) => {
    const [counts, means, squares] = ['counts', 'means', 'squares'].map((part) => state[part]!.$float64);
    const density = (x: number, k: number, j: number) => {
      const variance = squares![2 * k + j]! / (counts![k]! - 1);
      return Math.exp(-((x - means![2 * k + j]!) ** 2) / (2 * variance)) / Math.sqrt(variance);
    };
    const weight = (k: number, [x, y]: number[]) => counts![k]! * density(x!, k, 0) * density(y!, k, 1);
    return POINTS.map((point) => (weight(1, point) > weight(0, point) ? 1 : 0));
  },
  HalfSpaceTrees: ({ params, state }) => {
    const [nTrees, height] = [params['nTrees'] as number, params['height'] as number];
    const windowSize = params['windowSize'] as number;
    const [features, thresholds, masses] = ['features', 'thresholds', 'reference'].map((name) => state[name]!.$float64);
    const branches = 2 ** height - 1;
    const density = (tree: number, point: number[]) => {
      let [node, depth] = [0, 0];
      const mass = () => masses![tree * (2 * branches + 1) + node]!;
      for (; depth < height && mass() >= windowSize / 10; depth++) {
        const at = tree * branches + node;
        node = 2 * node + (point[features![at]!]! < thresholds![at]! ? 1 : 2);
      }
      return (mass() * 2 ** depth) / windowSize;
    };
    const trees = Array.from({ length: nTrees }, (_, tree) => tree);
    return POINTS.map((point) => 1 / (1 + trees.reduce((sum, tree) => sum + density(tree, point), 0) / nTrees));
  },
  HoeffdingAdaptiveTreeClassifier: (file) => majorities(adaptiveTreeIn(file)),
  HoeffdingAdaptiveTreeRegressor: (file) => means(adaptiveTreeIn(file)),
  HoeffdingTreeClassifier: (file) => majorities(treeIn(file)),
  HoeffdingTreeRegressor: (file) => means(treeIn(file)),
  MultinomialNaiveBayes: ({ state }) => {
    const [counts, sums] = ['counts', 'sums'].map((part) => state[part]!.$float64);
    const share = (k: number, j: number) => (sums![2 * k + j]! + 1) / (sums![2 * k]! + sums![2 * k + 1]! + 2);
    const weight = (k: number, [x, y]: number[]) => counts![k]! * share(k, 0) ** x! * share(k, 1) ** y!;
    return POINTS.map((point) => (weight(1, point) > weight(0, point) ? 1 : 0));
  },
  OnlinePipeline: ({ state }) => {
    const { transforms, learner } = state as unknown as {
      readonly transforms: readonly [{ readonly means: Saved; readonly variances: Saved }];
      readonly learner: { readonly weights: Saved };
    };
    const [{ means, variances }] = transforms;
    const [a, b, intercept] = learner.weights.$float64;
    const scaled = (x: number, j: number) => (x - means.$float64[j]!) / Math.sqrt(variances.$float64[j]!);
    return POINTS.map(([x, y]) => intercept! + a! * scaled(x!, 0) + b! * scaled(y!, 1));
  },
  PassiveAggressiveClassifier: classes,
  PassiveAggressiveRegressor: margins,
  RecursiveLeastSquares: margins,
  RobustZScore: ({ state }) => {
    const [weights, values] = ['weights', 'values'].map((name) => state[name]!.$float64);
    const n = weights!.length;
    const scales = [0, 1].map((j) => {
      const column = values!.slice(j * n, (j + 1) * n);
      const median = medianOf(column);
      const distances = column.map((x) => Math.abs(x - median));
      const mean = distances.reduce((sum, distance) => sum + distance) / n;
      // More than half of the flights of the window left at the same hour.
      return { median, deviation: 1.4826022185056018 * medianOf(distances) || Math.sqrt(Math.PI / 2) * mean };
    });
    return POINTS.map((point) => {
      return Math.max(...scales.map(({ median, deviation }, j) => Math.abs(point[j]! - median) / deviation));
    });
  },
  SGDClassifier: classes,
  SGDRegressor: margins,
  SoftmaxRegression: ({ state }) => {
    const [a, b, c, p, q, r] = state['weights']!.$float64;
    return POINTS.map(([x, y]) => (p! * x! + q! * y! + r! > a! * x! + b! * y! + c! ? 1 : 0));
  },
  StreamingKMeans: ({ params, state }) => {
    const centers = state['centers']!.$float64;
    const distances = POINTS.map(([x, y]) =>
      Array.from(
        { length: params['k'] as number },
        (_, j) => (x! - centers[2 * j]!) ** 2 + (y! - centers[2 * j + 1]!) ** 2,
      ),
    );
    return distances.map((each) => each.indexOf(Math.min(...each)));
  },
  StreamingLinearRegressionWithSGD: ({ state }) => {
    const [a, b] = state['weights']!.$float64;
    return POINTS.map(([x, y]) => state.intercept + a! * x! + b! * y!);
  },
  StreamingLogisticRegressionWithSGD: ({ state }) => {
    const [a, b] = state['weights']!.$float64;
    return POINTS.map(([x, y]) => 1 / (1 + Math.exp(-(state.intercept + a! * x! + b! * y!))));
  },
  StreamingNeuralClassifier: (file) => networkOutputs(file, 2).map(([no, yes]) => (yes! > no! ? 1 : 0)),
  StreamingNeuralRegressor: (file) => networkOutputs(file, 1).flat(),
};

const files = (await fs.readdir(MODELS)).filter((name) => name.endsWith('.json'));

describe('the golden models', () => {
  it('are at least one of each exported learner', async () => {
    const kinds = await Promise.all(files.map(async (name) => (await readPlainly(name)).kind));
    // A ChampionAndChallenger saves its champion, as what that is.
    const saved = learners.map(({ type }) => type.name).filter((name) => name !== 'ChampionAndChallenger');
    expect(new Set(kinds)).toEqual(new Set(saved));
  });

  it.each(files)('%s loads, and predicts what its own numbers say', async (name) => {
    const file = await readPlainly(name);
    const learner = await load(name);
    expect(learner.kind).toBe(file.kind);
    expect(learner.params()).toMatchObject(file.params);
    const expected = PREDICTIONS_BY_HAND[file.kind]!(file);
    expect(new Set(expected).size).toBeGreaterThan(1);
    const predictions = learner.predict(toFeatures(POINTS, learner.width));
    for (const [i, value] of expected.entries())
      expect(predictions[i]).toBeCloseTo(value, isNetwork(file.kind) ? 5 : 12);
  });

  it.each(files)('%s loads with all the state that is in it', async (name) => {
    const file = await readPlainly(name);
    const { state } = file;
    const snapshot = (await load(name)).snapshot();
    for (const [part, value] of Object.entries(state)) {
      if (file.kind === 'DBSTREAM' && part === 'shared') {
        expect(pairsOf(snapshot[part])).toEqual(pairsOf(asSnapshot(value)));
      } else expect(snapshot[part]).toEqual(asSnapshot(value));
    }
  });
});

/** Four numbers for each pair of micro-clusters, which are in no order. */
function pairsOf(column: unknown): ReadonlySet<string> {
  const numbers = [...(column as Float64Array)];
  return new Set(Array.from({ length: numbers.length / 4 }, (_, pair) => numbers.slice(4 * pair, 4 * pair + 4).join()));
}

/** Saved columns as columns, all the way down. */
function asSnapshot(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$float64' in value) return Float64Array.from((value as Saved).$float64);
  if (Array.isArray(value)) return value.map(asSnapshot);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asSnapshot(part)]));
}

async function readPlainly(name: string): Promise<SavedFile> {
  return JSON.parse(await fs.readFile(new URL(name, MODELS), 'utf8')) as SavedFile;
}
