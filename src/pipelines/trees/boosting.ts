/** Gradient boosting: each tree predicts what the ones before it leave of the labels. */
import type { Table } from '../../batch/table.ts';
import { UsageError } from '../../errors.ts';
import { softplus } from '../../numeric/logistic.ts';
import { forestOf } from '../../numeric/trees/forest.ts';
import { variance } from '../../numeric/trees/impurity.ts';
import { doubleParam, stringParam } from '../params/param-kinds.ts';
import { maxIter } from '../params/shared-params.ts';
import type { Stage } from '../stage.ts';
import { leafSums } from './leaf-columns.ts';
import type { WeightedTree } from './tree-data.ts';
import { type TreeEnsemble, weightedLeaves } from './tree-ensemble.ts';
import { TreeGrower, type TreeSettings } from './tree-growing.ts';
import { ensembleParams, featuresPerNode, TREE_PARAMS, varianceParam } from './tree-params.ts';

/** Of both boosted stages. */
export const BOOSTING_PARAMS = {
  ...TREE_PARAMS,
  ...varianceParam,
  ...ensembleParams('all'),
  ...maxIter(20),
  /** What each tree but the first counts for, in (0, 1]. Default 0.1. */
  stepSize: doubleParam({ above: 0, atMost: 1, default: 0.1 }),
  /** Least fall of the error on rows held back, as a share of it, for another tree. Default 0.01. */
  validationTol: doubleParam({ atLeast: 0, default: 0.01 }),
  /** The column that is true for rows held back, by which the number of trees is chosen. Default: none. */
  validationIndicatorCol: stringParam(),
};

/** A loss of a label y and a prediction F. */
export interface BoostingLoss {
  /** Down which way F should go: minus the slope. */
  residual(label: number, prediction: number): number;
  loss(label: number, prediction: number): number;
}

export const BOOSTING_LOSSES = {
  squared: { residual: (y, f) => 2 * (y - f), loss: (y, f) => (y - f) ** 2 },
  absolute: { residual: (y, f) => (y - f < 0 ? -1 : 1), loss: (y, f) => Math.abs(y - f) },
  /** 2·ln(1 + e^(−2yF)) of labels −1 and 1. */
  logistic: { residual: (y, f) => (4 * y) / (1 + Math.exp(2 * y * f)), loss: (y, f) => 2 * softplus(-2 * y * f) },
} as const satisfies Record<string, BoostingLoss>;

/**
 * The first tree predicts the labels, as `labelOf` has them; each further one the residuals of the loss, for `stepSize`. With rows held
 * back, ends where their error falls too little. Source: Friedman, Stochastic Gradient Boosting, 1999; Apache Spark, GradientBoostedTrees.
 */
export function boosted(
  table: Table,
  stage: Stage<typeof BOOSTING_PARAMS>,
  settings: TreeSettings,
  loss: BoostingLoss,
  labelOf: (label: number) => number,
): TreeEnsemble {
  const { training, heldBack } = split(table, stage);
  const grower = new TreeGrower(training, stage.uid, settings);
  const { features } = grower;
  const labels = grower.rows.labels.map(labelOf);
  const numFeatures = features.columns.length;
  const perNode = featuresPerNode(stage.get('featureSubsetStrategy'), numFeatures, 'all');
  const validation = heldBack && validationOf(heldBack, settings, loss, labelOf);
  const predictions = new Float64Array(labels.length);
  const trees: WeightedTree[] = [];
  let [best, lowest] = [1, Number.POSITIVE_INFINITY];
  for (let m = 0; m < Math.max(1, stage.get('maxIter')); m++) {
    const weight = m === 0 ? 1 : stage.get('stepSize');
    const targets = m === 0 ? labels : labels.map((y, i) => loss.residual(y, predictions[i]!));
    const counts = grower.drawn(stage.get('subsamplingRate'), false);
    const nodes = grower.grow(targets, variance, { counts, perNode });
    trees.push({ nodes, weight });
    addPredictions(predictions, { nodes, weight }, features);
    if (validation === undefined) continue;
    const error = validation({ nodes, weight });
    if (lowest - error < stage.get('validationTol') * Math.max(error, 0.01)) break;
    [best, lowest] = [m + 1, error];
  }
  return { trees: validation === undefined ? trees : trees.slice(0, best), numFeatures };
}

function addPredictions(into: Float64Array, tree: WeightedTree, design: Parameters<typeof leafSums>[1]): void {
  const sums = leafSums(forestOf([tree.nodes]), design, weightedLeaves([tree]));
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + sums[i]!;
}

function split(table: Table, stage: Stage<typeof BOOSTING_PARAMS>) {
  const name = stage.find('validationIndicatorCol');
  if (!name) return { training: table, heldBack: undefined };
  const { values } = table.numbers(name);
  const training = table.filter((i) => values[i] !== 1);
  const heldBack = table.filter((i) => values[i] === 1);
  if (training.rows > 0 && heldBack.rows > 0) return { training, heldBack };
  const which = training.rows === 0 ? 'to learn from' : 'held back';
  throw new UsageError('too-few-records', `${stage.uid}: column ${name}: expected rows ${which}, got none`);
}

/** Told of each tree, gives the mean loss on the rows held back. */
function validationOf(
  table: Table,
  { featuresCol, labelCol }: TreeSettings,
  { loss }: BoostingLoss,
  labelOf: (label: number) => number,
): (tree: WeightedTree) => number {
  const design = table.features(featuresCol);
  const labels = table.numbers(labelCol).values.map(labelOf);
  const predictions = new Float64Array(table.rows);
  return (tree) => {
    addPredictions(predictions, tree, design);
    return labels.reduce((sum, y, i) => sum + loss(y, predictions[i]!), 0) / labels.length;
  };
}
