import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { classImpurity } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { chosenClasses, requireThresholds, sharesOf, withClassColumns } from '../classification/class-columns.ts';
import { classColumnsOf } from '../classification/classifier.ts';
import type { OptionsOf } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, type Stage } from '../stage.ts';
import { classesOf } from '../training-rows.ts';
import { DecisionTreeClassificationModel } from './decision-tree-classifier.ts';
import { grownForest } from './grown-forest.ts';
import { leafVectorSums } from './leaf-columns.ts';
import { restoredShape, restoredTrees } from './tree-data.ts';
import { type TreeEnsemble, TreeEnsembleModel } from './tree-ensemble.ts';
import { TreeGrower } from './tree-growing.ts';
import { forestParams } from './tree-params.ts';
import { CLASS_TREE_PARAMS, classTreeSchema, requireTreeColumns, treeSettings } from './tree-settings.ts';

const PARAMS = { ...CLASS_TREE_PARAMS, ...forestParams };

export type RandomForestClassifierOptions = OptionsOf<typeof PARAMS>;

/**
 * Grows decision trees that tell classes, each on rows drawn with replacement, each split chosen from some of the features, and lets them
 * vote. `featureSubsetStrategy`: `auto` is all for one tree, and the square root of their number for more.
 *
 * Throws as `DecisionTreeClassifier`. Cost: O(trees · n · d · depth). Source: Breiman, Random Forests, 2001; Apache Spark,
 * RandomForestClassifier (spark.ml).
 */
export class RandomForestClassifier extends EstimatorStage<RandomForestClassificationModel, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.RandomForestClassifier';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return classTreeSchema(this, schema, 'vector');
  }

  fit(table: Table): RandomForestClassificationModel {
    this.transformSchema(table.schema);
    const grower = new TreeGrower(table, this.uid, treeSettings(this));
    const { labels } = grower.rows;
    const numClasses = classesOf(table, this.uid, this.get('labelCol'), labels);
    const impurity = classImpurity(this.get('impurity').toLowerCase() as 'gini' | 'entropy', Math.max(2, numClasses));
    const numFeatures = grower.features.columns.length;
    const trees = grownForest(this, grower, 'sqrt', (options) =>
      grower.grow(labels, impurity, { numClasses, ...options }),
    );
    const learned = { trees, numFeatures, numClasses: impurity.size };
    return new RandomForestClassificationModel(learned, this.set, this.uid);
  }
}

export interface RandomForestClassificationLearned extends TreeEnsemble {
  readonly numClasses: number;
}

/** What `RandomForestClassifier` has learned. `rawPrediction`: Σ over the trees of the shares of the classes in a row's leaf. */
export class RandomForestClassificationModel extends TreeEnsembleModel<
  RandomForestClassificationLearned,
  typeof PARAMS
> {
  static readonly className = 'org.apache.spark.ml.classification.RandomForestClassificationModel';
  static readonly params = PARAMS;
  readonly #leafShares: Float64Array;

  constructor(learned: RandomForestClassificationLearned, options: RandomForestClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), learned.numClasses);
    this.#leafShares = Float64Array.from(
      this.nodes.flat().flatMap(({ impurityStats }) => {
        const total = totalOf(impurityStats);
        return impurityStats.map((each) => (total === 0 ? 0 : each / total));
      }),
    );
  }

  static override async restore(saved: SavedStage): Promise<RandomForestClassificationModel> {
    const shape = restoredShape(saved);
    if (shape.numClasses < 1) throw saved.damaged('numClasses of 1 or more', shape.numClasses);
    const trees = await restoredTrees(saved, shape);
    return new RandomForestClassificationModel({ trees, ...shape }, saved.options(PARAMS), saved.uid);
  }

  override savedExtra() {
    return { ...super.savedExtra(), numClasses: this.learned.numClasses };
  }

  /** Shares that add up to 1: how much each feature lowers the impurity, every tree counting the same. Float64Array[d]. */
  get featureImportances(): Float64Array {
    return featureImportances(this.nodes, this.learned.numFeatures, totalOf, { perTree: true });
  }

  transformSchema(schema: Schema): Schema {
    return classTreeSchema(this, schema, 'vector', this.learned.numClasses);
  }

  protected treeStage(nodes: readonly TreeNode[], index: number): Stage {
    const { numFeatures, numClasses } = this.learned;
    return new DecisionTreeClassificationModel({ nodes, numFeatures, numClasses }, {}, `dtc_${index}`);
  }

  protected transformChecked(table: Table): Table {
    const design = this.designOf(table);
    const raw = leafVectorSums(this.forest, design, this.#leafShares, this.learned.numClasses);
    const probability = sharesOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    return this.withLeaves(withClassColumns(table, classColumnsOf(this), { raw, probability, prediction }), design);
  }
}

function totalOf(stats: readonly number[]): number {
  return stats.reduce((sum, each) => sum + each, 0);
}
