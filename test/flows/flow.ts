import type { Committed } from '../../src/engine/checkpoint-records.ts';

export const BATCH_DURATION_MS = 1000;

/** A streaming program with its input and what must come out of it. */
export interface Flow<T> {
  readonly records: readonly T[];

  /** Starts the program on what is at this place. It writes with `saveAsTextFiles`, or as that does. */
  start(place: Place<T>): Promise<Running>;

  /** The lines that must have been written, batch by batch, or undefined for none; computed without Millrace. */
  expected(batches: readonly (readonly T[])[]): readonly (readonly string[] | undefined)[];

  /** What of a finished run is the same however the records are cut into batches, or why nothing is. */
  readonly sameForEveryCut: ((run: FinishedRun) => unknown) | { readonly notApplicableBecause: string };

  /** How many records the program takes from sources of its own in so many batches. Default: none. */
  readonly ownRecords?: (batches: number) => number;
}

/** Where a program runs, and on what. */
export interface Place<T> {
  readonly batches: readonly (readonly T[])[];
  /** Directory of the checkpoint. */
  readonly checkpoint: string;
  /** Prefix of the output. */
  readonly output: string;
  /** What the clock shows: the time of the last batch that was planned. */
  readonly startMs: number;
  /** To be awaited at these moments of a batch: its plan is logged, all is computed, all is written. */
  at(moment: 'logged' | 'run' | 'written'): Promise<void>;
}

/** A program that was started. */
export interface Running {
  runBatches(count: number): Promise<void>;
  stop(): Promise<void>;
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
