import { Batch, type Pair } from '../batch/batch.ts';
import { type ColumnRoom, roomForEachBatch } from '../batch/column-room.ts';
import {
  assembleFeatures,
  assembleLabeled,
  type Examples,
  type Features,
  labelProblem,
  type Reject,
  weightProblem,
} from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledPoint, Vector, WeightedVector } from '../batch/vector.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Learner } from '../contracts/learner.ts';
import type { DStream } from '../dstream/dstream.ts';
import { type DataError, excerpt, StateError, UsageError } from '../errors.ts';
import { allFinite } from '../numeric/linear.ts';
import { type LearnedModel, modelOf } from './learned-model.ts';
import type { SavedClass } from './saved-class.ts';
import { readSavedLearner, type SavedLearner, writeSavedLearner } from './saved-learner.ts';

/** What an online learner learns from: features, perhaps with a weight, and a label where it needs one. */
export type LearnerRecord = Vector | WeightedVector | LabeledPoint;

/** A prediction, and which version of the model made it: how many batches that had learned. */
export interface VersionedPrediction {
  readonly prediction: number;
  readonly version: number;
}

type SavedState = Pick<SavedLearner, 'params' | 'state'>;

/**
 * What all online learners share: how they are put on streams, and how they are saved. `R` is the record that one learns
 * from: a `Vector`, or a `LabeledPoint` for those that need a label.
 *
 * The order of calls decides what a prediction sees: `predictOn` before `trainOn` predicts each batch with the model as it
 * was before that batch; `trainOn` first, with the model that has just learned from it.
 */
export abstract class OnlineLearner<R extends LearnerRecord> implements Learner {
  abstract readonly kind: string;
  abstract readonly supervised: boolean;
  abstract readonly width: number;
  readonly numClasses?: number;
  #id: string | undefined;
  #metrics: Record<string, number> = {};
  #version = 0;

  /** Reads what `save` of this class wrote; the learner goes on as if it had never stopped. */
  static async load<L extends OnlineLearner<never>>(this: SavedClass<L>, file: string): Promise<L> {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked, not this one.
    const [type, { params, state }] = [this, await readSavedLearner(file, this.name)];
    return OnlineLearner.fromSaved.call<SavedClass<L>, [SavedState], L>(type, { params, state });
  }

  static fromSaved<L extends OnlineLearner<never>>(this: SavedClass<L>, { params, state }: SavedState): L {
    const learner = new this(params as never);
    learner.restore(state);
    return learner;
  }

  abstract params(): SnapshotRecord;
  abstract learnedValues(): Float64Array;
  /** `snapshot`, without the version. */
  protected abstract learned(): SnapshotRecord;
  /** `restore`, without the version. */
  protected abstract restoreLearned(snapshot: SnapshotRecord): void;
  /** `update`, as the learner itself does it, on examples of its width. */
  protected abstract learn(examples: Examples): number | undefined;
  /** `predict`, as the learner itself does it, on features of its width. */
  protected abstract score(features: Features): Float64Array;

  /** Names the learner's state in the checkpoint. Default: its kind. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  get version(): number {
    return this.#version;
  }

  update(examples: Examples): number | undefined {
    const { features, labels, weights } = examples;
    this.checkWidth(features);
    if (this.supervised) this.#checkLabels(labels, features.rows);
    if (weights !== undefined) this.#checkWeights(weights, features.rows);
    const loss = this.learn(examples);
    this.#version++;
    if (loss !== undefined) this.#metrics = { loss };
    return loss;
  }

  snapshot(): SnapshotRecord {
    return { ...this.learned(), version: this.#version };
  }

  restore(snapshot: SnapshotRecord): void {
    const version = countOf(snapshot, 'version', this.kind);
    this.restoreLearned(snapshot);
    this.#version = version;
  }

  predict(features: Features): Float64Array {
    this.checkWidth(features);
    return this.score(features);
  }

  /** `loss`: the mean loss of the last batch that had rows, under the model as it was before that batch. */
  metrics(): Readonly<Record<string, number>> {
    return this.#metrics;
  }

