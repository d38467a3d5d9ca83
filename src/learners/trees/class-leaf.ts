import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { SplitSearch } from '../../numeric/gaussian-split.ts';
import { sumOf } from '../../numeric/linear.ts';
import { indexOfLargest, toProbabilities } from '../../numeric/probabilities.ts';
import { columnOf } from '../online-learner.ts';
import type { RowAtHand } from '../row-at-hand.ts';
import { type ClassObserver, ClassObservers } from './class-observer.ts';
import type { FeatureChoice } from './feature-choice.ts';
import type { LeafKind } from './growing-tree.ts';
import type { LeafSplit } from './tree-node.ts';
import { savedNumber } from './tree-snapshot.ts';
import { HEARSAY, WatchingLeaf } from './watching-leaf.ts';

/** What a leaf predicts: the majority class, by naive Bayes, or whichever of the two has been right for more rows of the leaf. */
export type ClassPrediction = 'mc' | 'nb' | 'nba';

export interface ClassLeafOptions {
  readonly kind: string;
  readonly numClasses: number;
  readonly leafPrediction: ClassPrediction;
  readonly search: SplitSearch;
  readonly choice: FeatureChoice;
  readonly binarySplits: boolean;
}

/** The leaves of one classification tree. */
export class ClassLeaves implements LeafKind<ClassLeaf> {
  readonly kind: string;
  readonly numValues: Int32Array;
  readonly watchingBytes: number;
  readonly nodeBytes: number;
  readonly numClasses: number;
  readonly leafPrediction: ClassPrediction;
  readonly observers: ClassObservers;
  /** Float64Array[K]: the probabilities of the row at hand. */
  readonly classes: Float64Array;

  constructor({ kind, numClasses, leafPrediction, search, choice, binarySplits }: ClassLeafOptions) {
    this.kind = kind;
    this.numValues = choice.numValues;
    this.numClasses = numClasses;
    this.leafPrediction = leafPrediction;
    this.observers = new ClassObservers(kind, numClasses, search, choice, binarySplits);
    this.classes = new Float64Array(numClasses);
    this.watchingBytes = this.observers.bytes + 300;
    this.nodeBytes = 8 * numClasses + 300;
  }

  create(): ClassLeaf {
    return new ClassLeaf(this, new Float64Array(this.numClasses), this.observers.create());
  }

  leafOf(snapshot: SnapshotRecord): ClassLeaf {
    return ClassLeaf.restored(this, snapshot);
  }

  shared(): SnapshotRecord {
    return {};
  }

  restoreShared(): void {}
}

const [MAJORITY, BAYES] = [0, 1] as const;

/** A leaf that knows the weights of its classes, and while it watches, how the features are distributed in each. */
export class ClassLeaf extends WatchingLeaf<ClassLeaf, ClassObserver> {
  readonly #leaves: ClassLeaves;
  /** Float64Array[K], with what it took over from its parent. */
  readonly #classWeights: Float64Array;
  /** Weight of the rows that the majority class, and that naive Bayes was right about: in fields they might be allocated for each row. */
  readonly #right = new Float64Array(2);

  /** Takes `classWeights` as its own. */
  constructor(leaves: ClassLeaves, classWeights: Float64Array, observer: ClassObserver | undefined) {
    super(leaves.observers, sumOf(classWeights), observer);
    this.#leaves = leaves;
    this.#classWeights = classWeights;
  }

  static restored(leaves: ClassLeaves, snapshot: SnapshotRecord): ClassLeaf {
    const { kind, numClasses } = leaves;
    const leaf = new ClassLeaf(leaves, columnOf(snapshot, 'classWeights', numClasses, kind), undefined);
    leaf.restoreWatch(snapshot, kind);
    leaf.#right[MAJORITY] = savedNumber(snapshot, 'majorityRight', kind);
    leaf.#right[BAYES] = savedNumber(snapshot, 'bayesRight', kind);
    return leaf;
  }

  snapshot(): SnapshotRecord {
    const [majorityRight, bayesRight] = [this.#right[MAJORITY]!, this.#right[BAYES]!];
    return {
      ...{ weight: this.weight, tried: this.tried, majorityRight, bayesRight },
      classWeights: this.#classWeights.slice(),
      ...this.watchSnapshot(),
    };
  }

  get promise(): number {
    return this.weight - this.#classWeights[this.#majority()]!;
  }

  learn(row: RowAtHand): void {
    const { label, weight } = row;
    const right = this.#right;
    const majority = this.#majority();
    const byBayes = this.#prefersBayes();
    row.prediction = majority;
    if (this.observer !== undefined && this.#leaves.leafPrediction !== 'mc') {
      const bayes = this.#classify(row.x, this.observer) ? indexOfLargest(this.#leaves.classes) : majority;
      if (byBayes) row.prediction = bayes;
      if (bayes === label) right[BAYES] = right[BAYES]! + weight;
    }
    if (majority === label) right[MAJORITY] = right[MAJORITY]! + weight;
    this.addWeight(row);
    this.#classWeights[label] = this.#classWeights[label]! + weight;
    this.observer?.add(row);
  }

  predict(row: RowAtHand): void {
    row.prediction = this.#answersByBayes(row.x) ? indexOfLargest(this.#leaves.classes) : this.#majority();
  }

  /** The probability of each class: Float64Array[K], only lent. */
  probabilities(x: Float64Array): Float64Array {
    const { classes } = this.#leaves;
    if (this.#answersByBayes(x)) return classes;
    for (let k = 0; k < classes.length; k++) {
      classes[k] = this.weight > 0 ? this.#classWeights[k]! / this.weight : 1 / classes.length;
    }
    return classes;
  }

  bestSplit(): LeafSplit | undefined {
    return this.observer === undefined ? undefined : this.#leaves.observers.bestSplit(this.observer);
  }

  children(): readonly ClassLeaf[] {
    const { observers } = this.#leaves;
    const weightsOf = (part: Float64Array) => (sumOf(part) > 0 ? part : this.#classWeights.map((n) => n * HEARSAY));
    return observers
      .partsOf(this.observer!)
      .map((part) => new ClassLeaf(this.#leaves, weightsOf(part), observers.create()));
  }

  #majority(): number {
    return indexOfLargest(this.#classWeights);
  }

  #prefersBayes(): boolean {
    const { leafPrediction } = this.#leaves;
    return leafPrediction === 'nb' || (leafPrediction === 'nba' && this.#right[BAYES]! >= this.#right[MAJORITY]!);
  }

  /** Whether naive Bayes answers for a row; its probabilities are then in `classes`. */
  #answersByBayes(x: Float64Array): boolean {
    return this.observer !== undefined && this.#prefersBayes() && this.#classify(x, this.observer);
  }

  /** Writes P(k | x) to `classes`, unless no class has enough rows, or a row like this was never seen in any. */
  #classify(x: Float64Array, observer: ClassObserver): boolean {
    const { classes } = this.#leaves;
    for (let k = 0; k < classes.length; k++) {
      classes[k] = observer.counts[k]! > 1 ? Math.log(this.#classWeights[k]!) : Number.NEGATIVE_INFINITY;
    }
    observer.addLogLikelihoods(x, classes);
    return toProbabilities(classes);
  }
}
