/** Each exported stage with a table that it can take. */
import { Table } from '../../src/batch/table.ts';
import { StandardScaler } from '../../src/pipelines/features/standard-scaler.ts';
import { VectorAssembler } from '../../src/pipelines/features/vector-assembler.ts';
import { Pipeline } from '../../src/pipelines/pipeline.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';

const numbers = () =>
  Table.fromRows([
    { a: 1, b: -2.5, v: [0, 3] },
    { a: 2, b: 0, v: [1.5, 3] },
    { a: 4, b: 1e-3, v: [-2, 3] },
    { a: 8, b: 7, v: [0.1, 3] },
  ]);

export const standardScalerSubject: StageSubject = {
  stage: () => new StandardScaler({ inputCol: 'v', outputCol: 'scaled', withMean: true }),
  table: numbers,
};

export const vectorAssemblerSubject: StageSubject = {
  stage: () => new VectorAssembler({ inputCols: ['a', 'v', 'b'], outputCol: 'features' }),
  table: numbers,
};

export const pipelineSubject: StageSubject = {
  stage: () =>
    new Pipeline({
      stages: [
        new VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'assembled' }),
        new StandardScaler({ inputCol: 'assembled', outputCol: 'scaled' }),
      ],
    }),
  table: numbers,
};
