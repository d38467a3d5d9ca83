import { Batch, type Pair } from '../batch/batch.ts';
import { assembleFeatures, assembleLabeled, type Examples, type Reject } from '../batch/examples.ts';
import { KeyMap } from '../batch/key-map.ts';
import type { SnapshotRecord } from '../batch/snapshot.ts';
import { snapshotBytes } from '../batch/snapshot-bytes.ts';
import type { LabeledPoint, Vector } from '../batch/vector.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { ChangingState } from '../contracts/stateful.ts';
import type { DStream } from '../dstream/dstream.ts';
import { KeyedState } from '../engine/keyed-state.ts';
import { atPlace, MillraceError } from '../errors.ts';
import { checkOption } from './check-option.ts';
import type { LearnerRecord, OnlineLearner, VersionedPrediction } from './online-learner.ts';

export interface KeyedModelsOptions {
  /** Most models kept, ≥ 1. Default 10,000. */
  readonly maxModels?: number;
  /** Most bytes that all of them take together, > 0: 8 a number. Default 64 MiB. */
  readonly maxBytes?: number;
}

/** A key's model at one moment, and what it takes. */
type Kept = { readonly model: SnapshotRecord; readonly bytes: number };

/** As the keyed state saves it. */
type SavedEntry<K> = readonly [key: K, kept: Kept, time: number];

/** Records of one key, and where they stand in the batch. */
interface Group<R> {
  readonly records: R[];
  readonly positions: number[];
}

/** The same as columns. */
interface KeyedExamples<K> {
  readonly key: K;
  readonly examples: Examples;
}

const DEFAULT_MAX_MODELS = 10_000;
const DEFAULT_MAX_BYTES = 64 * 2 ** 20;

/**
 * One model for each key: a line for each shop, clusters for each sensor. Each learns, batch by batch, the records of its key
 * alone, as it would by itself (`test/learners/keyed-models.test.ts`).
 *
 * `make` gives the model with which a key begins, and must give the same each time. When there are more models than
 * `maxModels`, or they take more than `maxBytes`, those that have not learned for longest are dropped, of one batch those
 * whose keys came first in it; at least one stays. A dropped key begins anew. A key without a model is predicted by a new one.
 *
 * The checkpoint's commits hold the models that the batch changed, and not the others.
 * Throws `UsageError` (`bad-option`); `DataError` as the learner does, with the key.
 * Cost: that of the learners, and copying the model of each key that a batch has.
 */
export class KeyedModels<K, R extends LearnerRecord> implements ChangingState {
  readonly #make: () => OnlineLearner<R>;
  readonly #maxModels: number;
  readonly #maxBytes: number;
  /** Does the work for whichever key it is given the model of. */
  readonly #worker: OnlineLearner<R>;
  readonly #fresh: SnapshotRecord;
  readonly #models = new KeyedState<K, Kept>();
  /** Of all models; undefined where it must be added up anew. */
  #bytes: number | undefined = 0;
  #id: string | undefined;
  #metrics: Record<string, number> = {};

  constructor(make: () => OnlineLearner<R>, options: KeyedModelsOptions = {}) {
    const { maxModels = DEFAULT_MAX_MODELS, maxBytes = DEFAULT_MAX_BYTES } = options;
    const whole = Number.isInteger(maxModels) && maxModels > 0;
    this.#maxModels = checkOption('KeyedModels', whole, maxModels, 'Most models must be a whole number above 0');
    this.#maxBytes = checkOption('KeyedModels', maxBytes > 0, maxBytes, 'Most bytes must be positive');
    this.#make = make;
    this.#worker = make();
    this.#fresh = this.#worker.snapshot();
  }

  /** Names the models' state in the checkpoint. Default `KeyedModels`. */
  id(name: string): this {
    this.#id = name;
    return this;
  }

  /** How many keys have a model. */
  get size(): number {
    return this.#models.size;
  }

  /** A copy of the key's model; undefined where it has none. */
  latestModel(key: K): OnlineLearner<R> | undefined {
    const kept = this.#models.get(key);
    if (kept === undefined) return undefined;
    const learner = this.#make();
    learner.restore(kept.model);
    return learner;
  }

