import type { Examples, Features } from '../batch/examples.ts';
import type { Snapshot, SnapshotRecord } from '../batch/snapshot.ts';
import type { Learner } from '../contracts/learner.ts';
import type { OnlineTransform } from '../contracts/online-transform.ts';
import { StateError, UsageError } from '../errors.ts';
import { LEARNER_KINDS } from './learner-kinds.ts';
import { type LearnerRecord, OnlineLearner } from './online-learner.ts';
import { madeByKind, type SavedClass, type SavedPart } from './saved-class.ts';
import { TRANSFORM_KINDS } from './transforms/transform-kinds.ts';

export interface OnlinePipelineOptions<R extends LearnerRecord> {
  /** In the order of the features' way; each takes as many as the one before it gives. */
  readonly transforms: readonly (OnlineTransform | SavedPart)[];
  /** Takes as many features as the last transform gives. */
  readonly learner: OnlineLearner<R> | SavedPart;
}

/** Classes of what can be saved besides that which Millrace knows by name. */
export interface OtherKinds<L extends OnlineLearner<never> = OnlineLearner<never>> {
  readonly learners?: readonly SavedClass<L>[];
  readonly transforms?: readonly SavedClass<OnlineTransform>[];
}

/**
 * Chains online transforms before a learner, as one learner. `StandardScaler` and `SGDRegressor`, for one.
 *
 * A batch is first learned by the transforms, each row given on as it is once it was learned, and then by the learner. A
 * prediction uses the transforms as they are. Before a learner that goes row by row, how the stream is cut into batches makes
 * no difference to what is learned (`test/learners/online-pipeline.test.ts`).
 *
 * The pipeline takes over what it is given: it alone should train it from then on. What one part refuses, changes no part.
 * Throws `UsageError` (`wrong-width`) where the parts don't fit together. Cost: that of its parts, and O(d) a batch.
 */
export class OnlinePipeline<R extends LearnerRecord = LearnerRecord> extends OnlineLearner<R> {
  readonly kind = 'OnlinePipeline';
  readonly supervised: boolean;
  declare readonly numClasses?: number;
  readonly predictProbabilities?: (features: Features) => readonly Float64Array[];
  /** That of the learner; the transforms stay. */
  readonly decay?: (factor: number) => void;
  readonly #transforms: readonly OnlineTransform[];
  readonly #learner: OnlineLearner<R>;

  /** `others`: for parts as they were saved, of classes that are not Millrace's. */
  constructor({ transforms, learner }: OnlinePipelineOptions<R>, others: OtherKinds = {}) {
    super();
    this.#transforms = transforms.map((part) => ('transform' in part ? part : newTransform(part, others)));
    const given = 'trainOn' in learner;
    this.#learner = given ? learner : (newLearner(learner, others) as OnlineLearner<R>);
    this.#checkWidths(given);
    this.supervised = this.#learner.supervised;
    if (this.#learner.numClasses !== undefined) this.numClasses = this.#learner.numClasses;
    const own: Learner = this.#learner;
    if (own.predictProbabilities !== undefined) {
      this.predictProbabilities = (features) => own.predictProbabilities!(this.#transformed(features));
    }
    if (own.decay !== undefined) this.decay = (factor) => own.decay!(factor);
  }

  get width(): number {
    return this.#transforms[0]?.width ?? this.#learner.width;
  }

  params(): SnapshotRecord {
    const part = ({ kind, params }: { kind: string; params(): SnapshotRecord }) => ({ kind, params: params() });
    return {
      transforms: this.#transforms.map((transform) => part({ kind: transform.kind, params: () => transform.params() })),
      learner: part({ kind: this.#learner.kind, params: () => this.#learner.params() }),
    };
  }

  /** Those of the learner. */
  learnedValues(): Float64Array {
    return this.#learner.learnedValues();
  }

  protected learn({ features, ...rest }: Examples): number | undefined {
    const before = this.#transforms.map((transform) => transform.snapshot());
    try {
      const transformed = this.#transforms.reduce(
        (given, transform) => transform.update(given, rest.weights),
        features,
      );
      return this.#learner.update({ ...rest, features: transformed });
    } catch (error) {
      for (const [index, transform] of this.#transforms.entries()) transform.restore(before[index]!);
      throw error;
    }
  }

  protected score(features: Features): Float64Array {
    return this.#learner.predict(this.#transformed(features));
  }

  protected learned(): SnapshotRecord {
    return {
      transforms: this.#transforms.map((transform) => transform.snapshot()),
      learner: this.#learner.snapshot(),
    };
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const { transforms, learner } = snapshot;
    if (!(Array.isArray(transforms) && transforms.length === this.#transforms.length && isRecord(learner))) {
      const expected = `${this.#transforms.length} saved transforms and a learner`;
      throw new StateError('does-not-fit', `${this.kind}: expected ${expected}`);
    }
    const before = this.#transforms.map((transform) => transform.snapshot());
    try {
      for (const [index, transform] of this.#transforms.entries()) transform.restore(transforms[index]);
      this.#learner.restore(learner);
    } catch (error) {
      for (const [index, transform] of this.#transforms.entries()) transform.restore(before[index]!);
      throw error;
    }
  }

  #transformed(features: Features): Features {
    return this.#transforms.reduce((given, transform) => transform.transform(given), features);
  }

  /** A learner as it was saved has no width before its state is restored, and fitted once. */
  #checkWidths(withLearner: boolean): void {
    const parts = withLearner ? [...this.#transforms, this.#learner] : this.#transforms;
    for (const [index, part] of parts.slice(1).entries()) {
      const { kind, outputWidth } = this.#transforms[index]!;
      if (part.width === outputWidth) continue;
      throw new UsageError(
        'wrong-width',
        `OnlinePipeline: expected a ${part.kind} of ${outputWidth} features after the ${kind}, got ${part.width}`,
      );
    }
  }
}

function isRecord(part: Snapshot | undefined): part is SnapshotRecord {
  return typeof part === 'object' && part !== null && !Array.isArray(part) && !(part instanceof Float64Array);
}

function newTransform(part: SavedPart, { transforms }: OtherKinds): OnlineTransform {
  return madeByKind(part, TRANSFORM_KINDS, transforms) ?? unknown('transform', part);
}

function newLearner(part: SavedPart, { learners }: OtherKinds): OnlineLearner<never> {
  return madeByKind(part, LEARNER_KINDS, learners) ?? unknown('learner', part);
}

function unknown(what: string, { kind }: SavedPart): never {
  throw new StateError('unknown-format', `OnlinePipeline: unknown ${what} ${kind}`);
}
