import { readFileSync } from 'node:fs';
import { conceptDriftStream, type GeneratedRow, generators } from 'millrace';

/** Rows in order, and how many classes their labels have; none where a label is a number to be foretold. */
export interface TreeStream {
  readonly rows: readonly GeneratedRow[];
  readonly numClasses?: number;
  /** Features whose values are names, by index, and how many values each has. */
  readonly nominalFeatures?: Readonly<Record<number, number>>;
}

/** Of Agrawal's stream: education level, car and zip code. */
const AGRAWAL_NOMINAL = { 3: 5, 4: 20, 5: 9 };

/** The streams that trees are compared on, at most so many rows of each; those that drift do so twice within 100,000. */
export function treeStreams(count: number): Readonly<Record<string, TreeStream>> {
  const { agrawal, friedman, hyperplane, randomRbf, randomTree, sea } = generators;
  const first = (stream: Iterable<GeneratedRow>) => take(stream, count);
  return {
    sea: { rows: first(sea({ blockRows: 25_000 })), numClasses: 2 },
    agrawal: {
      rows: first(twoDrifts([0, 5, 7].map((variant, i) => agrawal({ seed: 1 + i, variant })))),
      numClasses: 2,
    },
    'agrawal, variant 1': { rows: first(agrawal({ seed: 5, variant: 1 })), numClasses: 2 },
    'agrawal, nominal': {
      rows: first(twoDrifts([0, 5, 7].map((variant, i) => agrawal({ seed: 1 + i, variant })))),
      ...{ numClasses: 2, nominalFeatures: AGRAWAL_NOMINAL },
    },
    'agrawal, variant 1, nominal': {
      rows: first(agrawal({ seed: 5, variant: 1 })),
      ...{ numClasses: 2, nominalFeatures: AGRAWAL_NOMINAL },
    },
    'random RBF, slow': { rows: first(randomRbf({ classes: 5 })), numClasses: 5 },
    'random RBF, fast': { rows: first(randomRbf({ seed: 2, classes: 5, speed: 0.001 })), numClasses: 5 },
    hyperplane: { rows: first(hyperplane()), numClasses: 2 },
    'random tree': { rows: first(randomTree({ seed: 3, features: 30 })), numClasses: 2 },
    'random tree, drifting': {
      rows: first(twoDrifts([5, 6, 7].map((seed) => randomTree({ seed, features: 30 })))),
      numClasses: 2,
    },
    friedman: { rows: first(friedman()) },
    'friedman, drifting': { rows: first(friedman({ changesAt: [25_000, 50_000, 75_000] })) },
    'chick weights': { rows: chickWeights().slice(0, count) },
    'flights, miles to delay': { rows: flights().slice(0, count) },
  };
}

function twoDrifts([a, b, c]: readonly Iterable<GeneratedRow>[]): Iterable<GeneratedRow> {
  const second = conceptDriftStream({ from: b!, to: c!, position: 33_333, width: 1 });
  return conceptDriftStream({ from: a!, to: second, position: 33_333, width: 1 });
}

function take<T>(stream: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const each of stream) if (taken.push(each) === count) break;
  return taken;
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
  const text = readFileSync(new URL(`../../datasets/${file}`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n').slice(1);
}
