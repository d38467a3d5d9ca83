import { Batch, checkNumPartitions } from '../batch/batch.ts';
import { failureOf } from '../engine/with-place.ts';
import { atPlace, MillraceError } from '../errors.ts';
import { parallelThreads, WorkerPool } from '../host/worker-pool.ts';
import type { DStream } from './dstream.ts';

export interface PartitionWorkersOptions {
  /** Threads, at least 1. Default: as many as the machine can run at the same time. */
  readonly workers?: number;
}

/** The partitions of each batch as the module's default export makes them, on threads that close with the context. */
export function mappedInWorkers<T, U>(
  stream: DStream<T>,
  module: URL | string,
  { workers = parallelThreads() }: PartitionWorkersOptions,
): DStream<U> {
  checkNumPartitions(workers, 'workers');
  const pool = new WorkerPool(new URL(module), workers);
  const mapped: DStream<U> = stream.deriveBatches('mapPartitionsInWorkers', async ({ partitions }, { id }) => {
    const settled = await Promise.allSettled(partitions.map((partition, index) => pool.run(partition, index)));
    return new Batch(
      settled.map((each, partition) => {
        if (each.status === 'fulfilled') return each.value as U[];
        const error = each.reason instanceof MillraceError ? each.reason : failureOf(each.reason);
        throw atPlace(error, { operator: mapped.node.name, batch: id, partition });
      }),
    );
  });
  stream.context.graph.closeAtEnd(pool);
  return mapped;
}
