import type { Batch } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import { failureOf } from '../engine/with-place.ts';
import { DataError, excerpt, MillraceError, messageOf } from '../errors.ts';
import { isLostConnection } from '../host/lost-connection.ts';

/** Appends what becomes of one record. */
export type Step<T, U> = (record: T, out: U[]) => void;

/** Takes every record through `step`. One that it can't take is left, whole, to the bad-record policy. */
export function recordByRecord<T, U>(
  batch: Batch<T>,
  step: Step<T, U>,
  operator: string,
  context: BatchContext,
): Batch<U> {
  return batch.mapPartitions((partition, index) => {
    const out: U[] = [];
    for (let i = 0; i < partition.length; i++) {
      const kept = out.length;
      try {
        step(partition[i]!, out);
      } catch (error) {
        out.length = kept;
        const record = partition[i];
        context.reject(badRecord(error, record), { operator, position: `${i} of partition ${index}`, record });
      }
    }
    return out;
  });
}

function badRecord(error: unknown, record: unknown): DataError {
  if (error instanceof DataError) return error;
  if (error instanceof MillraceError) throw error;
  if (isLostConnection(error)) throw failureOf(error); // the record may be as good as any
  return new DataError('bad-record', `${messageOf(error)}; the record is ${excerpt(record)}`, { cause: error });
}
