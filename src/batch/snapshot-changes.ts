import { StateError } from '../errors.ts';
import { isPlainObject, type Snapshot, type SnapshotRecord } from './snapshot.ts';

/** What a part became, or what became of its parts, by name or by index; and which of its names are gone. */
type Change =
  | { readonly now: Snapshot }
  | { readonly parts: { readonly [name: string]: Change }; readonly gone?: readonly string[] };

/**
 * What makes a snapshot of another one, as a snapshot: only what differs, all the way down; undefined where nothing does.
 * Law (`test/batch/snapshot-changes.test.ts`): `withChanges(before, changesBetween(before, after))` is `after`. Cost: O(size of both).
 */
export function changesBetween(before: SnapshotRecord, after: SnapshotRecord): SnapshotRecord | undefined {
  return changeOf(before, after);
}

/** The snapshot that `changes` make of `before`, which stays as it is. Throws `StateError` (`does-not-fit`) where they are none of it. */
export function withChanges(before: SnapshotRecord, changes: SnapshotRecord): SnapshotRecord {
  return changed(before, changes as unknown as Change) as SnapshotRecord;
}

function changeOf(before: Snapshot, after: Snapshot): Change | undefined {
  if (typeof after !== 'object' || !(isParent(before) && isParent(after) && isSameKind(before, after))) {
    return isSame(before, after) ? undefined : { now: after };
  }
  const parts: Record<string, Change> = Object.create(null);
  let differs = false;
  for (const name in after) {
    const change = Object.hasOwn(before, name) ? changeOf(before[name], after[name]) : { now: after[name] };
    if (change === undefined) continue;
    parts[name] = change;
    differs = true;
  }
  const gone: string[] = [];
  for (const name in before) if (!Object.hasOwn(after, name)) gone.push(name);
  if (gone.length > 0) return { parts, gone };
  return differs ? { parts } : undefined;
}

function changed(before: Snapshot, change: Change): Snapshot {
  if ('now' in change) return change.now;
  if (!isParent(before) || !isRecord(change.parts)) {
    throw new StateError('does-not-fit', 'snapshot: its changes are of another one');
  }
  const after = new Map(Object.entries(before));
  for (const [name, part] of Object.entries(change.parts)) after.set(name, changed(after.get(name), part));
  for (const name of change.gone ?? []) after.delete(name);
  return Array.isArray(before) ? [...after.values()] : Object.fromEntries(after);
}

/** An array or a record. */
function isParent(snapshot: Snapshot): snapshot is SnapshotRecord {
  return Array.isArray(snapshot) || isRecord(snapshot);
}

function isRecord(value: unknown): value is SnapshotRecord {
  return typeof value === 'object' && value !== null && isPlainObject(value);
}

/** Whether both are records, or arrays of one length. */
function isSameKind(a: SnapshotRecord, b: SnapshotRecord): boolean {
  if (!(Array.isArray(a) || Array.isArray(b))) return true;
  return Array.isArray(a) && Array.isArray(b) && a.length === b.length;
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  if (a instanceof Float64Array && b instanceof Float64Array) return isSameColumn(a, b);
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  return Object.is(a, b);
}

function isSameColumn(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
