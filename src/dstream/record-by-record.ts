import { Batch } from '../batch/batch.ts';
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
    let i = 0;
    let kept = 0;
    // One `try` for all records in a row that go well, since entering it costs as much as a small record's work.
    while (i < partition.length) {
      try {
        for (; i < partition.length; i++) {
          kept = out.length;
          step(partition[i]!, out);
        }
      } catch (error) {
        out.length = kept;
        const record = partition[i];
        context.reject(badRecord(error, record), { operator, position: positionOf(i, index), record });
        i++;
      }
    }
    return out;
  });
}

/** What became of a record. */
type Outcome<U> = { readonly value: U } | { readonly error: unknown };

/**
 * As `recordByRecord` with an asynchronous function, at work on so many records at a time. Results, and bad records, come in
 * the order of the records. After an error that fails the batch no further record is begun, and none is still under way when
 * it is thrown.
 */
export async function recordByRecordAsync<T, U>(
  batch: Batch<T>,
  f: (record: T) => Promise<U> | U,
  concurrency: number,
  operator: string,
  context: BatchContext,
): Promise<Batch<U>> {
  const out: U[][] = batch.partitions.map(() => []);
  const todo = recordsOf(batch);
  const outcomes: (Outcome<U> | undefined)[] = [];
  let begun = 0;
  let settled = 0;
  let failure: { readonly error: unknown } | undefined;
  const settle = () => {
    for (let outcome = outcomes[settled]; outcome !== undefined; outcome = outcomes[settled]) {
      outcomes[settled] = undefined;
      const { record, partition, index } = todo[settled++]!;
      if ('value' in outcome) out[partition]!.push(outcome.value);
      else {
        const position = positionOf(index, partition);
        context.reject(badRecord(outcome.error, record), { operator, position, record });
      }
    }
  };
  const work = async () => {
    while (begun < todo.length && failure === undefined) {
      const each = begun++;
      try {
        outcomes[each] = { value: await f(todo[each]!.record) };
      } catch (error) {
        outcomes[each] = { error };
      }
      try {
        settle();
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, todo.length) }, work));
  if (failure !== undefined) throw failure.error;
  return new Batch(out);
}

function recordsOf<T>({ partitions }: Batch<T>) {
  return partitions.flatMap((records, partition) => records.map((record, index) => ({ record, partition, index })));
}

function positionOf(index: number, partition: number): string {
  return `${index} of partition ${partition}`;
}

function badRecord(error: unknown, record: unknown): DataError {
  if (error instanceof DataError) return error;
  if (error instanceof MillraceError) throw error;
  if (isLostConnection(error)) throw failureOf(error); // the record may be as good as any
  return new DataError('bad-record', `${messageOf(error)}; the record is ${excerpt(record)}`, { cause: error });
}
