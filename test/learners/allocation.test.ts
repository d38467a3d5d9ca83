/** Heap profiles: what learning and predicting allocate grows with the batches, and not with their rows. */
import { type HeapProfiler, Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Examples } from '../../src/batch/examples.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  DBSTREAM,
  FTRLProximal,
  GaussianNaiveBayes,
  HalfSpaceTrees,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingAdaptiveTreeRegressor,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
  Imputer,
  MinMaxScaler,
  MultinomialNaiveBayes,
  OneHotEncoder,
  type OnlineLearner,
  OnlinePipeline,
  PassiveAggressiveClassifier,
  PassiveAggressiveRegressor,
  RecursiveLeastSquares,
  RobustZScore,
  SGDClassifier,
  SGDRegressor,
  SoftmaxRegression,
  StandardScaler,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  StreamingLogisticRegressionWithSGD,
} from '../../src/index.ts';

const WIDTH = 10;
const FEW_ROWS = 1_000;
const MANY_ROWS = 11_000;
/** The feature that is one of so many kinds. */
const [NOMINAL, KINDS] = [9, 3];

/** A number that is allocated takes twice as much at least. Blocks of rows are allowed their views of columns. */
const MOST_BYTES_A_ROW = 8;

/** Until the code is compiled, its numbers are allocated, and while a tree grows, its leaves; how soon that ends, depends on the machine. */
const MOST_ROUNDS = 60;

const zeros = new Float64Array(WIDTH);
const numFeatures = WIDTH;
/** What grows without end, as trees that foretell numbers do, would allocate its leaves. */
const shallow = { numFeatures, maxDepth: 2 };
const learners: Readonly<Record<string, () => unknown>> = {
  'k-means': () => new StreamingKMeans({ k: 5 }).setRandomCenters(WIDTH, 1, 1),
  'linear regression': () => new StreamingLinearRegressionWithSGD({ numIterations: 3 }).setInitialWeights(zeros),
  'logistic regression': () => new StreamingLogisticRegressionWithSGD({ numIterations: 3 }).setInitialWeights(zeros),
  SGDRegressor: () => new SGDRegressor({ numFeatures }),
  SGDClassifier: () => new SGDClassifier({ numFeatures }),
  'SGDClassifier with AdaGrad': () => new SGDClassifier({ numFeatures, optimizer: 'adaGrad' }),
  'SGDClassifier with Adam': () => new SGDClassifier({ numFeatures, optimizer: 'adam' }),
  SoftmaxRegression: () => new SoftmaxRegression({ numFeatures, numClasses: 2 }),
  FTRLProximal: () => new FTRLProximal({ numFeatures, l1: 0.1 }),
  PassiveAggressiveClassifier: () => new PassiveAggressiveClassifier({ numFeatures }),
  PassiveAggressiveRegressor: () => new PassiveAggressiveRegressor({ numFeatures }),
  RecursiveLeastSquares: () => new RecursiveLeastSquares({ numFeatures }),
  GaussianNaiveBayes: () => new GaussianNaiveBayes({ numFeatures }),
  HoeffdingTreeClassifier: () => new HoeffdingTreeClassifier({ numFeatures }),
  'HoeffdingTreeClassifier with a nominal feature': () =>
    new HoeffdingTreeClassifier({ numFeatures, nominalFeatures: { [NOMINAL]: KINDS } }),
  'AdaptiveRandomForestRegressor with a nominal feature': () =>
    new AdaptiveRandomForestRegressor({ ...shallow, nominalFeatures: { [NOMINAL]: KINDS } }),
  HoeffdingTreeRegressor: () => new HoeffdingTreeRegressor(shallow),
  HoeffdingAdaptiveTreeClassifier: () => new HoeffdingAdaptiveTreeClassifier(shallow),
  HoeffdingAdaptiveTreeRegressor: () => new HoeffdingAdaptiveTreeRegressor(shallow),
  AdaptiveRandomForestClassifier: () => new AdaptiveRandomForestClassifier(shallow),
  AdaptiveRandomForestRegressor: () => new AdaptiveRandomForestRegressor(shallow),
  RobustZScore: () => new RobustZScore({ numFeatures }),
  DBSTREAM: () => new DBSTREAM({ numFeatures, radius: 6 }),
  HalfSpaceTrees: () => new HalfSpaceTrees({ numFeatures, limits: [-3, 3] }),
  'MinMaxScaler and MultinomialNaiveBayes': () =>
    new OnlinePipeline({
      transforms: [new MinMaxScaler({ numFeatures })],
      learner: new MultinomialNaiveBayes({ numFeatures }),
    }),
  'OneHotEncoder and SGDClassifier': () =>
    new OnlinePipeline({
      transforms: [new OneHotEncoder({ numFeatures, categorical: [NOMINAL], maxCategories: KINDS })],
      learner: new SGDClassifier({ numFeatures: WIDTH - 1 + KINDS }),
    }),
  'Imputer, StandardScaler and SGDClassifier': () =>
    new OnlinePipeline({
      transforms: [new Imputer({ numFeatures, missingValue: -999 }), new StandardScaler({ numFeatures })],
      learner: new SGDClassifier({ numFeatures }),
    }),
};

