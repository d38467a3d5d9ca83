import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { addToBins, newBinnedTargets, type TargetMean, targetSplits } from '../../numeric/binned-targets.ts';
import { dot } from '../../numeric/linear.ts';
import { RunningScale } from '../../numeric/running-scale.ts';
import { columnOf } from '../online-learner.ts';
import { bestSplitOf } from './best-split.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { LeafKind } from './growing-tree.ts';
import type { LeafSplit, TreeLeaf } from './tree-node.ts';
import { recordOf, savedNumber } from './tree-snapshot.ts';

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
}

/** What a leaf has seen of its own rows: their weight, and `bins` as in `binned-targets.ts`. */
interface Watched {
  readonly features: Int32Array;
  readonly bins: Float64Array;
  weight: number;
}

/** The leaves of one regression tree, and the scale of the features that their linear models share. */
export class RegressionLeaves implements LeafKind<RegressionLeaf> {
  readonly kind: string;
  readonly numFeatures: number;
  readonly watchingBytes: number;
  readonly nodeBytes: number;
  readonly options: RegressionLeafOptions;
  #scale: RunningScale;
  /** Float64Array[d + 1]: the row at hand, scaled, and then 1 for the intercept. */
  readonly #z: Float64Array;

  constructor(options: RegressionLeafOptions) {
    const { kind, choice } = options;
    this.kind = kind;
    this.numFeatures = choice.numFeatures;
    this.options = options;
    this.#scale = new RunningScale(this.numFeatures);
    this.#z = new Float64Array(this.numFeatures + 1).fill(1);
    this.watchingBytes = newBinnedTargets(choice.watched).byteLength + 300;
    this.nodeBytes = 8 * (this.numFeatures + 1) + 400;
  }

