import { readFileSync } from 'node:fs';
import type { LabeledPoint } from '../../../src/batch/vector.ts';
import type { OnlineLearner } from '../../../src/learners/online-learner.ts';
import { conceptDriftStream } from '../../../src/sources/generators/concept-drift-stream.ts';
import { generators } from '../../../src/sources/generators/generators.ts';
import type { GeneratedRow } from '../../../src/sources/generators/row-generator.ts';
import { rowsOf } from '../../sources/generators/rows-of.ts';

const { agrawal, friedman, hyperplane, randomRbf, randomTree, sea } = generators;

/** Streams with classes, each with how many, as `bench/peers/tree-streams.ts` has them too. */
export const classStreams = {
  sea: { rows: (n: number) => rowsOf(sea({ blockRows: 25_000 }), n), numClasses: 2 },
  agrawal: {
    rows: (n: number) => rowsOf(twoDrifts([0, 5, 7].map((variant, i) => agrawal({ seed: 1 + i, variant }))), n),
    numClasses: 2,
  },
  'random RBF, slow': { rows: (n: number) => rowsOf(randomRbf({ classes: 5 }), n), numClasses: 5 },
  'random RBF, fast': {
    rows: (n: number) => rowsOf(randomRbf({ seed: 2, classes: 5, speed: 0.001 }), n),
    numClasses: 5,
  },
  hyperplane: { rows: (n: number) => rowsOf(hyperplane(), n), numClasses: 2 },
  'random tree': { rows: (n: number) => rowsOf(randomTree({ seed: 3, features: 30 }), n), numClasses: 2 },
  'random tree, drifting': {
    rows: (n: number) => rowsOf(twoDrifts([5, 6, 7].map((seed) => randomTree({ seed, features: 30 }))), n),
    numClasses: 2,
  },
} as const;

export const numberStreams: Readonly<Record<string, (n: number) => readonly GeneratedRow[]>> = {
  friedman: (n) => rowsOf(friedman(), n),
  'friedman, drifting': (n) => rowsOf(friedman({ changesAt: [n / 4, n / 2, (3 * n) / 4] }), n),
  'chick weights': () => chickWeights(),
  flights: (n) => flights().slice(0, n),
};

function twoDrifts([a, b, c]: readonly Iterable<GeneratedRow>[]): Iterable<GeneratedRow> {
  const second = conceptDriftStream({ from: b!, to: c!, position: 33_333, width: 1 });
  return conceptDriftStream({ from: a!, to: second, position: 33_333, width: 1 });
}

function chickWeights(): GeneratedRow[] {
  return lines('chick-weights/chick-weights.csv').map((line) => {
    const [label, ...features] = line.split(',').map(Number);
    return { label: label!, features };
  });
}

/** The delay in minutes, by the hour and the miles. */
function flights(): GeneratedRow[] {
  return lines('flights/flights-50k.csv').map((line) => {
    const [date, delay, distance] = line.split(',');
    return { label: Number(delay), features: [Number(date!.slice(11, 13)), Number(distance)] };
  });
}

function lines(file: string): string[] {
  return readFileSync(new URL(`../../../datasets/${file}`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
}

/** Each row is tested before it is learned: the mean loss. */
export function prequentialLoss(
  learner: OnlineLearner<LabeledPoint>,
  rows: readonly GeneratedRow[],
  batch = 1000,
): number {
  let loss = 0;
  for (let start = 0; start < rows.length; start += batch) {
    const part = rows.slice(start, start + batch);
    const columns = part[0]!.features.map((_, j) => Float64Array.from(part, ({ features }) => features[j]!));
    const labels = Float64Array.from(part, ({ label }) => label);
    loss += learner.update({ features: { rows: part.length, columns }, labels })! * part.length;
  }
  return loss / rows.length;
}

/** The better of the last label and of the majority class so far: the share of rows that they get wrong. */
export function baselineError(rows: readonly GeneratedRow[], numClasses: number): number {
  const counts = new Array<number>(numClasses).fill(0);
  let [last, byLast, byMajority] = [0, 0, 0];
  for (const { label } of rows) {
    if (label !== last) byLast++;
    if (label !== counts.indexOf(Math.max(...counts))) byMajority++;
    counts[label] = counts[label]! + 1;
    last = label;
  }
  return Math.min(byLast, byMajority) / rows.length;
}

/** The mean of the labels so far: its mean squared error. */
export function meanError(rows: readonly GeneratedRow[]): number {
  let [mean, squares] = [0, 0];
  for (const [i, { label }] of rows.entries()) {
    squares += (label - mean) ** 2;
    mean += (label - mean) / (i + 1);
  }
  return squares / rows.length;
}
