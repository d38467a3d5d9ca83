/** Trees as Spark saves them, and what has to hold of those that are read: a file may say anything. */
import type { Table } from '../../batch/table.ts';
import { type TreeNode, treeProblem } from '../../numeric/trees/tree-node.ts';
import { double, int, list, long, optional, type SavedData, string, struct } from '../saved/data-types.ts';
import { metadataText } from '../saved/metadata.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import type { Stage } from '../stage.ts';

const NODE = {
  id: int,
  prediction: double,
  impurity: double,
  impurityStats: list(double),
  rawCount: long,
  gain: double,
  leftChild: int,
  rightChild: int,
  split: struct({ featureIndex: int, leftCategoriesOrThreshold: list(double), numCategories: int }),
};

/** Spark 2 counts no rows. */
const READ_NODE = { ...NODE, rawCount: optional(long) };

const ENSEMBLE_ROW = { treeID: int, nodeData: struct(NODE) };
const READ_ENSEMBLE_ROW = { treeID: int, nodeData: struct(READ_NODE) };

const TREE_ROW = { treeID: int, metadata: string, weights: double };

/** Spark 4.1 names the columns by their places. */
const READ_TREE_ROW = {
  treeID: optional(int),
  metadata: optional(string),
  weights: optional(double),
  _1: optional(int),
  _2: optional(string),
  _3: optional(double),
};

/** What leaves may say: so many classes, or any value, which 0 stands for. */
export interface TreeShape {
  readonly numFeatures: number;
  readonly numClasses: number;
}

export interface WeightedTree {
  readonly nodes: readonly TreeNode[];
  readonly weight: number;
}

export function treeData(nodes: readonly TreeNode[]): Readonly<Record<string, SavedData>> {
  return { data: { columns: NODE, rows: nodes } };
}

/** `stageOf`: the tree as a stage of its own, of which Spark keeps the metadata. */
export function ensembleData(
  trees: readonly WeightedTree[],
  stageOf: (nodes: readonly TreeNode[], index: number) => Stage,
): Readonly<Record<string, SavedData>> {
  const rows = trees.flatMap(({ nodes }, treeID) => nodes.map((nodeData) => ({ treeID, nodeData })));
  const metadata = trees.map(({ nodes, weight }, treeID) => ({
    treeID,
    metadata: metadataText(stageOf(nodes, treeID), 0),
    weights: weight,
  }));
  return { data: { columns: ENSEMBLE_ROW, rows }, treesMetadata: { columns: TREE_ROW, rows: metadata } };
}

/** Throws `StateError` (`damaged`). */
export async function restoredTree(saved: SavedStage, shape: TreeShape): Promise<TreeNode[]> {
  return checkedTree(saved, await saved.rows(READ_NODE), shape, 'tree');
}

/** Throws `StateError` (`damaged`). */
export async function restoredTrees(saved: SavedStage, shape: TreeShape): Promise<WeightedTree[]> {
  const weights = new Map<number, number>();
  for (const row of await saved.rows(READ_TREE_ROW, 'treesMetadata')) {
    const [id, weight] = [row.treeID ?? row._1, row.weights ?? row._3];
    if (id === undefined || weight === undefined || weights.has(id)) throw saved.damaged('a weight for each tree', row);
    weights.set(id, weight);
  }
  const numTrees = saved.metadata['numTrees'];
  if (weights.size === 0 || weights.size !== numTrees) throw saved.damaged(`${numTrees} trees`, weights.size);
  const nodes = new Map<number, SavedNode[]>();
  for (const { treeID, nodeData } of await saved.rows(READ_ENSEMBLE_ROW)) {
    const own = nodes.get(treeID) ?? [];
    own.push(nodeData);
    nodes.set(treeID, own);
  }
  if (nodes.size !== weights.size) throw saved.damaged(`nodes of ${weights.size} trees`, nodes.size);
  return Array.from({ length: weights.size }, (_, id) => {
    const weight = weights.get(id);
    if (weight === undefined || !Number.isFinite(weight)) throw saved.damaged(`a weight for tree ${id}`, weight);
    return { weight, nodes: checkedTree(saved, nodes.get(id) ?? [], shape, `tree ${id}`) };
  });
}

/** `numFeatures`, and `numClasses` where it is a classifier. Throws `StateError` (`damaged`). */
export function restoredShape(saved: SavedStage, numClasses?: number): TreeShape {
  const shape = {
    numFeatures: saved.metadata['numFeatures'],
    numClasses: numClasses ?? saved.metadata['numClasses'],
  };
  for (const [name, value] of Object.entries(shape)) {
    if (!Number.isInteger(value) || (value as number) < 0) throw saved.damaged(name, value);
  }
  return shape as TreeShape;
}

type SavedNode = Omit<TreeNode, 'rawCount'> & { readonly rawCount?: number | undefined };

/** Numbers that stand for the rows of a node whose target is a value: count, Σ y, Σ y². */
const VALUE_STATS = 3;

function checkedTree(
  saved: SavedStage,
  rows: readonly SavedNode[],
  { numFeatures, numClasses }: TreeShape,
  what: string,
): TreeNode[] {
  const nodes = rows.map((row) => ({ ...row, rawCount: row.rawCount ?? -1 })).sort((a, b) => a.id - b.id);
  const problem = treeProblem(nodes, numFeatures);
  if (problem !== undefined) throw saved.damaged(`a whole ${what}`, problem);
  for (const { id, prediction, impurityStats } of nodes) {
    if (impurityStats.length !== (numClasses || VALUE_STATS)) {
      throw saved.damaged(`${what}: node ${id}: ${numClasses || VALUE_STATS} statistics`, impurityStats.length);
    }
    const fits = numClasses === 0 || (Number.isInteger(prediction) && prediction >= 0 && prediction < numClasses);
    if (!fits) throw saved.damaged(`${what}: node ${id}: a class`, prediction);
  }
  return nodes;
}

/** Throws `BadRowsError` naming rows with a number that is none of its feature's categories. */
export function requireCategories(table: Table, who: string, name: string, columns: readonly Float64Array[]): void {
  const categories = table.schema.field(name).categories;
  for (const [slot, { count }] of categories ?? []) {
    const column = columns[slot];
    if (column === undefined || column.every((value) => Number.isInteger(value) && value >= 0 && value < count))
      continue;
    throw table.badRows(who, (i) =>
      Number.isInteger(column[i]) && column[i]! >= 0 && column[i]! < count
        ? undefined
        : `column ${name}: feature ${slot}: expected a category from 0 to ${count - 1}, got ${column[i]}`,
    );
  }
}