  create(): RegressionLeaf {
    return new RegressionLeaf(this, { weight: 0, mean: 0 }, new Float64Array(this.#z.length), this.newWatch());
  }

  leafOf(snapshot: SnapshotRecord): RegressionLeaf {
    return RegressionLeaf.restored(this, snapshot);
  }

  shared(): SnapshotRecord {
    return { scale: this.#scale.values.slice() };
  }

  restoreShared(snapshot: SnapshotRecord): void {
    const { length } = this.#scale.values;
    this.#scale = new RunningScale(this.numFeatures, columnOf(snapshot, 'scale', length, this.kind));
  }

  newWatch(): Watched {
    const features = this.options.choice.draw();
    return { features, bins: newBinnedTargets(features.length), weight: 0 };
  }

  /** The row as the linear models see it; only lent. */
  scaled(x: Float64Array): Float64Array {
    this.#scale.writeScaled(x, this.#z);
    return this.#z;
  }

  /** As `scaled`, once the scale has learned the row. */
  learnScale(x: Float64Array, weight: number): Float64Array {
    this.#scale.add(x, weight);
    return this.scaled(x);
  }
}

/** A leaf that knows the mean of its labels and a linear model of them, and while it watches, how they go with the features. */
export class RegressionLeaf implements TreeLeaf<RegressionLeaf> {
  weight: number;
  tried: number;
  readonly #leaves: RegressionLeaves;
  #mean: number;
  /** Float64Array[d + 1], the intercept last. */
  readonly #model: Float64Array;
  #watched: Watched | undefined;
  /** Squared errors of the mean and of the model, fading. */
  #meanError = 0;
  #modelError = 0;

  /** Takes `model` as its own. */
  constructor(
    leaves: RegressionLeaves,
    { weight, mean }: TargetMean,
    model: Float64Array,
    watched: Watched | undefined,
  ) {
    this.#leaves = leaves;
    this.weight = weight;
    this.tried = weight;
    this.#mean = mean;
    this.#model = model;
    this.#watched = watched;
  }

  static restored(leaves: RegressionLeaves, snapshot: SnapshotRecord): RegressionLeaf {
    const { kind, choice } = leaves.options;
    const number = (name: string) => savedNumber(snapshot, name, kind);
    let watched: Watched | undefined;
    if (snapshot['watched'] !== undefined) {
      const saved = recordOf(snapshot['watched'], 'watched features', kind);
      watched = {
        features: choice.restore(saved, kind),
        bins: columnOf(saved, 'bins', newBinnedTargets(choice.watched).length, kind),
        weight: savedNumber(saved, 'weight', kind),
      };
    }
    const mean = { weight: number('weight'), mean: number('mean') };
    const leaf = new RegressionLeaf(leaves, mean, columnOf(snapshot, 'model', leaves.numFeatures + 1, kind), watched);
    leaf.tried = number('tried');
    [leaf.#meanError, leaf.#modelError] = [number('meanError'), number('modelError')];
    return leaf;
  }

  snapshot(): SnapshotRecord {
    const watched = this.#watched;
    return {
      weight: this.weight,
      tried: this.tried,
      mean: this.#mean,
      meanError: this.#meanError,
      modelError: this.#modelError,
      model: this.#model.slice(),
      ...(watched === undefined
        ? {}
        : {
            watched: {
              ...this.#leaves.options.choice.snapshot(watched.features),
              weight: watched.weight,
              bins: watched.bins.slice(),
            },
          }),
    };
  }

  get watching(): boolean {
    return this.#watched !== undefined;
  }

  set watching(watching: boolean) {
    this.#watched = watching ? this.#leaves.newWatch() : undefined;
  }

  get promise(): number {
    return this.weight * Math.min(this.#meanError, this.#modelError);
  }

  predict(x: Float64Array): number {
    return this.#byModel() ? dot(this.#model, this.#leaves.scaled(x)) : this.#mean;
  }

  learn(x: Float64Array, label: number, weight: number): number {
    const { leafPrediction, modelSelectorDecay: decay } = this.#leaves.options;
    let prediction = this.#mean;
    if (leafPrediction !== 'mean') {
      const byModel = dot(this.#model, this.#leaves.scaled(x));
      if (this.#byModel()) prediction = byModel;
      this.#meanError = decay * this.#meanError + (1 - decay) * (label - this.#mean) ** 2;
      this.#modelError = decay * this.#modelError + (1 - decay) * (label - byModel) ** 2;
      this.#learnModel(x, label, weight);
    }
    this.weight += weight;
    this.#mean += ((label - this.#mean) * weight) / this.weight;
    if (this.#watched !== undefined) {
      const { features, bins, weight: before } = this.#watched;
      addToBins(bins, features, x, label, weight, before === 0);
      this.#watched.weight = before + weight;
    }
    return prediction;
  }

  bestSplit(): LeafSplit<RegressionLeaf> | undefined {
    if (this.#watched === undefined) return undefined;
    const { features, bins } = this.#watched;
    const found = bestSplitOf(targetSplits(bins, this.#leaves.options.minSamplesSplit));
    if (found === undefined) return undefined;
    const { best, second } = found;
    const { position, threshold, gain, below, above } = best;
    const leafOf = (mean: TargetMean) =>
      new RegressionLeaf(this.#leaves, mean, this.#model.slice(), this.#leaves.newWatch());
    return {
      feature: features[position]!,
      threshold,
      lead: 1 - second / gain,
      range: 1,
      children: () => [leafOf(below), leafOf(above)],
    };
  }

  #byModel(): boolean {
    const { leafPrediction } = this.#leaves.options;
    return leafPrediction === 'model' || (leafPrediction === 'adaptive' && this.#modelError <= this.#meanError);
  }

  /** A step along the gradient, at most as far as the label: the error after it is in the denominator. */
  #learnModel(x: Float64Array, label: number, weight: number): void {
    const z = this.#leaves.learnScale(x, weight);
    const model = this.#model;
    const intercept = model.length - 1;
    if (this.weight === 0) model[intercept] = label;
    const { learningRate, learningRateDecay } = this.#leaves.options;
    const rate = (weight * learningRate) / (1 + learningRateDecay * this.weight);
    const step = (rate * (label - dot(model, z))) / (1 + rate * dot(z, z));
    for (let j = 0; j <= intercept; j++) model[j] = model[j]! + step * z[j]!;
  }
}
