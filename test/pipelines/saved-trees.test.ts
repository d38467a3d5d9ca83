import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import type { TreeNode } from '../../src/numeric/trees/tree-node.ts';
import * as p from '../../src/pipelines/index.ts';
import type { SavedData } from '../../src/pipelines/saved/data-types.ts';
import { toParquet } from '../../src/pipelines/saved/parquet-data.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const table = Table.fromRows(
  Array.from({ length: 40 }, (_, i) => ({ features: [i % 8, (i * 3) % 7], label: (i % 8) * ((i * 3) % 7) })),
);

const tree = new p.DecisionTreeRegressor({ maxDepth: 3 }).fit(table);
const forest = new p.RandomForestRegressor({ numTrees: 2, maxDepth: 2 }).fit(table);

/** One node changed: what is wrong with it, and how the refusal names it. */
const HARMS: readonly (readonly [string, Partial<TreeNode>, RegExp])[] = [
  ['a child beyond the last node', { rightChild: 1_000_000 }, /node 0: children/],
  ['a child that is the node itself', { leftChild: 0 }, /node 0: children/],
  ['a child before its node', { rightChild: -5 }, /node 0: children/],
  ['an id that occurs twice', { id: 1 }, /node 0 is called 1/],
  ['a leaf in the place of a split', { leftChild: -1, rightChild: -1 }, /node 0: what follows is no child/],
  [
    'a feature that there is not',
    { split: { featureIndex: 7, leftCategoriesOrThreshold: [1], numCategories: -1 } },
    /feature 7 of 2/,
  ],
  [
    'a split without a threshold',
    { split: { featureIndex: 0, leftCategoriesOrThreshold: [], numCategories: -1 } },
    /0 thresholds/,
  ],
  [
    'a category that there is not',
    { split: { featureIndex: 0, leftCategoriesOrThreshold: [9], numCategories: 3 } },
    /categories 9 of 3/,
  ],
  [
    'categories without number',
    { split: { featureIndex: 0, leftCategoriesOrThreshold: [], numCategories: 2 ** 31 - 1 } },
    /categories/,
  ],
  ['statistics of another kind', { impurityStats: [1] }, /3 statistics/],
];

it.each(HARMS)('refuses a tree with %s', async (_what, harm, message) => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  await tree.save(directory);
  const data = tree.savedData()['data']!;
  await replaceData(directory, 'data', {
    ...data,
    rows: data.rows.map((row, i) => (i === 0 ? { ...row, ...harm } : row)),
  });
  await expect(p.loadStage(directory)).rejects.toThrow(message);
});

it('refuses two nodes that share a child', async () => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  await tree.save(directory);
  const data = tree.savedData()['data']!;
  const nodes = data.rows as unknown as TreeNode[];
  const inner = nodes.findIndex(({ id, leftChild }) => id > 0 && leftChild > 0);
  const rows = nodes.map((row, i) => (i === inner ? { ...row, rightChild: nodes[0]!.rightChild } : row));
  await replaceData(directory, 'data', { ...data, rows });
  await expect(p.loadStage(directory)).rejects.toThrow(/a whole tree/);
});

it('refuses a forest of which a tree, a weight or nodes are missing', async () => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  const { data, treesMetadata } = forest.savedData() as Record<string, SavedData>;
  const harmed: readonly (readonly [string, SavedData])[] = [
    ['treesMetadata', { ...treesMetadata!, rows: treesMetadata!.rows.slice(1) }],
    ['data', { ...data!, rows: data!.rows.filter((row) => row['treeID'] === 0) }],
    ['data', { ...data!, rows: data!.rows.slice(1) }],
    ['data', { ...data!, rows: data!.rows.map((row) => ({ ...row, treeID: 5 })) }],
  ];
  for (const [folder, rows] of harmed) {
    await forest.save(directory, { overwrite: true });
    await replaceData(directory, folder, rows);
    await expect(p.loadStage(directory)).rejects.toThrow(/expected/);
  }
});

it('takes the nodes in any order of rows, as Spark may write them', async () => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  await forest.save(directory);
  const { data } = forest.savedData() as Record<string, SavedData>;
  await replaceData(directory, 'data', { ...data!, rows: [...data!.rows].reverse() });
  const loaded = await p.loadStage(directory, p.RandomForestRegressionModel);
  expect(loaded.transform(table).toRows()).toEqual(forest.transform(table).toRows());
});

async function replaceData(directory: string, folder: string, data: SavedData): Promise<void> {
  const names = await fs.readdir(path.join(directory, folder));
  const [part] = names.filter((name) => name.endsWith('.parquet'));
  await fs.rm(path.join(directory, folder, `.${part}.crc`));
  await fs.writeFile(path.join(directory, folder, part!), toParquet(data));
}
