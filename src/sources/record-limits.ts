import { UsageError } from '../errors.ts';

/** How many records a batch takes from a source that can choose. */
export interface RecordLimits {
  /** At most so many a batch; the rest waits. Default: no limit. */
  readonly maxRecordsPerBatch?: number;
  /** A batch takes nothing until so many are there, except at the end of the stream. Default 1. */
  readonly minRecordsPerBatch?: number;
}

/** The limits with their defaults. Throws `UsageError` naming the source. */
export function checkedLimits(source: string, limits: RecordLimits): Required<RecordLimits> {
  const { minRecordsPerBatch = 1, maxRecordsPerBatch = Number.POSITIVE_INFINITY } = limits;
  const whole =
    Number.isSafeInteger(minRecordsPerBatch) &&
    (Number.isSafeInteger(maxRecordsPerBatch) || maxRecordsPerBatch === Number.POSITIVE_INFINITY);
  if (!whole || minRecordsPerBatch < 1 || maxRecordsPerBatch < minRecordsPerBatch) {
    throw new UsageError(
      'bad-option',
      `${source}: expected whole numbers, 1 ≤ minRecordsPerBatch ≤ maxRecordsPerBatch, got ${minRecordsPerBatch} and ${maxRecordsPerBatch}`,
    );
  }
  return { minRecordsPerBatch, maxRecordsPerBatch };
}

/** How many of `waiting` records a batch takes that asks for `maxRecords` at most. */
export function withinLimits(
  waiting: number,
  ended: boolean,
  maxRecords: number,
  limits: Required<RecordLimits>,
): number {
  if (waiting < limits.minRecordsPerBatch && !ended) return 0;
  return Math.min(waiting, limits.maxRecordsPerBatch, maxRecords);
}
