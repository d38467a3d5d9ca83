import {
  type Examples,
  LabeledPoint,
  type OnlineLearner,
  type StreamingContext,
  seededRandom,
  type Vector,
} from 'millrace';
import { TestDriver } from 'millrace/testing';
import { type Comparison, interleaved, type Side } from './interleaved.ts';
import { newLearner } from './learner-list.ts';
import { toColumns } from './plain-k-means.ts';
import { type PlainLearner, plainLearner } from './plain-learners.ts';
import { inBatches, normalRows } from './rows.ts';

const ROWS_PER_BATCH = 10_000;
/** Numbers in all batches of a round: rows that are passed several times, so that a round is long enough to time. */
const NUMBERS = 2_000_000;
const MOST_ROWS = 50_000;
/** What features are divided by: of 100 of them, squared steps would diverge. */
const SHRINK = 8;
/** Rows in a round of a learner that takes long for a row, and of one that takes very long. */
const FEW_ROWS = 10_000;
const FEWEST_ROWS = 2_000;
const SLOW = new Set([
  'Hoeffding tree',
  'Hoeffding tree, regression',
  'Hoeffding adaptive tree',
  'half-space trees',
  'robust z-score',
  'DBSTREAM',
  'recursive least squares',
]);
const SLOWEST = new Set(['adaptive random forest']);

type Labeled = Required<Pick<Examples, 'features' | 'labels'>>;

/** The same rows three ways. */
interface Rows {
  readonly matrix: readonly Labeled[];
  readonly points: readonly (readonly { readonly label: number; readonly features: readonly number[] }[])[];
  readonly vectors: readonly (readonly (readonly number[])[])[];
  readonly count: number;
}

export type Task = 'train' | 'predict';
export type From = 'matrix' | 'records';

/** Rows a second of Millrace, and how many times those of a plain loop that is. */
export interface Rate {
  readonly rowsPerSecond: number;
  readonly timesPlain: number | undefined;
}

export async function learnerRate(name: string, d: number, task: Task, from: From, rounds: number): Promise<Rate> {
  const rows = rowsFor(name, d);
  const ours = taught(name, d, rows, task);
  const plain = plainLearner(name, d, newLearner(name, d).learnedValues());
  if (plain !== undefined && task === 'predict') for (const batch of rows.matrix) plain.train(plainly(batch));
  const oursSide = from === 'matrix' ? onMatrix(ours, task, rows) : onRecords(ours, task, rows);
  if (plain === undefined) {
    const times = await interleaved(oursSide, async () => 1, rounds);
    return { rowsPerSecond: (rows.count / times.ours) * 1e3, timesPlain: undefined };
  }
  const compared = await interleaved(oursSide, plainSide(plain, task, from, rows, d, ours.supervised), rounds);
  if (task === 'train') checkSame(name, ours.learnedValues(), plain.learned());
  return { rowsPerSecond: (rows.count / compared.ours) * 1e3, timesPlain: timesOf(compared) };
}

/** How many times as fast as the other side: the median over the rounds. */
function timesOf({ ratio: [, median] }: Comparison): number {
  return 1 / median;
}

/** A learner; where it is to predict, one that has learned the rows once. */
function taught(name: string, d: number, { matrix }: Rows, task: Task): OnlineLearner<never> {
  const learner = newLearner(name, d);
  if (task === 'predict') for (const batch of matrix) learner.update(given(learner, batch));
  return learner;
}

function given({ supervised }: OnlineLearner<never>, { features, labels }: Labeled): Examples {
  return supervised ? { features, labels } : { features };
}

function onMatrix(learner: OnlineLearner<never>, task: Task, { matrix }: Rows): Side {
  return timed(async () => {
    for (const batch of matrix) {
      if (task === 'train') learner.update(given(learner, batch));
      else learner.predict(batch.features);
    }
  });
}

/** The whole path: stream, batches, checks of every number, columns, learner, commit. */
function onRecords(learner: OnlineLearner<never>, task: Task, { points, vectors }: Rows): Side {
  const build = (context: StreamingContext) => {
    const queue = <T>(batches: readonly (readonly T[])[]) => context.queueStream<T>(batches);
    if (task === 'predict') learner.predictOn(queue<Vector>(vectors)).foreachRDD(() => {});
    else learner.trainOn(queue<LabeledPoint | Vector>(learner.supervised ? points : vectors) as never);
  };
  return async () => {
    const driver = new TestDriver();
    build(driver.context);
    const elapsed = await timed(() => driver.runBatches(points.length))();
    await driver.stop();
    return elapsed;
  };
}

function plainSide(
  plain: PlainLearner,
  task: Task,
  from: From,
  { matrix, points, vectors }: Rows,
  d: number,
  supervised: boolean,
): Side {
  const use = (columns: readonly Float64Array[], labels: Float64Array) => {
    if (task === 'train') plain.train({ columns, labels });
    else plain.predict(columns);
  };
  return timed(async () => {
    if (from === 'matrix') for (const { features, labels } of matrix) use(features.columns, labels);
    else {
      for (const [i, batch] of points.entries()) {
        const columns = toColumns(
          task === 'train' && supervised ? batch.map((point) => point.features) : vectors[i]!,
          d,
        );
        const labels = new Float64Array(batch.length);
        if (supervised && task === 'train')
          for (let row = 0; row < labels.length; row++) labels[row] = batch[row]!.label;
        use(columns, labels);
      }
    }
  });
}

/** Times one thread's work by the processor time of the process, so that what else the machine does counts little. */
export function timed(work: () => Promise<unknown>): Side {
  return async () => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}

function plainly({ features, labels }: Labeled) {
  return { columns: features.columns, labels };
}

/** Rows around centres, of class 1 where the first feature is above half the last one, but for noise. */
export function rowsFor(name: string, d: number): Rows {
  const count = SLOWEST.has(name) ? FEWEST_ROWS : SLOW.has(name) ? FEW_ROWS : Math.min(MOST_ROWS, NUMBERS / d);
  const random = seededRandom(11);
  const points = normalRows(count, d).map((row) => {
    const features = row.map((x) => x / SHRINK);
    return LabeledPoint(features[0]! - features.at(-1)! / 2 + random.next() - 0.5 > 0 ? 1 : 0, features);
  }) as unknown as { label: number; features: number[] }[];
  const passes = SLOW.has(name) || SLOWEST.has(name) ? 1 : Math.round(NUMBERS / d / count);
  const batches = inBatches(points, Math.min(count, ROWS_PER_BATCH));
  const vectors = batches.map((batch) => batch.map(({ features }) => features));
  const matrix = batches.map((batch, i): Labeled => {
    return {
      features: { rows: batch.length, columns: toColumns(vectors[i]!, d) },
      labels: Float64Array.from(batch, ({ label }) => label),
    };
  });
  const repeated = <B>(each: readonly B[]) => Array.from({ length: passes }, () => each).flat();
  return {
    matrix: repeated(matrix),
    points: repeated(batches),
    vectors: repeated(vectors),
    count: passes * count,
  };
}

/** A comparison means something only where both sides learned the same. */
function checkSame(name: string, ours: Float64Array, theirs: Float64Array): void {
  const apart = Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!) / Math.max(1, Math.abs(value))));
  if (!(apart < 1e-6)) throw new Error(`${name}: the two sides learned different numbers, ${apart} apart`);
}
