/** What models of several trees share. */
import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import type { Design } from '../../numeric/design.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf, Params } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { ModelStage, type Stage } from '../stage.ts';
import { DecisionTreeRegressionModel } from './decision-tree-regressor.ts';
import { leafSums, withLeafColumn } from './leaf-columns.ts';
import { ensembleData, restoredShape, restoredTrees, type WeightedTree } from './tree-data.ts';
import type { TREE_PARAMS } from './tree-params.ts';
import { valueTreeSchema } from './tree-settings.ts';

export interface TreeEnsemble {
  readonly trees: readonly WeightedTree[];
  readonly numFeatures: number;
}

type TreeParams = Params & typeof TREE_PARAMS;

export abstract class TreeEnsembleModel<L extends TreeEnsemble, P extends TreeParams> extends ModelStage<L, P> {
  protected readonly forest: Forest;

  constructor(learned: L, options: OptionsOf<P> = {}, uid?: string) {
    super(learned, options, uid);
    this.forest = forestOf(this.nodes);
  }

  /** By tree, in pre-order. */
  protected get nodes(): readonly (readonly TreeNode[])[] {
    return this.learned.trees.map(({ nodes }) => nodes);
  }

  override savedData() {
    return ensembleData(this.learned.trees, (nodes, index) => this.treeStage(nodes, index));
  }

  override savedExtra(): Readonly<Record<string, number>> {
    return { numFeatures: this.learned.numFeatures, numTrees: this.learned.trees.length };
  }

  /** A tree as a stage of its own. */
  protected abstract treeStage(nodes: readonly TreeNode[], index: number): Stage;

  protected designOf(table: Table): Design {
    return featureMatrix(table, this.get('featuresCol'), this.learned.numFeatures, this.uid);
  }

  /** With the leaf of each tree that each row comes to, where that is asked for. */
  protected withLeaves(table: Table, design: Design): Table {
    return withLeafColumn(table, this.get('leafCol'), 'vector', { forest: this.forest, trees: this.nodes, design });
  }
}

/** Of trees that predict values. */
export abstract class ValueEnsembleModel<P extends TreeParams> extends TreeEnsembleModel<TreeEnsemble, P> {
  protected treeStage(nodes: readonly TreeNode[], index: number): Stage {
    const { numFeatures } = this.learned;
    return new DecisionTreeRegressionModel({ nodes, numFeatures }, {}, `dtr_${index}`);
  }

  /** Σ over the trees of weight · prediction. Float64Array[n]. */
  protected weightedSums(design: Design): Float64Array {
    return leafSums(this.forest, design, weightedLeaves(this.learned.trees));
  }

  protected importances(perTree: boolean): Float64Array {
    return featureImportances(this.nodes, this.learned.numFeatures, ([count]) => count!, { perTree });
  }
}

/** Of trees that predict values, for a regression. */
export abstract class RegressionEnsembleModel<P extends TreeParams> extends ValueEnsembleModel<P> {
  transformSchema(schema: Schema): Schema {
    return valueTreeSchema(this, schema, 'vector');
  }

  /** What is predicted, of the weighted sums of what the trees predict. */
  protected abstract predictionOf(sums: Float64Array): Float64Array;

  protected transformChecked(table: Table): Table {
    const design = this.designOf(table);
    const name = this.get('predictionCol');
    const values = this.predictionOf(this.weightedSums(design));
    return this.withLeaves(name ? table.withColumn(name, { type: 'double', values }) : table, design);
  }
}

/** A prediction's terms by leaf, of all trees: weight · prediction. */
export function weightedLeaves(trees: readonly WeightedTree[]): Float64Array {
  return Float64Array.from(trees.flatMap(({ nodes, weight }) => nodes.map(({ prediction }) => weight * prediction)));
}

/** Trees that predict values, as they were saved. Throws `StateError` (`damaged`). */
export async function restoredEnsemble(saved: SavedStage): Promise<TreeEnsemble> {
  const shape = restoredShape(saved, 0);
  return { trees: await restoredTrees(saved, shape), numFeatures: shape.numFeatures };
}
