import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { type BatchProgress, type Pair, StateSpec, StreamingContext, silentLog } from 'millrace';
import { ManualClock } from 'millrace/testing';
import { quantile } from 'simple-statistics';
import { flushTimer } from './flushes.ts';

const KEYS = 1_000_000;
const CHANGED_KEYS = 10_000;
/** Enough for the journal to be made short again and again. */
const COMMITS = 300;
const WARM_UP_COMMITS = 5;

export interface StateCommitCost {
  /** Median time of a commit besides the flush, milliseconds. */
  readonly commitMs: number;
  /** The same while the journal is made short meanwhile, and the longest of them. */
  readonly commitMeanwhileMs: number;
  readonly longestCommitMs: number;
  /** From `start` to a program that is ready for its next batch, milliseconds. */
  readonly restartMs: number;
}

/** Stands still for the batches, and measures what goes on meanwhile. */
class MeasuringClock extends ManualClock {
  override monotonicMs(): number {
    return performance.now();
  }
}

/** What a large state costs: to commit the few keys that a batch changed, and to take up all after a restart. */
export async function stateCommitCost(): Promise<StateCommitCost> {
  const checkpoint = await fs.mkdtemp(path.join(tmpdir(), 'millrace-bench-'));
  const flushes = await flushTimer(checkpoint);
  try {
    const first = program(checkpoint, 0);
    const [alone, meanwhile]: [number[], number[]] = [[], []];
    for (let n = 0; n < COMMITS; n++) {
      const flushedBefore = flushes.elapsedMs();
      const { phaseMs } = await first.nextBatch();
      const times = (await fs.readdir(checkpoint)).some((name) => name.endsWith('.tmp')) ? meanwhile : alone;
      // A plan is flushed too, in a phase of its own.
      if (n > WARM_UP_COMMITS) times.push(phaseMs.log + phaseMs.commit - (flushes.elapsedMs() - flushedBefore));
    }
    await first.context.stop();
    const again = program(checkpoint, 1000 * COMMITS);
    const start = performance.now();
    await again.context.start();
    const restartMs = performance.now() - start;
    await again.context.stop();
    return {
      commitMs: quantile(alone, 0.5),
      commitMeanwhileMs: quantile(meanwhile, 0.5),
      longestCommitMs: Math.max(...alone, ...meanwhile),
      restartMs,
    };
  } finally {
    flushes.stop();
    await fs.rm(checkpoint, { recursive: true });
  }
}

/** Sums by key, of 10⁶ keys that are there from the start; a batch has a record for every hundredth. */
function program(checkpoint: string, startMs: number) {
  const clock = new MeasuringClock(startMs);
  const context = new StreamingContext(1000, { clock, log: silentLog });
  context.checkpoint(checkpoint);
  const batch = Array.from({ length: CHANGED_KEYS }, (_, i): Pair<string, number> => [keyOf((i * 7919) % KEYS), i]);
  const spec = StateSpec.function<string, number, number, number>((_key, value = 0, state) => {
    state.update((state.getOption() ?? 0) + value);
    return undefined;
  });
  const initial = Array.from({ length: KEYS }, (_, i): Pair<string, number> => [keyOf(i), i]);
  context
    .queueStream(new Array<typeof batch>(COMMITS).fill(batch))
    .mapWithState(spec.initialState(initial))
    .foreachRDD(() => {});
  return { context, nextBatch: () => nextBatch(context, clock) };
}

async function nextBatch(context: StreamingContext, clock: ManualClock): Promise<BatchProgress> {
  if (context.getState() === 'INITIALIZED') await context.start();
  await clock.sleeping();
  return new Promise((resolve) => {
    const listener = {
      onBatchCompleted(progress: BatchProgress) {
        context.removeStreamingListener(listener);
        resolve(progress);
      },
    };
    context.addStreamingListener(listener);
    clock.advance(1000);
  });
}

function keyOf(i: number): string {
  return `key-${i}`;
}
