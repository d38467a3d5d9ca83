import { performance } from 'node:perf_hooks';
import { Batch, type Offset, type OffsetRange, type Pair, type Source, StreamingContext, silentLog } from 'millrace';

const RECORDS_PER_MS = 50;
const KEYS = 1000;
const WARM_UP_MS = 2000;
const MEASURED_MS = 10_000;

/** As many records as the clock says: 50,000 a second, made when they are read. */
class SteadySource implements Source<Pair<number, number>> {
  readonly replayable = true;
  #openedAt = 0;

  async open(from: Offset | undefined): Promise<Offset> {
    this.#openedAt = performance.now();
    return from ?? 0;
  }

  async plan(): Promise<Offset> {
    return Math.floor((performance.now() - this.#openedAt) * RECORDS_PER_MS);
  }

  async read({ start, end }: OffsetRange): Promise<Batch<Pair<number, number>>> {
    const first = start as number;
    return Batch.of(
      Array.from({ length: (end as number) - first }, (_, i): [number, number] => [(first + i) % KEYS, 1]),
    );
  }

  async commit(): Promise<void> {}

  endedAt(): boolean {
    return false;
  }

  async close(): Promise<void> {}
}

export interface Latency {
  readonly batches: number;
  /** From batch time to commit, milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** How long after its batch time a batch is committed, counting by key with state at 50,000 records a second. */
export async function batchLatency(batchDurationMs: number): Promise<Latency> {
  const context = new StreamingContext(batchDurationMs, { log: silentLog });
  const pairs = context.sourceStream(new SteadySource());
  pairs
    .reduceByKey((a, b) => a + b)
    .updateStateByKey<number, number, number>((values, sum = 0) => values.reduce((a, b) => a + b, sum))
    .foreachRDD(() => {});
  const delays: number[] = [];
  let measuring = false;
  context.addStreamingListener({
    onBatchCompleted: ({ totalDelayMs }) => {
      if (measuring) delays.push(totalDelayMs);
    },
  });
  await context.start();
  await context.awaitTerminationOrTimeout(WARM_UP_MS);
  measuring = true;
  await context.awaitTerminationOrTimeout(MEASURED_MS);
  await context.stop();
  delays.sort((a, b) => a - b);
  const quantile = (q: number) => delays[Math.min(delays.length - 1, Math.floor(q * delays.length))]!;
  return { batches: delays.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
