import type { BatchContext, Graph, PendingWrite } from '../../../src/contracts/graph.ts';
import { Checkpoint } from '../../../src/engine/checkpoint.ts';
import type { Trigger } from '../../../src/engine/engine-options.ts';
import { MicroBatchEngine } from '../../../src/engine/micro-batch-engine.ts';
import type { BatchProgress } from '../../../src/engine/progress.ts';
import { silentLog } from '../../../src/host/log.ts';
import { ForeachSink } from '../../../src/sinks/foreach-sink.ts';
import { TextFilesSink } from '../../../src/sinks/text-files-sink.ts';
import { ManualClock } from '../../../src/testing/manual-clock.ts';
import { type Arrival, ScheduledSource } from '../../engine/scheduled-source.ts';
import { BATCH_DURATION_MS, type Place, type Running } from '../flow.ts';
import { type Query, QueryGraph, type Row } from './query-graph.ts';

export interface QueryOptions {
  readonly trigger: Trigger;
  readonly maxRecordsPerBatch?: number;
}

/** A query on the engine, with a clock that stands still. */
export class QueryDriver implements Running {
  readonly clock: ManualClock;
  readonly progress: BatchProgress[] = [];
  readonly #engine: MicroBatchEngine;
  #completed = () => {};

  constructor(
    query: Query,
    arrivals: readonly Arrival<Row>[],
    { checkpoint, output, startMs, at }: Omit<Place<Row>, 'batches'>,
    { trigger, maxRecordsPerBatch = Number.POSITIVE_INFINITY }: QueryOptions,
  ) {
    this.clock = new ManualClock(startMs);
    const sink = new TextFilesSink({ prefix: output, suffix: '' });
    this.#engine = new MicroBatchEngine({
      graph: watched(new QueryGraph(query, new ScheduledSource(arrivals), sink), at),
      batchDurationMs: BATCH_DURATION_MS,
      trigger,
      maxRate: (maxRecordsPerBatch * 1000) / BATCH_DURATION_MS,
      writeAheadLog: false,
      gracefulStopTimeoutMs: BATCH_DURATION_MS,
      maxBatchAttempts: 1,
      retryDelayMs: 1,
      clock: this.clock,
      log: silentLog,
      badRecords: 'fail',
      emptyBatches: 'run',
      openCommitLog: () => Checkpoint.open(checkpoint),
      listener: {
        onBatchCompleted: (progress) => {
          this.progress.push(progress);
          this.#completed();
        },
      },
    });
  }

  async start(): Promise<this> {
    await this.#engine.start();
    return this;
  }

  async runBatches(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const completed = new Promise<void>((resolve) => {
        this.#completed = resolve;
      });
      this.clock.advance(BATCH_DURATION_MS);
      await Promise.race([completed, this.ended]);
    }
  }

  get ended(): Promise<void> {
    return this.#engine.terminated;
  }

  async stop(): Promise<void> {
    await this.#engine.stop({ drain: false });
  }
}

/** The graph, with somebody who is told of the moments of its batches. */
function watched(graph: Graph, at: Place<Row>['at']): Graph {
  const write = (moment: 'run' | 'written', like: PendingWrite): PendingWrite => {
    return { ...like, operator: moment, sink: new ForeachSink(() => at(moment)) };
  };
  return {
    sources: graph.sources,
    states: graph.states,
    async run(inputs, context: BatchContext) {
      await at('logged');
      const writes = await graph.run(inputs, context);
      return [write('run', writes[0]!), ...writes, write('written', writes[0]!)];
    },
    close: () => graph.close(),
  };
}
