import type { DStream } from '../../src/dstream/dstream.ts';
import type { StreamingContext } from '../../src/dstream/streaming-context.ts';
import type { Committed } from '../../src/engine/checkpoint.ts';
import type { Log } from '../../src/host/log.ts';

/** A streaming program with its input and what must come out of it. */
export interface Flow<T> {
  readonly records: readonly T[];

  /** Builds the program on the stream of its records. It writes with `saveAsTextFiles(output)`. */
  program(records: DStream<T>, output: string): void;

  /** The lines that must have been written, batch by batch, or undefined for none; computed without Millrace. */
  expected(batches: readonly (readonly T[])[]): readonly (readonly string[] | undefined)[];

  /** What of a finished run is the same however the records are cut into batches, or why nothing is. */
  readonly sameForEveryCut: ((run: FinishedRun) => unknown) | { readonly notApplicableBecause: string };

  /** How many records the program takes from sources of its own in so many batches. Default: none. */
  readonly ownRecords?: (batches: number) => number;

  /** How the records get into the program, made anew for every start. Default: a queue. */
  readonly feed?: (batches: readonly (readonly T[])[]) => Feed<T>;
}

export interface Feed<T> {
  readonly log?: Log;
  stream(context: StreamingContext): DStream<T>;
  /** Resolves when the started program has received all it will. */
  received?(): Promise<void>;
}

/** What is left of a program that ran to its end: what it wrote, and what it committed. */
export interface FinishedRun {
  /** Lines by batch; undefined where the batch wrote nothing. */
  readonly output: readonly (readonly string[] | undefined)[];
  readonly committed: Committed;
}

/** Where a crash can fall in a batch, in the order of its steps; half: in the middle of writing to the disk. */
export const MOMENTS = ['half logged', 'logged', 'run', 'written', 'half committed', 'committed'] as const;
export type Moment = (typeof MOMENTS)[number];

/** The records in batches of `size`, the last one shorter where need be. */
export function cut<T>(records: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(records.length / size) }, (_, batch) =>
    records.slice(batch * size, (batch + 1) * size),
  );
}
