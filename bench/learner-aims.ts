import {
  AdaptiveRandomForestClassifier,
  type Examples,
  generators,
  HoeffdingTreeClassifier,
  type OnlineLearner,
} from 'millrace';
import { interleaved } from './interleaved.ts';
import { PASSES } from './learner-list.ts';
import { learnerRate, timed } from './learner-rates.ts';

/** What a learner is to do in a second on one core, and what it does. */
interface Aim {
  readonly what: string;
  readonly aim: number;
  readonly rowsPerSecond: number;
}

const D = 10;
const TREE_FEATURES = 30;
const ROWS_PER_BATCH = 1000;

export async function* measuredAims(rounds: number): AsyncIterable<Aim> {
  const rateOf = async (name: string, from: 'matrix' | 'records') => {
    return (await learnerRate(name, D, 'train', from, rounds)).rowsPerSecond;
  };
  yield { what: 'k-means, k = 10, d = 10, from a matrix', aim: 25e6, rowsPerSecond: await rateOf('k-means', 'matrix') };
  yield { what: 'k-means, k = 10, d = 10, from records', aim: 5e6, rowsPerSecond: await rateOf('k-means', 'records') };
  for (const kind of ['linear', 'logistic']) {
    const rowsPerSecond = PASSES * (await rateOf(`${kind}, ${PASSES} passes`, 'matrix'));
    yield { what: `${kind} gradient of a whole batch, d = 10, a pass`, aim: 40e6, rowsPerSecond };
  }
  const rowByRow = await rateOf('scaler, logistic SGD', 'matrix');
  yield { what: 'scaler and logistic, row by row, d = 10', aim: 5e6, rowsPerSecond: rowByRow };
  const numFeatures = TREE_FEATURES;
  yield {
    what: 'Hoeffding tree, 30 features, 100,000 rows of a random tree',
    aim: 300e3,
    rowsPerSecond: await treeRate(() => new HoeffdingTreeClassifier({ numFeatures }), 100_000, rounds),
  };
  yield {
    what: 'adaptive random forest of 10, 30 features, 20,000 rows of a random tree',
    aim: 12e3,
    rowsPerSecond: await treeRate(
      () => new AdaptiveRandomForestClassifier({ numFeatures }),
      20_000,
      Math.min(rounds, 3),
    ),
  };
}

/** A tree that grows from nothing on so many rows, each tested before it is learned. */
async function treeRate(make: () => OnlineLearner<never>, rows: number, rounds: number): Promise<number> {
  const batches = randomTreeRows(rows);
  const grow = timed(async () => {
    const learner = make();
    for (const batch of batches) learner.update(batch);
  });
  const { ours } = await interleaved(grow, async () => 1, rounds);
  return (rows / ours) * 1e3;
}

function randomTreeRows(count: number): Examples[] {
  const rows = generators.randomTree({ seed: 3, features: TREE_FEATURES })[Symbol.iterator]();
  return Array.from({ length: count / ROWS_PER_BATCH }, () => {
    const batch = Array.from({ length: ROWS_PER_BATCH }, () => rows.next().value!);
    const columns = Array.from({ length: TREE_FEATURES }, (_, j) => {
      return Float64Array.from(batch, ({ features }) => features[j]!);
    });
    return {
      features: { rows: ROWS_PER_BATCH, columns },
      labels: Float64Array.from(batch, ({ label }) => label),
    };
  });
}
