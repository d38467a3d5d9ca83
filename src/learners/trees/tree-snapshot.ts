import type { Snapshot, SnapshotRecord } from '../../batch/snapshot.ts';
import { excerpt, StateError } from '../../errors.ts';
import type { Adwin } from '../../monitors/drift/adwin.ts';
import { type SubtreeWatch, type TreeLeaf, TreeNode } from './tree-node.ts';

/** A tree as plain data: leaves and branches, nested as they are. */
export function snapshotOfNode<L extends TreeLeaf<L>>(node: TreeNode<L>): SnapshotRecord {
  const watch = node.watch === undefined ? {} : { watch: snapshotOfWatch(node.watch) };
  if (node.leaf !== undefined) return { leaf: node.leaf.snapshot(), ...watch };
  const { kind, feature, threshold } = node;
  const children = node.children.map((child) => snapshotOfNode(child));
  if (kind === 'values') return { feature, children, ...watch };
  const [left, right] = children as [SnapshotRecord, SnapshotRecord];
  return { feature, [kind]: threshold, left, right, ...watch };
}

function snapshotOfWatch<L extends TreeLeaf<L>>({ errors, alternate }: SubtreeWatch<L>): SnapshotRecord {
  return { errors: errors.snapshot(), ...(alternate === undefined ? {} : { alternate: snapshotOfNode(alternate) }) };
}

/** Makes a tree of what was saved of it. */
export interface TreeReader<L> {
  readonly kind: string;
  /** How many values each feature has, 0 of one that is not nominal: Int32Array[d]. */
  readonly numValues: Int32Array;
  readonly leafOf: (snapshot: SnapshotRecord) => L;
  /** Of an adaptive tree: a detector that has seen nothing. */
  readonly newDetector?: () => Adwin;
}

/** Throws `StateError` (`does-not-fit`) where the snapshot is no such tree. */
export function nodeOfSnapshot<L>(saved: Snapshot | undefined, reader: TreeReader<L>, depth = 0): TreeNode<L> {
  const { kind, numValues, leafOf } = reader;
  const record = recordOf(saved, 'tree', kind);
  const node = new TreeNode<L>(undefined, depth);
  node.watch = watchOfSnapshot(record['watch'], reader, depth);
  if (record['leaf'] !== undefined) {
    node.leaf = leafOf(recordOf(record['leaf'], 'leaf', kind));
    return node;
  }
  const feature = savedNumber(record, 'feature', kind);
  if (!(Number.isInteger(feature) && feature >= 0 && feature < numValues.length)) {
    throw new StateError('does-not-fit', `${kind}: expected a saved feature below ${numValues.length}, got ${feature}`);
  }
  const nodeOf = (child: Snapshot | undefined) => nodeOfSnapshot(child, reader, depth + 1);
  const { children, left, right } = record;
  if (children === undefined) {
    const test = record['value'] === undefined ? 'threshold' : 'value';
    return node.branch({ kind: test, feature, threshold: savedNumber(record, test, kind) }, [
      nodeOf(left),
      nodeOf(right),
    ]);
  }
  if (!Array.isArray(children) || children.length !== numValues[feature]) {
    throw new StateError('does-not-fit', `${kind}: expected a saved branch for each of ${numValues[feature]} values`);
  }
  return node.branch({ kind: 'values', feature, threshold: 0 }, children.map(nodeOf));
}

function watchOfSnapshot<L>(
  saved: Snapshot | undefined,
  reader: TreeReader<L>,
  depth: number,
): SubtreeWatch<L> | undefined {
  const { kind, newDetector } = reader;
  if (newDetector === undefined || saved === undefined) return undefined;
  const { errors, alternate } = recordOf(saved, 'watch', kind);
  const detector = newDetector();
  detector.restore(recordOf(errors, 'errors', kind));
  return {
    errors: detector,
    alternate: alternate === undefined ? undefined : nodeOfSnapshot(alternate, reader, depth),
  };
}

/** A part of a snapshot that has parts itself. */
export function recordOf(saved: Snapshot | undefined, what: string, kind: string): SnapshotRecord {
  const isRecord = typeof saved === 'object' && saved !== null && !Array.isArray(saved);
  if (isRecord && !(saved instanceof Float64Array)) return saved as SnapshotRecord;
  throw new StateError('does-not-fit', `${kind}: expected a saved ${what}, got ${excerpt(saved)}`);
}

/** A finite number of a snapshot. */
export function savedNumber(snapshot: SnapshotRecord, name: string, kind: string): number {
  const value = snapshot[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new StateError('does-not-fit', `${kind}: expected a saved ${name}, a number, got ${excerpt(value)}`);
}
