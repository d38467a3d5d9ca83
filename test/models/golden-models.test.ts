import * as fs from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
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
    const learner = await loadLearner(fileURLToPath(new URL(name, MODELS)));
    expect(learner.kind).toBe(file.kind);
    expect(learner.params()).toMatchObject(file.params);
    const expected = PREDICTIONS_BY_HAND[file.kind]!(file);
    expect(new Set(expected).size).toBeGreaterThan(1);
    const predictions = learner.predict(toFeatures(POINTS, learner.width));
    for (const [i, value] of expected.entries()) expect(predictions[i]).toBeCloseTo(value, 12);
  });

  it.each(files)('%s loads with all the state that is in it', async (name) => {
    const file = await readPlainly(name);
    const { state } = file;
    const snapshot = (await loadLearner(fileURLToPath(new URL(name, MODELS)))).snapshot();
    for (const [part, value] of Object.entries(state)) expect(snapshot[part]).toEqual(asSnapshot(value));
  });
});

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
