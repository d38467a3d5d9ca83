import type { Outcomes } from '../../contracts/monitor.ts';
import { DataError, UsageError } from '../../errors.ts';

/** Classes are 0 … MAX_CLASSES − 1: what is counted by class stays within bounds, whatever comes as a label. */
const MAX_CLASSES = 65_536;

/** A column that the metric can't do without, of n finite numbers. Throws `UsageError` (`wrong-type`) or `DataError`. */
export function numbersOf(outcomes: Outcomes, name: 'labels' | 'predictions', metric: string): Float64Array {
  return checkedNumbers(outcomes[name], outcomes.rows, name, metric);
}

/** As `numbersOf`, for a column of classes. */
export function classesOf(outcomes: Outcomes, name: 'labels' | 'predictions', metric: string): Float64Array {
  const column = checkedLength(outcomes[name], outcomes.rows, name, metric);
  for (let i = 0; i < column.length; i++) {
    const value = column[i]!;
    if (!(value >= 0 && value < MAX_CLASSES && Math.floor(value) === value)) {
      throw badValue(metric, name, `a class: a whole number from 0 to ${MAX_CLASSES - 1}`, value, i);
    }
  }
  return column;
}

/** The columns of probabilities, one a class. */
export function probabilitiesOf(outcomes: Outcomes, metric: string): readonly Float64Array[] {
  const { probabilities, rows } = outcomes;
  if (probabilities === undefined || probabilities.length < 2) {
    throw wrongColumns(metric, 'a column of probabilities for each class', `${probabilities?.length ?? 'no'} columns`);
  }
  for (let k = 0; k < probabilities.length; k++) {
    const column = checkedLength(probabilities[k], rows, `probabilities of class ${k}`, metric);
    for (let i = 0; i < rows; i++) {
      const value = column[i]!;
      if (!(value >= 0 && value <= 1)) throw badValue(metric, `probability of class ${k}`, 'one in [0, 1]', value, i);
    }
  }
  return probabilities;
}

export function squaredDistancesOf(
  { squaredDistances, rows }: Outcomes,
  metric: string,
): readonly [nearest: Float64Array, second: Float64Array] {
  return [
    checkedNumbers(squaredDistances?.[0], rows, 'squared distances to the nearest centre', metric),
    checkedLength(squaredDistances?.[1], rows, 'squared distances to the second nearest centre', metric),
  ];
}

/** The weights, checked; undefined where each row counts as one. */
export function weightsOf({ weights, rows }: Outcomes, metric: string): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const column = checkedNumbers(weights, rows, 'weights', metric);
  for (let i = 0; i < rows; i++) if (column[i]! < 0) throw badValue(metric, 'weights', '0 or more', column[i]!, i);
  return column;
}

function checkedNumbers(column: Float64Array | undefined, rows: number, name: string, metric: string): Float64Array {
  const checked = checkedLength(column, rows, name, metric);
  for (let i = 0; i < rows; i++) {
    const value = checked[i]!;
    if (value - value !== 0) throw badValue(metric, name, 'a finite number', value, i);
  }
  return checked;
}

function checkedLength(column: Float64Array | undefined, rows: number, name: string, metric: string): Float64Array {
  if (column?.length === rows) return column;
  throw wrongColumns(metric, `${rows} ${name}`, `${column?.length ?? 'none'}`);
}

function wrongColumns(metric: string, expected: string, got: string): UsageError {
  return new UsageError('wrong-type', `${metric}: expected ${expected}, got ${got}`);
}

function badValue(metric: string, name: string, expected: string, value: number, row: number): DataError {
  const code = Number.isFinite(value) ? 'bad-record' : 'not-finite';
  return new DataError(code, `${metric}: ${name}: expected ${expected}, got ${value} in row ${row}`);
}
