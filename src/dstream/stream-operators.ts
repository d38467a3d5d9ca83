import { Batch, checkNumPartitions } from '../batch/batch.ts';
import type { BatchContext } from '../contracts/graph.ts';
import type { Sink } from '../contracts/sink.ts';
import type { Stateful } from '../contracts/stateful.ts';
import type { DStream } from './dstream.ts';
import type { GraphNode } from './dstream-graph.ts';
import { recordByRecord, recordByRecordAsync, type Step } from './record-by-record.ts';
import type { StreamingContext } from './streaming-context.ts';

/** What an operator may need beside its function. */
export interface OperatorOptions {
  /** Milliseconds between the batches that it gives, a multiple of those it gets. Default: the same. */
  readonly slideMs?: number;
  /** What it remembers; committed with the batch. */
  readonly state?: Stateful;
}

/** What all operators of a stream are made from, and what learners, monitors and sinks build on. */
export abstract class StreamOperators<T> {
  readonly context: StreamingContext;
  /** The operator that makes this stream; for the context. */
  readonly node: GraphNode;

  /** Made by `StreamingContext`. */
  constructor(context: StreamingContext, node: GraphNode) {
    this.context = context;
    this.node = node;
  }

  /** Names the operator that makes this stream, for errors, and what it remembers, for the checkpoint. */
  id(name: string): this {
    this.context.graph.rename(this.node, name);
    return this;
  }

  /** Milliseconds between the batches of this stream. */
  get slideDuration(): number {
    return this.node.slideMs;
  }

  /** Writes every batch to a sink. */
  writeTo(kind: string, sink: Sink): void {
    this.context.addOutput(kind, this, sink);
  }

  /** The stream of what `f` makes of each batch. */
  deriveBatches<U>(
    kind: string,
    f: (batch: Batch<T>, context: BatchContext) => Batch<U> | Promise<Batch<U>>,
    options: OperatorOptions = {},
  ): DStream<U> {
    return this.context.derive(kind, [this], ([batch], context) => f(batch as Batch<T>, context), options);
  }

  /** Lets `f` bring `state` up to date with each batch. The state is committed with the batch, under `id`. */
  updateFromBatches(
    kind: string,
    state: Stateful,
    f: (batch: Batch<T>, context: BatchContext) => void,
    id?: string,
  ): void {
    this.context.addState(id, kind, state);
    this.context.addUpdate(kind, [this], ([batch], context) => {
      f(batch as Batch<T>, context);
      return Batch.empty();
    });
  }

  /** One operator that is made of several: whoever names it names them all. */
  protected composed<U>(make: () => DStream<U>): DStream<U> {
    return this.context.graph.composed(make);
  }

  /** An operator that takes one record at a time. */
  protected perRecord<U>(kind: string, step: Step<T, U>): DStream<U> {
    const stream: DStream<U> = this.deriveBatches(kind, (batch, context) =>
      recordByRecord(batch, step, stream.node.name, context),
    );
    return stream;
  }

  /** An operator that takes several records at a time, and gives the results in the order of the records. */
  protected perRecordAsync<U>(kind: string, f: (record: T) => Promise<U> | U, concurrency: number): DStream<U> {
    const stream: DStream<U> = this.deriveBatches(kind, (batch, context) =>
      recordByRecordAsync(batch, f, concurrency, stream.node.name, context),
    );
    return stream;
  }

  /** An operator that puts the records into so many partitions. */
  protected shuffled<U>(kind: string, numPartitions: number, f: (batch: Batch<T>) => Batch<U>): DStream<U> {
    checkNumPartitions(numPartitions);
    return this.deriveBatches(kind, f);
  }

  /** An operator of the batches of two streams. */
  protected deriveFromBoth<U, V>(
    kind: string,
    other: DStream<U>,
    f: (left: Batch<T>, right: Batch<U>, context: BatchContext) => Batch<V> | Promise<Batch<V>>,
  ): DStream<V> {
    return this.context.derive(kind, [this, other], ([left, right], context) =>
      f(left as Batch<T>, right as Batch<U>, context),
    );
  }

  /** As `deriveFromBoth`, into so many partitions. */
  protected shuffledWith<U, V>(
    kind: string,
    other: DStream<U>,
    numPartitions: number,
    f: (left: Batch<T>, right: Batch<U>) => Batch<V>,
  ): DStream<V> {
    checkNumPartitions(numPartitions);
    return this.deriveFromBoth(kind, other, f);
  }
}
