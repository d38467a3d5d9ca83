import { Batch, type Pair } from '../batch/batch.ts';
import { assembleFeatures, assembleLabeled, type Examples, type Features, type Reject } from '../batch/examples.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import type { LabeledPoint, Vector } from '../batch/vector.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Learner } from '../contracts/learner.ts';
import type { DStream } from '../dstream/dstream.ts';
import { StateError, UsageError } from '../errors.ts';
import { writeSavedLearner } from './saved-learner.ts';

/**
 * What all online learners share: how they are put on streams, and how they are saved. `R` is the record that one learns
 * from: a `Vector`, or a `LabeledPoint` for those that need a label.
 *
 * The order of calls decides what a prediction sees: `predictOn` before `trainOn` predicts each batch with the model as it
 * was before that batch; `trainOn` first, with the model that has just learned from it.
 */
export abstract class OnlineLearner<R extends Vector | LabeledPoint> implements Learner {
  abstract readonly kind: string;
  abstract readonly supervised: boolean;
  abstract readonly width: number;
  #id: string | undefined;
  #metrics: Record<string, number> = {};

  abstract params(): SnapshotRecord;
  abstract learnedValues(): Float64Array;
  abstract snapshot(): SnapshotRecord;
  abstract restore(snapshot: SnapshotRecord): void;
  /** `update`, as the learner itself does it, on examples of its width. */
  protected abstract learn(examples: Examples): number | undefined;
  /** `predict`, as the learner itself does it, on features of its width. */
  protected abstract score(features: Features): Float64Array;

  /** Names the learner's state in the checkpoint. Default: its kind. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  update(examples: Examples): number | undefined {
    const { features, labels } = examples;
    this.#checkWidth(features);
    if (this.supervised && labels?.length !== features.rows) {
      throw new UsageError(
        'wrong-type',
        `${this.kind}: expected ${features.rows} labels with the features, got ${labels?.length ?? 'none'}`,
      );
    }
    const loss = this.learn(examples);
    if (loss !== undefined) this.#metrics = { loss };
    return loss;
  }

  predict(features: Features): Float64Array {
    this.#checkWidth(features);
    return this.score(features);
  }

  /** `loss`: the mean loss of the last batch that had rows, under the model as it was before that batch. */
  metrics(): Readonly<Record<string, number>> {
    return this.#metrics;
  }

  /** Learns from every batch of the stream. The learner's state is committed with the batch. */
  trainOn(stream: DStream<R>): void {
    const examples = examplesOf(this, stream);
    examples.updateFromBatches(this.kind, this, (batch) => void this.update(batch.first()), this.#id);
  }

  /** One prediction a record, in the order of the records. */
  predictOn(stream: DStream<Vector>): DStream<number> {
    const features = examplesShared(stream, 'features', this.width, assembleVectors);
    return features.deriveBatches(`predict ${this.kind}`, (batch) => {
      return Batch.of(Array.from(this.predict(batch.first().features)));
    });
  }

  /** As `predictOn`, and each prediction keeps its record's key. */
  predictOnValues<K>(stream: DStream<Pair<K, Vector>>): DStream<Pair<K, number>> {
    const examples = examplesShared(stream, 'values', this.width, assembleValues);
    return examples.transformWith(stream, (batch, records) => {
      const { features, positions } = batch.first();
      const keyed = records.collect();
      return Batch.of(Array.from(this.predict(features), (value, row) => [keyed[positions[row]!]![0], value] as const));
    });
  }

  /** Writes parameters and learned state to a JSON file, whole or not at all. `load` of the class reads it. */
  async save(file: string): Promise<void> {
    await writeSavedLearner(file, { kind: this.kind, params: this.params(), state: this.snapshot() });
  }

  #checkWidth({ columns }: Features): void {
    if (columns.length === this.width) return;
    throw new UsageError('wrong-width', `${this.kind}: expected ${this.width} features, got ${columns.length}`);
  }
}

/** The stream's batches as columns, as the learner takes them. */
export function examplesOf<R extends Vector | LabeledPoint>(
  learner: OnlineLearner<R>,
  stream: DStream<R>,
): DStream<Examples> {
  return learner.supervised
    ? examplesShared(stream as DStream<LabeledPoint>, 'labeled', learner.width, assembleLabeled)
    : examplesShared(stream as DStream<Vector>, 'features', learner.width, assembleVectors);
}

type Assemble<R> = (records: readonly R[], width: number, reject: Reject) => Examples;

const assembleVectors: Assemble<Vector> = assembleFeatures;

const assembleValues: Assemble<Pair<unknown, Vector>> = (records, width, reject) => {
  const vectors = records.map(([, vector]) => vector);
  return assembleFeatures(vectors, width, reject);
};

/** The columns already made of a stream, so that all learners on it share them, and a bad record is counted once. */
const shared = new WeakMap<object, Map<string, DStream<Examples>>>();

/** The stream of a stream's batches as columns: one `Examples` a batch. */
function examplesShared<R>(stream: DStream<R>, kind: string, width: number, assemble: Assemble<R>): DStream<Examples> {
  const made = shared.get(stream) ?? new Map<string, DStream<Examples>>();
  shared.set(stream, made);
  const key = `${kind} of width ${width}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const examples: DStream<Examples> = stream.deriveBatches(kind, (batch, context) => {
    const records = batch.collect();
    return Batch.of([assemble(records, width, rejectAt(context, examples, records))]);
  });
  made.set(key, examples);
  return examples;
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
