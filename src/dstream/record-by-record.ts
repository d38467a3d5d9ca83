import { Batch } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import { failureOf } from '../engine/with-place.ts';
import { DataError, excerpt, MillraceError, messageOf } from '../errors.ts';
import { isLostConnection } from '../host/lost-connection.ts';

/** How far a step has come. */
interface Progress {
  /** The record at hand. */
  index: number;
  /** Results of the records before it, where there may be more in `out`. */
  given?: number;
}

/**
 * Takes all records from `at.index` on, appends what becomes of them, and leaves in `at` how far it came. Each operator has its
 * loop, since to call a function for each record costs as much as a small record's work; and so does to move `at` along.
 */
export type Step<T, U> = (records: readonly T[], out: U[], at: Progress) => void;

/** The step that gives one result a record. */
export function oneForOne<T, U>(f: (record: T) => U): Step<T, U> {
  return (records, out, at) => {
    const rejected = at.index - out.length;
    if (rejected === 0) out.length = records.length; // room for all at once
    let i = at.index;
    try {
      for (; i < records.length; i++) out[i - rejected] = f(records[i]!);
    } finally {
      at.index = i;
      at.given = i - rejected;
    }
  };
}

/** The step that gives several results a record, or none. */
export function severalForOne<T, U>(f: (record: T, out: U[]) => void): Step<T, U> {
  return (records, out, at) => {
    let given = out.length;
    let i = at.index;
    try {
      for (; i < records.length; i++) {
        given = out.length;
        f(records[i]!, out);
      }
    } finally {
      at.index = i;
      at.given = given;
    }
  };
}

/** The step that gives the records that are wanted. */
export function wanted<T>(f: (record: T) => boolean): Step<T, T> {
  return (records, out, at) => {
    let i = at.index;
    try {
      for (; i < records.length; i++) {
        const record = records[i]!;
        if (f(record)) out.push(record);
      }
    } finally {
      at.index = i;
    }
  };
}

/** Takes every record through `step`. One that it can't take is left, whole, to the bad-record policy. */
export function recordByRecord<T, U>(
  batch: Batch<T>,
  step: Step<T, U>,
  operator: string,
  context: BatchContext,
): Batch<U> {
  return batch.mapPartitions((partition, index) => {
    const out: U[] = [];
    const at: Progress = { index: 0 };
    // One `try` for all records in a row that go well, for the same reason.
    while (at.index < partition.length) {
      try {
        step(partition, out, at);
      } catch (error) {
        out.length = at.given ?? out.length;
        const record = partition[at.index];
        context.reject(badRecord(error, record), { operator, position: positionOf(at.index, index), record });
        at.index++;
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
