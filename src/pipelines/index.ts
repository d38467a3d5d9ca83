/** Pipelines: fit on stored data, save, load, and apply to tables and streams. Names and parameters are those of `spark.ml`. */

// Tables
export { type BadRow, BadRowsError } from '../batch/bad-rows.ts';
export type {
  AnyColumn,
  Column,
  Matrix,
  NumberColumn,
  NumbersColumn,
  RaggedColumn,
  StringColumn,
  TermsColumn,
  VectorColumn,
  VoidColumn,
} from '../batch/column.ts';
export {
  type Categories,
  type Category,
  type DataType,
  type Field,
  type NumericType,
  Schema,
} from '../batch/schema.ts';
export { type SparseRows, SparseRowsBuilder, toDense, toSparse } from '../batch/sparse-rows.ts';
export { type Row, Table } from '../batch/table.ts';
// Contracts
export type { Estimator } from '../contracts/estimator.ts';
export type { Transformer } from '../contracts/transformer.ts';
// Stages of features
export {
  StandardScaler,
  type StandardScalerLearned,
  StandardScalerModel,
  type StandardScalerOptions,
} from './features/standard-scaler.ts';
export { VectorAssembler, type VectorAssemblerOptions } from './features/vector-assembler.ts';
// Pipelines, saved and loaded
export { loadStage } from './load-stage.ts';
export type { OptionsOf, Param, Params } from './params/param.ts';
export { type EstimatorOf, Pipeline, PipelineModel, type PipelineStage, type TransformerOf } from './pipeline.ts';
export type { RowStreamOptions } from './row-stream.ts';
export { type SaveOptions, saveStage } from './save-stage.ts';
export { type ParamMap, type ParamPair, Stage, type StageClass } from './stage.ts';
