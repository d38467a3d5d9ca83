import { InvalidArgumentError } from 'commander';
import { UsageError } from '../index.ts';
import type { LearnerOptions } from './learner-options.ts';
import { flagOf, type HalfLife, PARAMETER_NAMES, type ParameterName, parameterValue } from './learner-parameters.ts';

/** A setting, and the values of it that are compared. */
export interface Varied {
  readonly name: ParameterName;
  readonly values: readonly { readonly text: string; readonly value: unknown }[];
}

/** What differs between the candidates, by the names that they have in the table. */
export type Candidate = readonly [name: string, setting: LearnerOptions];

const DEFAULT_DECAY_FACTORS = [0, 0.5, 0.9, 1];

/** Settings whose values have commas of their own. */
const LISTS: readonly ParameterName[] = ['initialCenters', 'initialWeights', 'limits'];

/** Reads `step-size=0.01,0.1`, after those that were read before. */
export function varied(text: string, before: readonly Varied[] = []): readonly Varied[] {
  const [flag = '', values] = text.split('=').map((part) => part.trim());
  const name = PARAMETER_NAMES.find((each) => flagOf(each) === flag.replace(/^--/, ''));
  if (name === undefined || values === undefined || LISTS.includes(name)) {
    throw new InvalidArgumentError("Expected a setting and its values, such as 'step-size=0.01,0.1'.");
  }
  if (before.some((each) => each.name === name)) throw new InvalidArgumentError(`${flag} is there twice.`);
  const parsed = values.split(',').map((each) => ({ text: each.trim(), value: parameterValue(name, each.trim()) }));
  return [...before, { name, values: parsed }];
}

/** What was asked to be compared. */
export interface ComparedOptions extends LearnerOptions {
  readonly vary?: readonly Varied[];
  readonly decayFactors?: readonly number[];
  readonly halfLives?: readonly HalfLife[];
}

/** Every combination of the values that were given; of k-means' decay factors where none were. */
export function candidatesOf(options: ComparedOptions): readonly Candidate[] {
  const { model = 'kmeans', vary, decayFactors, halfLives } = options;
  const given = [vary, decayFactors, halfLives].filter((each) => each !== undefined).length;
  if (given > 1) {
    throw new UsageError(
      'bad-option',
      'compare: expected one of --vary, --decay-factors and --half-lives, got several',
    );
  }
  if (vary !== undefined) return combinations(vary);
  if (halfLives !== undefined) {
    return halfLives.map((each) => [`half-life ${each.amount} ${each.timeUnit}`, { halfLife: each }]);
  }
  if (decayFactors === undefined && model !== 'kmeans') {
    throw new UsageError('bad-option', `--vary: expected a setting of ${model} to compare, got none`);
  }
  return (decayFactors ?? DEFAULT_DECAY_FACTORS).map((decayFactor) => [`α = ${decayFactor}`, { decayFactor }]);
}

function combinations(vary: readonly Varied[]): readonly Candidate[] {
  let all: readonly Candidate[] = [['', {}]];
  for (const { name, values } of vary) {
    all = all.flatMap(([before, setting]) =>
      values.map(({ text, value }): Candidate => {
        const own = `${flagOf(name)} = ${text}`;
        return [before === '' ? own : `${before}, ${own}`, { ...setting, [name]: value }];
      }),
    );
  }
  return all;
}