  /** The model of this moment, a copy: it does not change when the learner goes on. Throws as `snapshot`. */
  latestModel(): LearnedModel {
    const type = this.constructor as SavedClass<OnlineLearner<R>>;
    const copy = new type(this.params() as never);
    copy.restore(this.snapshot());
    return modelOf(copy);
  }

  /**
   * Learns from every batch of the stream. The learner's state is committed with the batch. A stream may also give columns,
   * one `Examples` a batch, as `jsonColumns` does; their numbers are finite.
   */
  trainOn(stream: DStream<R> | DStream<Examples>): void {
    const examples = examplesOf(this, stream);
    examples.updateFromBatches(this.kind, this, (batch) => void this.update(batch.first()), this.#id);
  }

  /** One prediction a record, in the order of the records; or one a row, where the stream gives columns. */
  predictOn(stream: DStream<Vector> | DStream<Examples>): DStream<number> {
    return this.#predictions(stream, numbersOf);
  }

  /** As `predictOn`, and each prediction says which version of the model made it. */
  predictOnWithVersion(stream: DStream<Vector> | DStream<Examples>): DStream<VersionedPrediction> {
    return this.#predictions(stream, (values) => numbersOf(values).map((value) => this.#versioned(value)));
  }

  /** As `predictOn`, and each prediction keeps its record's key. */
  predictOnValues<K>(stream: DStream<Pair<K, Vector>>): DStream<Pair<K, number>> {
    return this.#keyedPredictions(stream, (prediction) => prediction);
  }

  /** As `predictOnValues`, and each prediction says which version of the model made it. */
  predictOnValuesWithVersion<K>(stream: DStream<Pair<K, Vector>>): DStream<Pair<K, VersionedPrediction>> {
    return this.#keyedPredictions(stream, (prediction) => this.#versioned(prediction));
  }

  /** Writes parameters and learned state to a JSON file, whole or not at all. `load` of the class reads it. */
  async save(file: string): Promise<void> {
    await writeSavedLearner(file, { kind: this.kind, params: this.params(), state: this.snapshot() });
  }

  /** For `merge`: the version counts what the other has learned, too. */
  protected countMerged(other: this): void {
    this.#version += other.#version;
  }

  /** Throws `UsageError` (`wrong-width`) unless the features are as many columns as it takes. */
  protected checkWidth({ columns }: Features): void {
    if (columns.length === this.width) return;
    throw new UsageError('wrong-width', `${this.kind}: expected ${this.width} features, got ${columns.length}`);
  }

  #versioned(prediction: number): VersionedPrediction {
    return { prediction, version: this.#version };
  }

  #predictions<P>(stream: DStream<Vector> | DStream<Examples>, give: (predictions: Float64Array) => P[]): DStream<P> {
    const features = examplesShared(stream, 'features', this.width, assembleFeatures);
    return features.deriveBatches(`predict ${this.kind}`, (batch) => {
      return Batch.of(give(this.predict(batch.first().features)));
    });
  }

  #keyedPredictions<K, P>(stream: DStream<Pair<K, Vector>>, give: (prediction: number) => P): DStream<Pair<K, P>> {
    const examples = examplesShared(stream, 'values', this.width, assembleValues);
    return examples.transformWith(stream, (batch, records) => {
      const { features, positions } = batch.first();
      const keyed = records.collect();
      const keyOf = (row: number) => keyed[positions?.[row] ?? row]![0];
      return Batch.of(numbersOf(this.predict(features)).map((value, row): Pair<K, P> => [keyOf(row), give(value)]));
    });
  }

  #checkLabels(labels: Float64Array | undefined, rows: number): void {
    this.#checkLength('labels', labels, rows);
    if (this.numClasses === undefined && allFinite(labels!)) return;
    this.#checkEach(labels!, (label) => labelProblem(label, this.numClasses));
  }

  #checkWeights(weights: Float64Array, rows: number): void {
    this.#checkLength('weights', weights, rows);
    this.#checkEach(weights, weightProblem);
  }

  #checkEach(column: Float64Array, problemOf: (value: number) => DataError | undefined): void {
    for (let i = 0; i < column.length; i++) {
      const problem = problemOf(column[i]!);
      if (problem === undefined) continue;
      problem.message = `${this.kind}: row ${i}: ${problem.message}`;
      throw problem;
    }
  }

  #checkLength(what: string, column: Float64Array | undefined, rows: number): void {
    if (column?.length === rows) return;
    const got = column?.length ?? 'none';
    throw new UsageError('wrong-type', `${this.kind}: expected ${rows} ${what} with the features, got ${got}`);
  }
}

