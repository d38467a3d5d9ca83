import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { classImpurity } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { chosenClasses, requireThresholds, sharesOf, withClassColumns } from '../classification/class-columns.ts';
import { classColumnsOf } from '../classification/classifier.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { classesOf } from '../training-rows.ts';
import { leafVectorSums, withLeafColumn } from './leaf-columns.ts';
import { restoredShape, restoredTree, treeData } from './tree-data.ts';
import { TreeGrower } from './tree-growing.ts';
import {
  CLASS_TREE_PARAMS,
  type ClassTreeOptions,
  classTreeSchema,
  requireTreeColumns,
  treeSettings,
} from './tree-settings.ts';

/**
 * Grows a decision tree that tells classes: each split is the one that leaves the classes least mixed, by `impurity`. Features that the
 * schema calls categories are split by category, others by thresholds between at most `maxBins` bins.
 *
 * Throws `BadRowsError` for rows that are not finite numbers, whose label is no class or whose category is none; `UsageError`
 * (`too-few-records`, `bad-option`). Cost: O(n · d · depth). Source: Apache Spark, DecisionTreeClassifier (spark.ml).
 */
export class DecisionTreeClassifier extends EstimatorStage<DecisionTreeClassificationModel, typeof CLASS_TREE_PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.DecisionTreeClassifier';
  static readonly params = CLASS_TREE_PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTreeColumns(this, schema);
    return classTreeSchema(this, schema, 'double');
  }

  fit(table: Table): DecisionTreeClassificationModel {
    this.transformSchema(table.schema);
    const grower = new TreeGrower(table, this.uid, treeSettings(this));
    const { labels } = grower.rows;
    const numClasses = classesOf(table, this.uid, this.get('labelCol'), labels);
    const impurity = classImpurity(this.get('impurity').toLowerCase() as 'gini' | 'entropy', Math.max(2, numClasses));
    const nodes = grower.grow(labels, impurity, { numClasses });
    const learned = { nodes, numFeatures: grower.features.columns.length, numClasses: impurity.size };
    return new DecisionTreeClassificationModel(learned, this.set, this.uid);
  }
}

export interface DecisionTreeClassificationLearned {
  /** In pre-order. */
  readonly nodes: readonly TreeNode[];
  readonly numFeatures: number;
  readonly numClasses: number;
}

/** What `DecisionTreeClassifier` has learned. `rawPrediction`: the weight of each class in the leaf that a row comes to. */
export class DecisionTreeClassificationModel extends ModelStage<
  DecisionTreeClassificationLearned,
  typeof CLASS_TREE_PARAMS
> {
  static readonly className = 'org.apache.spark.ml.classification.DecisionTreeClassificationModel';
  static readonly params = CLASS_TREE_PARAMS;
  readonly #forest: Forest;
  readonly #leafWeights: Float64Array;

  constructor(learned: DecisionTreeClassificationLearned, options: ClassTreeOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), learned.numClasses);
    this.#forest = forestOf([learned.nodes]);
    this.#leafWeights = Float64Array.from(learned.nodes.flatMap(({ impurityStats }) => impurityStats));
  }

  static override async restore(saved: SavedStage): Promise<DecisionTreeClassificationModel> {
    const shape = restoredShape(saved);
    if (shape.numClasses < 1) throw saved.damaged('numClasses of 1 or more', shape.numClasses);
    const nodes = await restoredTree(saved, shape);
    return new DecisionTreeClassificationModel({ nodes, ...shape }, saved.options(CLASS_TREE_PARAMS), saved.uid);
  }

  override savedData() {
    return treeData(this.learned.nodes);
  }

  override savedExtra() {
    return { numFeatures: this.learned.numFeatures, numClasses: this.learned.numClasses };
  }

  /** Shares that add up to 1: how much each feature lowers the impurity. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const totalOf = (stats: readonly number[]) => stats.reduce((sum, each) => sum + each, 0);
    return featureImportances([this.learned.nodes], this.learned.numFeatures, totalOf, { perTree: true });
  }

  transformSchema(schema: Schema): Schema {
    return classTreeSchema(this, schema, 'double', this.learned.numClasses);
  }

  protected transformChecked(table: Table): Table {
    const { nodes, numFeatures, numClasses } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const raw = leafVectorSums(this.#forest, design, this.#leafWeights, numClasses);
    const probability = sharesOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    const scored = withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
    return withLeafColumn(scored, this.get('leafCol'), 'double', { forest: this.#forest, trees: [nodes], design });
  }
}
