import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { featureImportances } from '../../numeric/trees/feature-importances.ts';
import { type Forest, forestOf } from '../../numeric/trees/forest.ts';
import { classImpurity } from '../../numeric/trees/impurity.ts';
import type { TreeNode } from '../../numeric/trees/tree-node.ts';
import { chosenClasses, requireThresholds, sharesOf, withClassColumns } from '../classification/class-columns.ts';
import { featureMatrix } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { classesOf } from '../training-rows.ts';
import { DecisionTreeClassificationModel } from './decision-tree-classifier.ts';
import { leafVectorSums, withLeafColumn } from './leaf-columns.ts';
import { ensembleData, restoredShape, restoredTrees } from './tree-data.ts';
import { TreeGrower } from './tree-growing.ts';
import { featuresPerNode, forestParams } from './tree-params.ts';
import {
  CLASS_TREE_PARAMS,
  classColumnsOf,
  classTreeSchema,
  requireTreeColumns,
  treeSettings,
} from './tree-settings.ts';

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
    const numTrees = this.get('numTrees');
    const perNode = featuresPerNode(this.get('featureSubsetStrategy'), numFeatures, numTrees === 1 ? 'all' : 'sqrt');
    const trees = Array.from({ length: numTrees }, () => {
      const counts = grower.drawn(this.get('subsamplingRate'), this.get('bootstrap'));
      return grower.grow(labels, impurity, { numClasses, counts, perNode });
    });
    const learned = { trees, numFeatures, numClasses: impurity.size };
    return new RandomForestClassificationModel(learned, this.set, this.uid);
  }
}

export interface RandomForestClassificationLearned {
  /** Each its nodes in pre-order. */
  readonly trees: readonly (readonly TreeNode[])[];
  readonly numFeatures: number;
  readonly numClasses: number;
}

/** What `RandomForestClassifier` has learned. `rawPrediction`: Σ over the trees of the shares of the classes in a row's leaf. */
export class RandomForestClassificationModel extends ModelStage<RandomForestClassificationLearned, typeof PARAMS> {
  static readonly className = 'org.apache.spark.ml.classification.RandomForestClassificationModel';
  static readonly params = PARAMS;
  readonly #forest: Forest;
  readonly #leafShares: Float64Array;

  constructor(learned: RandomForestClassificationLearned, options: RandomForestClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), learned.numClasses);
    this.#forest = forestOf(learned.trees);
    this.#leafShares = Float64Array.from(
      learned.trees.flatMap((nodes) =>
        nodes.flatMap(({ impurityStats }) => {
          const total = impurityStats.reduce((sum, each) => sum + each, 0);
          return impurityStats.map((each) => (total === 0 ? 0 : each / total));
        }),
      ),
    );
  }

  static override async restore(saved: SavedStage): Promise<RandomForestClassificationModel> {
    const shape = restoredShape(saved);
    if (shape.numClasses < 1) throw saved.damaged('numClasses of 1 or more', shape.numClasses);
    const trees = (await restoredTrees(saved, shape)).map(({ nodes }) => nodes);
    return new RandomForestClassificationModel({ trees, ...shape }, saved.options(PARAMS), saved.uid);
  }

  override savedData() {
    const { trees, numFeatures, numClasses } = this.learned;
    return ensembleData(
      trees.map((nodes) => ({ nodes, weight: 1 })),
      (nodes, index) => new DecisionTreeClassificationModel({ nodes, numFeatures, numClasses }, {}, `dtc_${index}`),
    );
  }

  override savedExtra() {
    const { trees, numFeatures, numClasses } = this.learned;
    return { numFeatures, numClasses, numTrees: trees.length };
  }

  /** Shares that add up to 1: how much each feature lowers the impurity, every tree counting the same. Float64Array[d]. */
  get featureImportances(): Float64Array {
    const totalOf = (stats: readonly number[]) => stats.reduce((sum, each) => sum + each, 0);
    return featureImportances(this.learned.trees, this.learned.numFeatures, totalOf, { perTree: true });
  }

  transformSchema(schema: Schema): Schema {
    return classTreeSchema(this, schema, 'vector', this.learned.numClasses);
  }

  protected transformChecked(table: Table): Table {
    const { trees, numFeatures, numClasses } = this.learned;
    const design = featureMatrix(table, this.get('featuresCol'), numFeatures, this.uid);
    const raw = leafVectorSums(this.#forest, design, this.#leafShares, numClasses);
    const probability = sharesOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    const scored = withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
    return withLeafColumn(scored, this.get('leafCol'), 'vector', { forest: this.#forest, trees, design });
  }
}