/** A column as an array. `Array.from` takes ten times as long. */
function numbersOf(column: Float64Array): number[] {
  const numbers = new Array<number>(column.length);
  for (let i = 0; i < numbers.length; i++) numbers[i] = column[i]!;
  return numbers;
}

/** The stream's batches as columns, as the learner takes them; with labels also where only others need them, if `labeled`. */
export function examplesOf<R extends LearnerRecord>(
  learner: OnlineLearner<R>,
  stream: DStream<R> | DStream<LabeledPoint> | DStream<Examples>,
  labeled = learner.supervised,
): DStream<Examples> {
  const { width, numClasses } = learner;
  if (!labeled) return examplesShared(stream as DStream<Vector | WeightedVector>, 'features', width, assembleFeatures);
  const assemble: Assemble<LabeledPoint> = (records, d, reject, room) => {
    return assembleLabeled(records, d, reject, numClasses, room);
  };
  return examplesShared(stream as DStream<LabeledPoint>, 'labeled', width, assemble, numClasses);
}

type Assemble<R> = (records: readonly R[], width: number, reject: Reject, room: ColumnRoom) => Examples;

const assembleValues: Assemble<Pair<unknown, Vector>> = (records, width, reject, room) => {
  const vectors = records.map(([, vector]) => vector);
  return assembleFeatures(vectors, width, reject, room);
};

/** The columns already made of a stream, so that all learners on it share them, and a bad record is counted once. */
const shared = new WeakMap<object, Map<string, DStream<Examples>>>();

/** The stream of a stream's batches as columns: one `Examples` a batch. */
function examplesShared<R>(
  stream: DStream<R> | DStream<Examples>,
  kind: string,
  width: number,
  assemble: Assemble<R>,
  numClasses?: number,
): DStream<Examples> {
  const made = shared.get(stream) ?? new Map<string, DStream<Examples>>();
  shared.set(stream, made);
  const key = `${kind} of width ${width}, ${numClasses} classes`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const room = roomForEachBatch();
  const examples: DStream<Examples> = (stream as DStream<R>).deriveBatches(kind, (batch, context) => {
    const records = batch.collect();
    if (isColumns(records)) return Batch.of(records);
    return Batch.of([assemble(records, width, rejectAt(context, examples, records), room)]);
  });
  made.set(key, examples);
  return examples;
}

/** Whether the batch is columns already. */
function isColumns(records: readonly unknown[]): records is readonly [Examples] {
  return records.length === 1 && (records[0] as Partial<Examples> | null)?.features?.rows !== undefined;
}

function rejectAt<R>(context: BatchContext, stream: DStream<Examples>, records: readonly R[]): Reject {
  return (position, error) => {
    context.reject(error, { operator: stream.node.name, position: String(position), record: records[position] });
  };
}

/** A column of a snapshot, a copy. Throws `StateError` (`does-not-fit`) where it is not `length` numbers. */
export function columnOf(snapshot: SnapshotRecord, name: string, length: number, kind: string): Float64Array {
  const column = snapshot[name];
  if (column instanceof Float64Array && column.length === length) return column.slice();
  const got = column instanceof Float64Array ? `${column.length}` : 'none';
  throw new StateError('does-not-fit', `${kind}: expected ${length} saved ${name}, got ${got}`);
}

/** A count of a snapshot; 0 where an earlier version of Millrace, which did not count it, made the snapshot. */
export function countOf(snapshot: SnapshotRecord, name: string, kind: string): number {
  const count = snapshot[name] ?? 0;
  if (typeof count === 'number' && count >= 0 && Number.isFinite(count)) return count;
  throw new StateError('does-not-fit', `${kind}: expected a saved ${name} of 0 or more, got ${excerpt(count)}`);
}
