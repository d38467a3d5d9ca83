import type { Features } from '../../batch/examples.ts';
import { toDense } from '../../batch/sparse-rows.ts';
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { type Random, seededRandom } from '../../host/random.ts';
import { sumOf } from '../../numeric/linear.ts';
import { type BinnedFeature, binCategories, binNumbers } from '../../numeric/trees/binned-features.ts';
import { growTree } from '../../numeric/trees/grow-tree.ts';
import type { Impurity } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { seedOf } from '../params/seed-of.ts';
import { type TrainingRows, trainingRows } from '../training-rows.ts';
import { requireCategories } from './tree-data.ts';

/** What of its parameters a tree grows by. */
export interface TreeSettings {
  readonly featuresCol: string;
  readonly labelCol: string;
  readonly weightCol: string | undefined;
  readonly seed: number | bigint;
  readonly maxDepth: number;
  readonly maxBins: number;
  readonly minInstancesPerNode: number;
  readonly minWeightFractionPerNode: number;
  readonly minInfoGain: number;
}

export interface GrowTreeOptions {
  /** Of a tree that tells classes. Default 0: values. */
  readonly numClasses?: number;
  /** How many times each row is drawn. Default once. */
  readonly counts?: Uint16Array | undefined;
  /** How many features each split is chosen from. Default all. */
  readonly perNode?: number;
}

/** Grows trees on the rows of one table, whose features are binned once. */
export class TreeGrower {
  readonly rows: TrainingRows;
  readonly features: Features;
  readonly random: Random;
  readonly #settings: TreeSettings;
  readonly #binned: readonly BinnedFeature[];

  /** Throws as `trainingRows`; `UsageError` (`bad-option`) where a feature has more categories than `maxBins`. */
  constructor(table: Table, who: string, settings: TreeSettings) {
    this.rows = trainingRows(table, who, settings);
    const { matrix, weights } = this.rows;
    this.features = 'starts' in matrix ? toDense(matrix) : matrix;
    this.random = seededRandom(seedOf(settings.seed));
    this.#settings = settings;
    const { maxBins, featuresCol } = settings;
    requireCategories(table, who, featuresCol, this.features.columns);
    const { categories } = table.schema.field(featuresCol);
    for (const [slot, { count }] of categories ?? []) {
      if (count <= maxBins) continue;
      throw new UsageError(
        'bad-option',
        `${who}: maxBins: expected at least as many as a feature has categories, ${count} of feature ${slot}, got ${maxBins}`,
      );
    }
    this.#binned = this.features.columns.map((column, j) => {
      const count = categories?.get(j)?.count;
      if (count !== undefined) return binCategories(column, count);
      return binNumbers(column, weights, maxBins, () => this.random.next());
    });
  }

  /** A tree that tells `targets` from the features. */
  grow(
    targets: Float64Array,
    impurity: Impurity,
    { numClasses = 0, counts, perNode = this.#binned.length }: GrowTreeOptions = {},
  ): TreeNode[] {
    const d = this.#binned.length;
    const { weights } = this.rows;
    const total = weights === undefined ? targets.length : sumOf(weights);
    return growTree({
      ...this.#settings,
      features: this.#binned,
      targets,
      weights,
      counts,
      impurity,
      numClasses,
      maxBins: Math.min(this.#settings.maxBins, targets.length),
      minWeight: this.#settings.minWeightFractionPerNode * total,
      featuresForNode: () => (perNode < d ? sample(d, perNode, this.random) : undefined),
    });
  }

  /** How many times each row is drawn: with replacement, or once or not at all; undefined where each is there once. */
  drawn(rate: number, withReplacement: boolean): Uint16Array | undefined {
    const n = this.rows.labels.length;
    if (withReplacement) return Uint16Array.from({ length: n }, () => poisson(rate, this.random));
    return rate < 1 ? Uint16Array.from({ length: n }, () => (this.random.next() < rate ? 1 : 0)) : undefined;
  }
}

/** So many of 0 to d − 1, in ascending order. */
function sample(d: number, size: number, random: Random): number[] {
  const all = Array.from({ length: d }, (_, j) => j);
  for (let j = 0; j < size; j++) {
    const other = j + Math.floor(random.next() * (d - j));
    [all[j], all[other]] = [all[other]!, all[j]!];
  }
  return all.slice(0, size).sort((a, b) => a - b);
}

/** A draw from the Poisson distribution with a small mean. Source: Knuth, The Art of Computer Programming, volume 2. */
function poisson(mean: number, random: Random): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > least; product *= random.next()) count++;
  return count;
}