  /** Learns from every batch of the stream: each record by the model of its key. Models are committed with the batch. */
  trainOn(stream: DStream<Pair<K, R>>): void {
    const grouped: DStream<KeyedExamples<K>> = stream.deriveBatches('by key', (batch, context) => {
      const pairs = batch.collect();
      const assemble = (group: Group<R>) => this.#examplesOf(group, rejectAt(group, pairs, context, grouped.node.name));
      return Batch.of(Array.from(groupsOf(pairs).entries(), ([key, group]) => ({ key, examples: assemble(group) })));
    });
    grouped.updateFromBatches('KeyedModels', this, (batch, { time }) => this.#update(batch.collect(), time), this.#id);
  }

  /** One prediction a record, by the model of its key, with the key and in the order of the records. */
  predictOnValues(stream: DStream<Pair<K, Vector>>): DStream<Pair<K, number>> {
    return this.#predictions(stream, (prediction) => prediction);
  }

  /** As `predictOnValues`, and each prediction says which version of its key's model made it: how many batches that had learned. */
  predictOnValuesWithVersion(stream: DStream<Pair<K, Vector>>): DStream<Pair<K, VersionedPrediction>> {
    return this.#predictions(stream, (prediction, version) => ({ prediction, version }));
  }

  /** `models`; `bytes` that they take; `dropped` by the last batch; `loss`, the mean of its rows before it was learned. */
  metrics(): Readonly<Record<string, number>> {
    return { models: this.size, bytes: this.#totalBytes(), ...this.#metrics };
  }

  snapshot(): SnapshotRecord {
    return this.#models.snapshot();
  }

  restore(snapshot: SnapshotRecord): void {
    const entries = Array.isArray(snapshot['entries']) ? (snapshot['entries'] as readonly SavedEntry<K>[]) : [];
    for (const [key, { model }] of entries) this.#at(key, () => this.#worker.restore(model));
    this.#models.restore(snapshot);
    this.#bytes = undefined;
  }

  changes(): SnapshotRecord | undefined {
    return this.#models.changes();
  }

  applyChanges(changes: SnapshotRecord): void {
    this.#models.applyChanges(changes);
    this.#bytes = undefined;
  }

  keepChanges(): void {
    this.#models.keepChanges();
  }

  undoChanges(): void {
    this.#models.undoChanges();
    this.#bytes = undefined;
  }

  #update(batch: readonly KeyedExamples<K>[], time: number): void {
    let [loss, rows] = [0, 0];
    for (const { key, examples } of batch) {
      if (examples.features.rows === 0) continue;
      this.#at(key, () => {
        this.#load(key);
        loss += (this.#worker.update(examples) ?? 0) * examples.features.rows;
        rows += examples.features.rows;
      });
      this.#keep(key, time);
    }
    const dropped = this.#dropTooMany();
    this.#metrics = rows === 0 ? { dropped } : { dropped, loss: loss / rows };
  }

  #predictions<P>(
    stream: DStream<Pair<K, Vector>>,
    give: (prediction: number, version: number) => P,
  ): DStream<Pair<K, P>> {
    const predicted: DStream<Pair<K, P>> = stream.deriveBatches('predict by key', (batch, context) => {
      return Batch.of(this.#predict(batch.collect(), context, predicted.node.name, give));
    });
    return predicted;
  }

  #predict<P>(
    pairs: readonly Pair<K, Vector>[],
    context: BatchContext,
    operator: string,
    give: (prediction: number, version: number) => P,
  ): Pair<K, P>[] {
    /** By position; none of a bad record. */
    const predictions = new Map<number, P>();
    for (const [key, group] of groupsOf(pairs).entries()) {
      const reject = rejectAt(group, pairs, context, operator);
      const { features, positions } = assembleFeatures(group.records, this.#worker.width, reject);
      this.#load(key);
      for (const [row, prediction] of this.#worker.predict(features).entries()) {
        predictions.set(group.positions[positions?.[row] ?? row]!, give(prediction, this.#worker.version));
      }
    }
    return pairs.flatMap(([key], i) => (predictions.has(i) ? [[key, predictions.get(i)!] as const] : []));
  }

  #examplesOf({ records }: Group<R>, reject: Reject): Examples {
    const { supervised, width, numClasses } = this.#worker;
    return supervised
      ? assembleLabeled(records as LabeledPoint[], width, reject, numClasses)
      : assembleFeatures(records as Vector[], width, reject);
  }

  /** Lets the worker be the model of the key. */
  #load(key: K): void {
    this.#worker.restore(this.#models.get(key)?.model ?? this.#fresh);
  }

  /** Keeps the worker as the model of the key, which is the last one that learned. */
  #keep(key: K, time: number): void {
    const model = this.#worker.snapshot();
    const bytes = snapshotBytes(model);
    this.#bytes = this.#totalBytes() + bytes - (this.#models.get(key)?.bytes ?? 0);
    this.#models.set(key, { model, bytes }, time);
  }

  #dropTooMany(): number {
    const before = this.size;
    for (const [key, { bytes }] of this.#models.entries()) {
      if (this.size === 1 || (this.size <= this.#maxModels && this.#totalBytes() <= this.#maxBytes)) break;
      this.#bytes = this.#totalBytes() - bytes;
      this.#models.delete(key);
    }
    return before - this.size;
  }

  #totalBytes(): number {
    if (this.#bytes !== undefined) return this.#bytes;
    let bytes = 0;
    for (const [, kept] of this.#models.entries()) bytes += kept.bytes;
    this.#bytes = bytes;
    return bytes;
  }

  /** Does what may be refused; the refusal then names the key. */
  #at(key: K, use: () => void): void {
    try {
      use();
    } catch (error) {
      throw error instanceof MillraceError ? atPlace(error, { key: textOf(key) }) : error;
    }
  }
}

function groupsOf<K, R>(pairs: readonly Pair<K, R>[]): KeyMap<K, Group<R>> {
  const groups = new KeyMap<K, Group<R>>();
  for (const [position, [key, record]] of pairs.entries()) {
    const { records, positions } = groups.getOrCreate(key, () => ({ records: [], positions: [] }));
    records.push(record);
    positions.push(position);
  }
  return groups;
}

function rejectAt(
  { positions }: Group<unknown>,
  pairs: readonly Pair<unknown, unknown>[],
  context: BatchContext,
  operator: string,
): Reject {
  return (position, error) => {
    const at = positions[position]!;
    context.reject(error, { operator, position: String(at), record: pairs[at] });
  };
}

function textOf(key: unknown): string {
  return typeof key === 'string' ? key : (JSON.stringify(key) ?? String(key));
}
