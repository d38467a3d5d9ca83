import { parse } from 'csv-parse/sync';
import { DataError, messageOf, type Observation, UsageError } from '../../index.ts';
import type { CsvColumns } from '../csv-columns.ts';

/** Which columns an observation is made from. */
export interface ObservationColumns {
  readonly arm: string;
  readonly metric: string;
  readonly unit?: string;
  readonly denominator?: string;
  readonly covariate?: string;
  readonly epoch?: string;
}

/** A reader of observations from CSV lines. Throws `UsageError` for a name that is no column. */
export function observationOf(columns: CsvColumns, wanted: ObservationColumns): (line: string) => Observation {
  const at = (option: keyof ObservationColumns) => indexOf(columns, option, wanted[option]);
  const [arm, metric, unit] = [at('arm')!, at('metric')!, at('unit')];
  const [denominator, covariate, epoch] = [at('denominator'), at('covariate'), at('epoch')];
  return (line) => {
    const fields = fieldsOf(line, columns.names.length);
    return {
      arm: fields[arm]!,
      value: numberAt(fields, metric, columns),
      ...(unit !== undefined && { unit: fields[unit]! }),
      ...(denominator !== undefined && { denominator: numberAt(fields, denominator, columns) }),
      ...(covariate !== undefined && { covariate: numberAt(fields, covariate, columns) }),
      ...(epoch !== undefined && { epoch: fields[epoch]! }),
    };
  };
}

function indexOf({ names }: CsvColumns, option: string, name: string | undefined): number | undefined {
  if (name === undefined) return undefined;
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new UsageError('bad-option', `--${option}: no column '${name}'; the columns are ${names.join(', ')}`);
}

function fieldsOf(line: string, expected: number): readonly string[] {
  const fields = line.includes('"') ? parsed(line) : line.split(',');
  if (fields.length === expected) return fields;
  throw new DataError('bad-record', `expected ${expected} fields, got ${fields.length} in "${line}"`);
}

function parsed(line: string): readonly string[] {
  try {
    return (parse(line)[0] ?? []) as unknown as string[];
  } catch (cause) {
    throw new DataError('bad-record', `expected a line of CSV, got "${line}" (${messageOf(cause)})`, { cause });
  }
}

function numberAt(fields: readonly string[], index: number, { names }: CsvColumns): number {
  const field = fields[index]!;
  const value = Number(field);
  if (field.trim() !== '' && Number.isFinite(value)) return value;
  throw new DataError('wrong-type', `column ${names[index]}: expected a number, got ${JSON.stringify(field)}`);
}
