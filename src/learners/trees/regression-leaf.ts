import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { TargetMean } from '../../numeric/binned-targets.ts';
import { RunningScale } from '../../numeric/running-scale.ts';
import { columnOf } from '../online-learner.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { LeafKind } from './growing-tree.ts';
import { type TargetObserver, TargetObservers } from './target-observer.ts';
import type { LeafSplit } from './tree-node.ts';
import { savedNumber } from './tree-snapshot.ts';
import { HEARSAY, WatchingLeaf } from './watching-leaf.ts';

/** What a leaf predicts: the mean label, by a linear model, or whichever of the two errs less of late. */
export type RegressionPrediction = 'mean' | 'model' | 'adaptive';

export interface RegressionLeafOptions {
  readonly kind: string;
  readonly leafPrediction: RegressionPrediction;
  readonly modelSelectorDecay: number;
  readonly learningRate: number;
  readonly learningRateDecay: number;
  readonly minSamplesSplit: number;
  readonly choice: FeatureChoice;
  readonly binarySplits: boolean;
}

/** The leaves of one regression tree, and the scale of the features that their linear models share. */
export class RegressionLeaves implements LeafKind<RegressionLeaf> {
  readonly kind: string;
  readonly numValues: Int32Array;
  readonly watchingBytes: number;
  readonly nodeBytes: number;
  readonly options: RegressionLeafOptions;
  readonly observers: TargetObservers;
  #scale: RunningScale;
  /** Float64Array[d + 1]: the row at hand, scaled, and then 1 for the intercept. */
  readonly #z: Float64Array;
  readonly #nominal: Int32Array;

  constructor(options: RegressionLeafOptions) {
    const { kind, choice, minSamplesSplit, binarySplits } = options;
    this.kind = kind;
    this.numValues = choice.numValues;
    this.options = options;
    this.observers = new TargetObservers(kind, minSamplesSplit, choice, binarySplits);
    this.#scale = new RunningScale(this.numValues.length);
    this.#nominal = this.numValues.map((_, j) => j).filter((j) => this.numValues[j]! > 0);
    this.#z = new Float64Array(this.numValues.length + 1).fill(1);
    this.watchingBytes = this.observers.bytes + 300;
    this.nodeBytes = 8 * this.#z.length + 400;
  }