/** Rows with a class, wrong for every fifth, and with a number that is not whole. */
interface Rows extends Pick<Examples, 'features'> {
  readonly classes: Float64Array;
  readonly numbers: Float64Array;
}

const [few, many] = [examples(FEW_ROWS), examples(MANY_ROWS)];
const session = new Session();

beforeAll(() => session.connect());
afterAll(() => session.disconnect());

describe('allocates nothing for a row', () => {
  it.each(Object.keys(learners))('%s', async (name) => {
    const learner = learners[name]!() as OnlineLearner<never>;
    const learn = (batch: Rows) => void learner.update(shownTo(learner, batch));
    const predict = (batch: Rows) => void learner.predict(batch.features);
    for (const use of [learn, predict]) expect(await leastBytesARow(use)).toBeLessThan(MOST_BYTES_A_ROW);
  });

  it('and the profile sees it where something is', async () => {
    let kept: object[] = [];
    const bytes = await bytesARow(({ features }) => {
      kept = Array.from({ length: features.rows }, (_, i) => ({ i }));
    });
    expect(bytes).toBeGreaterThan(MOST_BYTES_A_ROW);
    expect(kept).toHaveLength(MANY_ROWS);
  });
});

function shownTo({ supervised, numClasses }: OnlineLearner<never>, { features, classes, numbers }: Rows): Examples {
  if (!supervised) return { features };
  return { features, labels: numClasses === undefined ? numbers : classes };
}

async function leastBytesARow(use: (batch: Rows) => void): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < MOST_ROUNDS && least >= MOST_BYTES_A_ROW; round++) {
    for (let warming = 0; warming < 10; warming++) use(few);
    least = Math.min(least, await bytesARow(use));
  }
  return least;
}

/** What many rows allocate beyond few ones. */
async function bytesARow(use: (batch: Rows) => void): Promise<number> {
  const base = await allocatedBy(() => use(few));
  return ((await allocatedBy(() => use(many))) - base) / (MANY_ROWS - FEW_ROWS);
}

async function allocatedBy(use: () => void): Promise<number> {
  await session.post('HeapProfiler.startSampling', {
    samplingInterval: 512,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  use();
  const { profile } = await session.post('HeapProfiler.stopSampling');
  return sizeOf(profile.head);
}

function sizeOf({ selfSize, children }: HeapProfiler.SamplingHeapProfileNode): number {
  return children.reduce((sum, child) => sum + sizeOf(child), selfSize);
}

function examples(rows: number): Rows {
  const random = seededRandom(3);
  const columns = Array.from({ length: WIDTH }, () => Float64Array.from({ length: rows }, () => nextNormal(random)));
  columns[NOMINAL]!.set(Float64Array.from({ length: rows }, (_, i) => i % KINDS));
  const numbers = columns[0]!.map((x, i) => x + columns[1]![i]! / 2);
  const classes = columns[0]!.map((x, i) => (x > 0 !== (i % 5 === 0) ? 1 : 0));
  return { features: { rows, columns }, classes, numbers };
}
