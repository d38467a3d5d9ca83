import type { Column } from '../../batch/column.ts';
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Design } from '../../numeric/design.ts';
import { type Forest, walkForest } from '../../numeric/trees/forest.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';

/** The schema with the leaf that each row comes to: a number, of an ensemble a vector with one for each tree. */
export function withLeafSchema(schema: Schema, leafCol: string, type: 'double' | 'vector'): Schema {
  return leafCol ? schema.with({ name: leafCol, type }) : schema;
}

/** Leaves are numbered in pre-order, tree by tree. */
export function withLeafColumn(
  table: Table,
  leafCol: string,
  type: 'double' | 'vector',
  {
    forest,
    trees,
    design,
  }: { readonly forest: Forest; readonly trees: readonly (readonly TreeNode[])[]; readonly design: Design },
): Table {
  if (!leafCol) return table;
  const numbers = trees.flatMap((nodes) => {
    let next = 0;
    return nodes.map(({ leftChild }) => (leftChild === -1 ? next++ : -1));
  });
  const columns = trees.map(() => new Float64Array(design.rows));
  walkForest(forest, design, (tree, leaves, start, n) => {
    for (let i = 0; i < n; i++) columns[tree]![start + i] = numbers[leaves[i]!]!;
  });
  const column: Column =
    type === 'double' ? { type, values: columns[0]! } : { type, matrix: { rows: design.rows, columns } };
  return table.withColumn(leafCol, column);
}

/** Σ over the trees of a number that each leaf has. Float64Array[n]. */
export function leafSums(forest: Forest, design: Design, numbers: Float64Array): Float64Array {
  const sums = new Float64Array(design.rows);
  walkForest(forest, design, (_tree, leaves, start, n) => {
    for (let i = 0; i < n; i++) sums[start + i] = sums[start + i]! + numbers[leaves[i]!]!;
  });
  return sums;
}

/** As `leafSums`, of k numbers a leaf, those of leaf l at l · k: k Float64Array[n]. */
export function leafVectorSums(forest: Forest, design: Design, numbers: Float64Array, k: number): Float64Array[] {
  const sums = Array.from({ length: k }, () => new Float64Array(design.rows));
  walkForest(forest, design, (_tree, leaves, start, n) => {
    for (let c = 0; c < k; c++) {
      const column = sums[c]!;
      for (let i = 0; i < n; i++) column[start + i] = column[start + i]! + numbers[leaves[i]! * k + c]!;
    }
  });
  return sums;
}
