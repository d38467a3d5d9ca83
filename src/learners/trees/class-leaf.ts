import type { SnapshotRecord } from '../../batch/snapshot.ts';
import { addToMoments, logLikelihood, MOMENTS_A_FEATURE } from '../../numeric/class-moments.ts';
import { gaussianSplits, type SplitSearch, weightsBelow } from '../../numeric/gaussian-split.ts';
import { sumOf } from '../../numeric/linear.ts';
import { indexOfLargest, toProbabilities } from '../../numeric/probabilities.ts';
import { columnOf } from '../online-learner.ts';
import { bestSplitOf } from './best-split.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { LeafKind } from './growing-tree.ts';
import type { LeafSplit, TreeLeaf } from './tree-node.ts';
import { recordOf, savedNumber } from './tree-snapshot.ts';

/** What a leaf predicts: the majority class, by naive Bayes, or whichever of the two has been right for more rows of the leaf. */
export type ClassPrediction = 'mc' | 'nb' | 'nba';

export interface ClassLeafOptions {
  readonly kind: string;
  readonly numClasses: number;
  readonly leafPrediction: ClassPrediction;
  readonly search: SplitSearch;
  readonly choice: FeatureChoice;
}

/** What a leaf has seen of the features of its own rows: `counts` Float64Array[K] by class, `moments` as in `class-moments.ts`. */
interface Watched {
  readonly features: Int32Array;
  readonly counts: Float64Array;
  readonly moments: Float64Array;
}

/** The leaves of one classification tree. */
export class ClassLeaves implements LeafKind<ClassLeaf> {
  readonly kind: string;
  readonly numFeatures: number;
  readonly watchingBytes: number;
  readonly nodeBytes: number;
  readonly options: ClassLeafOptions;
  /** Float64Array[K]: the probabilities of the row at hand. */
  readonly classes: Float64Array;

  constructor(options: ClassLeafOptions) {
    const { kind, numClasses, choice } = options;
    this.kind = kind;
    this.numFeatures = choice.numFeatures;
    this.options = options;
    this.classes = new Float64Array(numClasses);
    this.watchingBytes = 8 * numClasses * (1 + choice.watched * MOMENTS_A_FEATURE) + 300;
    this.nodeBytes = 8 * numClasses + 300;
  }

  create(): ClassLeaf {
    return new ClassLeaf(this, new Float64Array(this.options.numClasses), this.newWatch());
  }

  leafOf(snapshot: SnapshotRecord): ClassLeaf {
    return ClassLeaf.restored(this, snapshot);
  }

  shared(): SnapshotRecord {
    return {};
  }

  restoreShared(): void {}

  newWatch(): Watched {
    const { numClasses, choice } = this.options;
    const features = choice.draw();
    const moments = new Float64Array(numClasses * features.length * MOMENTS_A_FEATURE);
    return { features, counts: new Float64Array(numClasses), moments };
  }
}

/** A leaf that knows the weights of its classes, and while it watches, how the features are distributed in each. */
export class ClassLeaf implements TreeLeaf<ClassLeaf> {
  weight: number;
  tried: number;
  readonly #leaves: ClassLeaves;
  /** Float64Array[K], with what it took over from its parent. */
  readonly #classWeights: Float64Array;
  #watched: Watched | undefined;
  /** Weight of the rows that the majority class, and that naive Bayes was right about. */
  #majorityRight = 0;
  #bayesRight = 0;

  /** Takes `classWeights` as its own. */
  constructor(leaves: ClassLeaves, classWeights: Float64Array, watched: Watched | undefined) {
    this.#leaves = leaves;
    this.#classWeights = classWeights;
    this.weight = sumOf(classWeights);
    this.tried = this.weight;
    this.#watched = watched;
  }

