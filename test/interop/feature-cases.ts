import { Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import { StandardScaler } from '../../src/pipelines/features/standard-scaler.ts';
import { VectorAssembler } from '../../src/pipelines/features/vector-assembler.ts';
import { Pipeline } from '../../src/pipelines/pipeline.ts';
import type { InteropCase } from './interop-case.ts';

const numbers = Table.fromRows([
  { a: 1, b: -2.5, flag: true, v: [0, 3, 1] },
  { a: 2, b: 0, flag: false, v: [1.5, 3, 0] },
  { a: 4, b: 1e-3, flag: true, v: [-2, 3, 0] },
  { a: 8, b: 7, flag: true, v: [0.1, 3, -7.25] },
]);

const gaps = Table.fromRows([
  { a: 1, b: 2 },
  { a: null, b: 3 },
  { a: Number.NaN, b: 4 },
  { a: 2, b: 5 },
]);

const sparse = Table.fromRows([
  { v: Vectors.sparse(5, [0, 3], [1, -2]) },
  { v: Vectors.sparse(5, [], []) },
  { v: Vectors.sparse(5, [3, 4], [0.5, 9]) },
]);

export const featureCases: readonly InteropCase[] = [
  {
    name: 'VectorAssembler',
    stage: new VectorAssembler({ inputCols: ['a', 'v', 'flag', 'b'], outputCol: 'features' }),
    fitting: numbers,
  },
  {
    name: 'VectorAssembler skips',
    stage: new VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'features', handleInvalid: 'skip' }),
    fitting: gaps,
  },
  {
    name: 'VectorAssembler keeps',
    stage: new VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'features', handleInvalid: 'keep' }),
    fitting: gaps,
  },
  {
    name: 'StandardScaler',
    stage: new StandardScaler({ inputCol: 'v', outputCol: 'scaled', withMean: true }),
    fitting: numbers,
  },
  {
    name: 'StandardScaler of sparse vectors',
    stage: new StandardScaler({ inputCol: 'v', outputCol: 'scaled' }),
    fitting: sparse,
  },
  {
    name: 'Pipeline',
    stage: new Pipeline({
      stages: [
        new VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'assembled' }),
        new StandardScaler({ inputCol: 'assembled', outputCol: 'scaled', withStd: false, withMean: true }),
      ],
    }),
    fitting: numbers,
  },
];
