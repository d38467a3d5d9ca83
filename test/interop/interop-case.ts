import type { Table } from '../../src/batch/table.ts';
import type { PipelineStage } from '../../src/pipelines/pipeline.ts';

/** One stage, or a pipeline, that both sides fit, save, load and score. */
export interface InteropCase {
  readonly name: string;
  readonly stage: PipelineStage;
  readonly fitting: Table;
  /** What is scored. Default: `fitting`. */
  readonly scoring?: Table;
  /** Whether both fits must give the same scores, to how much. Default: as near as the scores of one model, 1e-9. */
  readonly fitTolerance?: number;
  /** What Spark 4 does otherwise, where we do as Spark 3.5 does. */
  readonly otherInSpark4?: string;
  /** Why the two fits can't be compared, where they can't. */
  readonly fitsDiffer?: string;
}