  create(): RegressionLeaf {
    return new RegressionLeaf(this, { weight: 0, mean: 0 }, new Float64Array(this.#z.length), this.observers.create());
  }

  leafOf(snapshot: SnapshotRecord): RegressionLeaf {
    return RegressionLeaf.restored(this, snapshot);
  }

  shared(): SnapshotRecord {
    return { scale: this.#scale.values.slice() };
  }

  restoreShared(snapshot: SnapshotRecord): void {
    const { length } = this.#scale.values;
    this.#scale = new RunningScale(this.numValues.length, columnOf(snapshot, 'scale', length, this.kind));
  }

  /** The row as the linear models see it, nominal features as zeros; only lent. */
  scaled({ x }: RowAtHand): Float64Array {
    this.#scale.writeScaled(x, this.#z);
    for (let j = 0; j < this.#nominal.length; j++) this.#z[this.#nominal[j]!] = 0;
    return this.#z;
  }

  /** As `scaled`, once the scale has learned the row. */
  learnScale(row: RowAtHand): Float64Array {
    this.#scale.add(row);
    return this.scaled(row);
  }
}

const [MEAN, MEAN_ERROR, MODEL_ERROR] = [0, 1, 2] as const;

/** A leaf that knows the mean of its labels and a linear model of them, and while it watches, how they go with the features. */
export class RegressionLeaf extends WatchingLeaf<RegressionLeaf, TargetObserver> {
  readonly #leaves: RegressionLeaves;
  /** Float64Array[d + 1], the intercept last. */
  readonly #model: Float64Array;
  /** The mean of the labels, and the squared errors of it and of the model, fading: in fields they would be allocated for each row. */
  readonly #past = new Float64Array(3);

  /** Takes `model` as its own. */
  constructor(
    leaves: RegressionLeaves,
    { weight, mean }: TargetMean,
    model: Float64Array,
    observer: TargetObserver | undefined,
  ) {
    super(leaves.observers, weight, observer);
    this.#leaves = leaves;
    this.#model = model;
    this.#past[MEAN] = mean;
  }

  static restored(leaves: RegressionLeaves, snapshot: SnapshotRecord): RegressionLeaf {
    const { kind, numValues } = leaves;
    const number = (name: string) => savedNumber(snapshot, name, kind);
    const model = columnOf(snapshot, 'model', numValues.length + 1, kind);
    const leaf = new RegressionLeaf(leaves, { weight: 0, mean: number('mean') }, model, undefined);
    leaf.restoreWatch(snapshot, kind);
    leaf.#past[MEAN_ERROR] = number('meanError');
    leaf.#past[MODEL_ERROR] = number('modelError');
    return leaf;
  }

  snapshot(): SnapshotRecord {
    const past = this.#past;
    return {
      ...{ weight: this.weight, tried: this.tried, mean: past[MEAN]! },
      ...{ meanError: past[MEAN_ERROR]!, modelError: past[MODEL_ERROR]!, model: this.#model.slice() },
      ...this.watchSnapshot(),
    };
  }

  get promise(): number {
    return this.weight * Math.min(this.#past[MEAN_ERROR]!, this.#past[MODEL_ERROR]!);
  }

  predict(row: RowAtHand): void {
    if (this.#answersByModel()) this.#predictByModel(row);
    else row.prediction = this.#past[MEAN]!;
  }

  learn(row: RowAtHand): void {
    const { label, weight } = row;
    const { leafPrediction, modelSelectorDecay: decay } = this.#leaves.options;
    const past = this.#past;
    const mean = past[MEAN]!;
    if (leafPrediction === 'mean') row.prediction = mean;
    else {
      this.#predictByModel(row);
      const byModel = row.prediction;
      if (!this.#answersByModel()) row.prediction = mean;
      past[MEAN_ERROR] = decay * past[MEAN_ERROR]! + (1 - decay) * (label - mean) ** 2;
      past[MODEL_ERROR] = decay * past[MODEL_ERROR]! + (1 - decay) * (label - byModel) ** 2;
      this.#learnModel(row);
    }
    this.addWeight(row);
    past[MEAN] = mean + ((label - mean) * weight) / this.weight;
    this.observer?.add(row);
  }

  bestSplit(): LeafSplit | undefined {
    return this.observer === undefined ? undefined : this.#leaves.observers.bestSplit(this.observer);
  }

  children(): readonly RegressionLeaf[] {
    const { observers } = this.#leaves;
    const hearsay = { weight: this.weight * HEARSAY, mean: this.#past[MEAN]! };
    return observers
      .partsOf(this.observer!)
      .map((part) => (part.weight > 0 ? part : hearsay))
      .map((mean) => new RegressionLeaf(this.#leaves, mean, this.#model.slice(), observers.create()));
  }

  #answersByModel(): boolean {
    const { leafPrediction } = this.#leaves.options;
    return (
      leafPrediction === 'model' ||
      (leafPrediction === 'adaptive' && this.#past[MODEL_ERROR]! <= this.#past[MEAN_ERROR]!)
    );
  }

  #predictByModel(row: RowAtHand): void {
    const z = this.#leaves.scaled(row);
    const model = this.#model;
    let sum = 0;
    for (let j = 0; j < model.length; j++) sum += model[j]! * z[j]!;
    row.prediction = sum;
  }

  /** A step along the gradient, at most as far as the label: the error after it is in the denominator. */
  #learnModel(row: RowAtHand): void {
    const z = this.#leaves.learnScale(row);
    const model = this.#model;
    const intercept = model.length - 1;
    if (this.weight === 0) model[intercept] = row.label;
    let said = 0;
    let squares = 0;
    for (let j = 0; j <= intercept; j++) {
      said += model[j]! * z[j]!;
      squares += z[j]! * z[j]!;
    }
    const { learningRate, learningRateDecay } = this.#leaves.options;
    const rate = (row.weight * learningRate) / (1 + learningRateDecay * this.weight);
    const step = (rate * (row.label - said)) / (1 + rate * squares);
    for (let j = 0; j <= intercept; j++) model[j] = model[j]! + step * z[j]!;
  }
}
