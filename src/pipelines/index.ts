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
export { joinedTables } from '../batch/joined-tables.ts';
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
export { Binarizer, type BinarizerOptions } from './features/binarizer.ts';
export { Bucketizer, type BucketizerOptions } from './features/bucketizer.ts';
export { ChiSqSelector, ChiSqSelectorModel, type ChiSqSelectorOptions } from './features/chi-sq-selector.ts';
export { CountVectorizer, CountVectorizerModel, type CountVectorizerOptions } from './features/count-vectorizer.ts';
export { FeatureHasher, type FeatureHasherOptions } from './features/feature-hasher.ts';
export { HashingTF, type HashingTFOptions } from './features/hashing-tf.ts';
export { IDF, type IDFLearned, IDFModel, type IDFOptions } from './features/idf.ts';
export { Imputer, ImputerModel, type ImputerOptions } from './features/imputer.ts';
export { IndexToString, type IndexToStringOptions } from './features/index-to-string.ts';
export {
  MaxAbsScaler,
  type MaxAbsScalerLearned,
  MaxAbsScalerModel,
  type MaxAbsScalerOptions,
} from './features/max-abs-scaler.ts';
export {
  MinMaxScaler,
  type MinMaxScalerLearned,
  MinMaxScalerModel,
  type MinMaxScalerOptions,
} from './features/min-max-scaler.ts';
export { NGram, type NGramOptions } from './features/n-gram.ts';
export { Normalizer, type NormalizerOptions } from './features/normalizer.ts';
export { OneHotEncoder, OneHotEncoderModel, type OneHotEncoderOptions } from './features/one-hot-encoder.ts';
export { PCA, type PCALearned, PCAModel, type PCAOptions } from './features/pca.ts';
export { PolynomialExpansion, type PolynomialExpansionOptions } from './features/polynomial-expansion.ts';
export { QuantileDiscretizer, type QuantileDiscretizerOptions } from './features/quantile-discretizer.ts';
export { RegexTokenizer, type RegexTokenizerOptions } from './features/regex-tokenizer.ts';
export {
  RobustScaler,
  type RobustScalerLearned,
  RobustScalerModel,
  type RobustScalerOptions,
} from './features/robust-scaler.ts';
export { SQLTransformer, type SQLTransformerOptions } from './features/sql-transformer.ts';
export {
  StandardScaler,
  type StandardScalerLearned,
  StandardScalerModel,
  type StandardScalerOptions,
} from './features/standard-scaler.ts';
export { StopWordsRemover, type StopWordsRemoverOptions } from './features/stop-words-remover.ts';
export { StringIndexer, StringIndexerModel, type StringIndexerOptions } from './features/string-indexer.ts';
export { Tokenizer, type TokenizerOptions } from './features/tokenizer.ts';
export { VectorAssembler, type VectorAssemblerOptions } from './features/vector-assembler.ts';
export { VectorSizeHint, type VectorSizeHintOptions } from './features/vector-size-hint.ts';
// Tables from files, and to files
export { type CsvOptions, csvFromTable, tableFromCsv } from './files/csv-table.ts';
export { jsonLinesFromTable, tableFromJsonLines } from './files/json-lines-table.ts';
export { parquetFromTable } from './files/parquet-from-table.ts';
export {
  type ParquetFile,
  type ParquetOptions,
  tableFromParquet,
  tablesFromParquet,
} from './files/parquet-table.ts';
export { readTable, readTables, type TableFileOptions, type TableFormat, writeTable } from './files/table-file.ts';
// Pipelines, saved and loaded
export { loadStage } from './load-stage.ts';
// Stages that predict
export * from './models.ts';
// Rows shared among threads
export { type ParallelOptions, ParallelTransformer } from './parallel/parallel-transformer.ts';
export type { OptionsOf, Param, Params } from './params/param.ts';
export { type EstimatorOf, Pipeline, PipelineModel, type PipelineStage, type TransformerOf } from './pipeline.ts';
export { type DescribedPipeline, describedPipeline } from './pipeline-description.ts';
export type { RejectRow, RowStreamOptions, TransformStreamOptions } from './row-stream.ts';
export { type SaveOptions, saveStage } from './save-stage.ts';
export type { StageMetadata } from './saved/metadata.ts';
export { savedMetadata } from './saved-metadata.ts';
// Serving: versions of a model, while they come; lines in, lines out
export { csvRows } from './serving/csv-rows.ts';
export { FrozenLearner, type FrozenLearnerOptions } from './serving/frozen-learner.ts';
export { jsonRows } from './serving/json-rows.ts';
export { inLines, type RecordRows } from './serving/record-rows.ts';
export { type Judge, type RetrainOptions, retrainEvery } from './serving/retrain-every.ts';
export { type LineScoringOptions, type ScoringModel, scoreLines } from './serving/score-lines.ts';
export { scoreWithVersions, type VersionedScoringOptions } from './serving/score-with-versions.ts';
export { StoredRows } from './serving/stored-rows.ts';
export {
  type KMeansStartOptions,
  streamingKMeansOf,
  streamingLinearRegressionOf,
  streamingLogisticRegressionOf,
} from './serving/streaming-start.ts';
export type { WatchedModelOptions } from './serving/watched-model.ts';
export {
  EstimatorStage,
  ModelStage,
  type ParamMap,
  type ParamPair,
  Stage,
  type StageClass,
  TransformerStage,
} from './stage.ts';
export { type StageSummary, summaryOf } from './stage-summary.ts';