  static restored(leaves: ClassLeaves, snapshot: SnapshotRecord): ClassLeaf {
    const { kind, numClasses, choice } = leaves.options;
    const number = (name: string) => savedNumber(snapshot, name, kind);
    let watched: Watched | undefined;
    if (snapshot['watched'] !== undefined) {
      const saved = recordOf(snapshot['watched'], 'watched features', kind);
      const length = numClasses * choice.watched * MOMENTS_A_FEATURE;
      watched = {
        features: choice.restore(saved, kind),
        counts: columnOf(saved, 'counts', numClasses, kind),
        moments: columnOf(saved, 'moments', length, kind),
      };
    }
    const leaf = new ClassLeaf(leaves, columnOf(snapshot, 'classWeights', numClasses, kind), watched);
    [leaf.weight, leaf.tried] = [number('weight'), number('tried')];
    [leaf.#majorityRight, leaf.#bayesRight] = [number('majorityRight'), number('bayesRight')];
    return leaf;
  }

  snapshot(): SnapshotRecord {
    const watched = this.#watched;
    return {
      weight: this.weight,
      tried: this.tried,
      majorityRight: this.#majorityRight,
      bayesRight: this.#bayesRight,
      classWeights: this.#classWeights.slice(),
      ...(watched === undefined
        ? {}
        : {
            watched: {
              ...this.#leaves.options.choice.snapshot(watched.features),
              counts: watched.counts.slice(),
              moments: watched.moments.slice(),
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
    return this.weight - this.#classWeights[this.#majority()]!;
  }

  learn(x: Float64Array, label: number, weight: number): number {
    const majority = this.#majority();
    const byBayes = this.#prefersBayes();
    let prediction = majority;
    if (this.#watched !== undefined && this.#leaves.options.leafPrediction !== 'mc') {
      const bayes = this.#classify(x, this.#watched) ? indexOfLargest(this.#leaves.classes) : majority;
      if (byBayes) prediction = bayes;
      if (bayes === label) this.#bayesRight += weight;
    }
    if (majority === label) this.#majorityRight += weight;
    this.weight += weight;
    this.#classWeights[label] = this.#classWeights[label]! + weight;
    if (this.#watched !== undefined) {
      const { features, counts, moments } = this.#watched;
      const n = counts[label]! + weight;
      counts[label] = n;
      addToMoments(moments, features, label, x, n, weight);
    }
    return prediction;
  }

  predict(x: Float64Array): number {
    return this.#answersByBayes(x) ? indexOfLargest(this.#leaves.classes) : this.#majority();
  }

  /** Adds `share` times the probability of each class to `out`, Float64Array[K]. */
  addProbabilities(x: Float64Array, share: number, out: Float64Array): void {
    if (this.#answersByBayes(x)) {
      for (let k = 0; k < out.length; k++) out[k] = out[k]! + share * this.#leaves.classes[k]!;
      return;
    }
    const { length } = out;
    for (let k = 0; k < length; k++) {
      out[k] = out[k]! + share * (this.weight > 0 ? this.#classWeights[k]! / this.weight : 1 / length);
    }
  }

  bestSplit(): LeafSplit<ClassLeaf> | undefined {
    if (this.#watched === undefined) return undefined;
    const { features, counts, moments } = this.#watched;
    const { search, numClasses } = this.#leaves.options;
    const found = bestSplitOf(gaussianSplits(moments, counts, search));
    if (found === undefined) return undefined;
    const { best, second } = found;
    return {
      feature: features[best.position]!,
      threshold: best.threshold,
      lead: best.gain - second,
      range: search.criterion.range(numClasses),
      children: () => {
        const below = weightsBelow(moments, counts, best);
        const above = counts.map((count, k) => count - below[k]!);
        const leafOf = (weights: Float64Array) => new ClassLeaf(this.#leaves, weights, this.#leaves.newWatch());
        return [leafOf(below), leafOf(above)];
      },
    };
  }

  #majority(): number {
    return indexOfLargest(this.#classWeights);
  }

  #prefersBayes(): boolean {
    const { leafPrediction } = this.#leaves.options;
    return leafPrediction === 'nb' || (leafPrediction === 'nba' && this.#bayesRight >= this.#majorityRight);
  }

  /** Whether naive Bayes answers for a row; its probabilities are then in `classes`. */
  #answersByBayes(x: Float64Array): boolean {
    return this.#watched !== undefined && this.#prefersBayes() && this.#classify(x, this.#watched);
  }

  /** Writes P(k | x) to `classes`, unless no class has enough rows, or a row like this was never seen in any. */
  #classify(x: Float64Array, { features, counts, moments }: Watched): boolean {
    const { classes } = this.#leaves;
    for (let k = 0; k < classes.length; k++) {
      const n = counts[k]!;
      classes[k] =
        n > 1 ? Math.log(this.#classWeights[k]!) + logLikelihood(moments, features, k, x, n) : Number.NEGATIVE_INFINITY;
    }
    return toProbabilities(classes);
  }
}
