/**
 * What a checkpoint means: the journal's records read as batches. Five kinds of record:
 *
 * | type       | holds                                                                   | written          |
 * |------------|-------------------------------------------------------------------------|------------------|
 * | `snapshot` | format version, then everything up to and with one committed batch      | first in the file |
 * | `opened`   | where new sources that can be read twice begin                          | before their first batch |
 * | `plan`     | batch id and time, zero time, the range of each source, records where not replayable | before the batch |
 * | `commit`   | batch id, the states that changed, totals                               | after its writes |
 * | `received` | what a receiver got, with the number of its first record                | before it counts |
 *
 * A batch is committed when its `commit` is on disk whole. A `plan` without one is run again, exactly as planned. Received
 * records are kept until a commit whose plan reaches beyond them; a snapshot holds those that are left.
 */
import type { Offset, OffsetRange } from '../batch/offset.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { Received } from '../contracts/source.ts';
import { StateError } from '../errors.ts';
import { ownValue } from './own-value.ts';
import { ReceivedRecords } from './received-records.ts';

const FORMAT = 'millrace-checkpoint';
const VERSION = 2;

/** What one source gives to a batch. */
export type PlannedRange = OffsetRange & {
  /** Partitions of records, for a source that can't give them again. */
  readonly records?: readonly (readonly Offset[])[];
};

/** A batch that is to be run, so that it can be run again. */
export type Plan = {
  readonly batch: number;
  readonly time: number;
  /** One batch duration before the very first batch time: windows slide from there. */
  readonly zeroTime: number;
  readonly ranges: Readonly<Record<string, PlannedRange>>;
};

/** Counts over the whole life of the checkpoint. */
export type Totals = {
  readonly batches: number;
  readonly records: number;
  readonly rejected: number;
};

/** States as they were saved: each whole at some time, and, for those that are saved by their changes, what came after. */
export type SavedStates = {
  readonly states: Readonly<Record<string, SnapshotRecord>>;
  readonly changes: Readonly<Record<string, readonly SnapshotRecord[]>>;
};

/** Everything up to and with one committed batch. */
export type Committed = SavedStates & {
  /** Id of the last committed batch; −1 before the first. */
  readonly batch: number;
  /** Its batch time; 0 before the first. */
  readonly time: number;
  /** As in the plan of that batch. */
  readonly zeroTime: number;
  readonly offsets: Readonly<Record<string, Offset>>;
  readonly totals: Totals;
};

/** What one batch adds to what is committed. */
export type BatchCommit = {
  readonly batch: number;
  /** Ordinary states, whole. */
  readonly states: Readonly<Record<string, SnapshotRecord>>;
  /** What the batch changed of the others. */
  readonly changes: Readonly<Record<string, SnapshotRecord>>;
  readonly totals: Totals;
};

export const NOTHING_COMMITTED: Committed = {
  batch: -1,
  time: 0,
  zeroTime: 0,
  offsets: {},
  states: {},
  changes: {},
  totals: { batches: 0, records: 0, rejected: 0 },
};

/** A checkpoint as it was found. */
export interface Found {
  readonly committed: Committed;
  /** The batch that was under way, if any. */
  readonly pending: Plan | undefined;
  /** What receivers got and no batch has committed, by source. */
  readonly received: Readonly<Record<string, Received>>;
}

export const NOTHING_FOUND: Found = { committed: NOTHING_COMMITTED, pending: undefined, received: {} };

/** Folds a journal's records. Throws `StateError` naming the directory. Cost: O(records). */
export function foundIn(records: readonly SnapshotRecord[], directory: string): Found {
  const [first, ...rest] = records;
  checkFormat(first, directory);
  const { batch, time, zeroTime, offsets, states, changes, totals } = first as unknown as Committed;
  const received = new ReceivedRecords((first as unknown as Found).received);
  const ownChanges = Object.entries(changes).map(([id, each]): [string, SnapshotRecord[]] => [id, [...each]]);
  const committed: Folded = {
    batch,
    time,
    zeroTime,
    offsets: { ...offsets },
    states: { ...states },
    changes: Object.fromEntries(ownChanges),
    totals,
  };
  let pending: Plan | undefined;
  for (const record of rest) {
    if (record['type'] === 'plan' && pending === undefined) pending = record as unknown as Plan;
    else if (record['type'] === 'opened') Object.assign(committed.offsets, record['offsets']);
    else if (record['type'] === 'received') received.add(record['source'] as string, record as unknown as Received);
    else if (record['type'] === 'commit' && pending !== undefined && pending.batch === record['batch']) {
      fold(committed, pending, record as unknown as BatchCommit);
      dropCommitted(received, pending);
      pending = undefined;
    } else {
      throw new StateError(
        'damaged',
        `checkpoint ${directory}: expected a plan and then its commit, got ${record['type']} of batch ${record['batch']}`,
      );
    }
  }
  return { committed, pending, received: received.all() };
}

export function dropCommitted(received: ReceivedRecords, plan: Plan): void {
  for (const [source, end] of Object.entries(endsOf(plan))) received.drop(source, end);
}

/** What is committed while a journal is folded into it, commit by commit. */
interface Folded {
  batch: number;
  time: number;
  zeroTime: number;
  totals: Totals;
  readonly offsets: Record<string, Offset>;
  readonly states: Record<string, SnapshotRecord>;
  readonly changes: Record<string, SnapshotRecord[]>;
}

function fold(committed: Folded, plan: Plan, { batch, states, changes, totals }: BatchCommit): void {
  Object.assign(committed, { batch, time: plan.time, zeroTime: plan.zeroTime, totals });
  Object.assign(committed.offsets, endsOf(plan));
  Object.assign(committed.states, states);
  for (const [id, changed] of Object.entries(changes)) {
    const all = ownValue(committed.changes, id);
    if (all === undefined) committed.changes[id] = [changed];
    else all.push(changed);
  }
}

/** Where each source stands after a batch. */
export function endsOf(plan: Plan): Record<string, Offset> {
  return Object.fromEntries(Object.entries(plan.ranges).map(([id, range]) => [id, range.end]));
}

export function snapshotRecord(committed: Committed, received: Found['received']): SnapshotRecord {
  return { type: 'snapshot', format: FORMAT, version: VERSION, ...committed, received };
}

function checkFormat(first: SnapshotRecord | undefined, directory: string): void {
  if (first?.['format'] !== FORMAT) {
    throw new StateError('unknown-format', `checkpoint ${directory}: expected a ${FORMAT}, got ${first?.['format']}`);
  }
  const version = first['version'];
  if (typeof version !== 'number' || version > VERSION) {
    throw new StateError(
      'newer-format',
      `checkpoint ${directory}: format version ${version}, this Millrace reads up to ${VERSION}; use a newer one`,
    );
  }
}
