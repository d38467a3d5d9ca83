/** Millrace: streaming machine learning for TypeScript. */

export { Batch, type Pair } from './batch/batch.ts';
// Streams: Spark's DStreams on the micro-batch core
export { type Duration, Milliseconds, Minutes, Seconds } from './batch/duration.ts';
export {
  assembleFeatures,
  assembleLabeled,
  type Examples,
  type Features,
  type Reject,
  toFeatures,
} from './batch/examples.ts';
export { LineBlock } from './batch/line-block.ts';
export type { Offset, OffsetRange } from './batch/offset.ts';
export type { Snapshot, SnapshotRecord } from './batch/snapshot.ts';
// Features and labels
export {
  type DenseVector,
  LabeledPoint,
  type SparseVector,
  type Vector,
  Vectors,
  type WeightedVector,
} from './batch/vector.ts';
// Contracts, for those who write a learner, a source or a sink
export type { Learner } from './contracts/learner.ts';
export type { DriftDetector, DriftPositions, DriftSignal, Metric, Outcomes } from './contracts/monitor.ts';
export type { OnlineTransform } from './contracts/online-transform.ts';
export type { ReceiverInfo } from './contracts/receiver-listener.ts';
export type { Sink, SinkBatch } from './contracts/sink.ts';
export type { PlanRequest, Received, ReceiverJournal, Source } from './contracts/source.ts';
export type { Stateful } from './contracts/stateful.ts';
export type { StreamingContextState } from './dstream/context-life.ts';
export { DStream, type MapAsyncOptions, MapWithStateDStream, type RDD } from './dstream/dstream.ts';
export { type JsonColumnsOptions, jsonColumns } from './dstream/json-columns-stream.ts';
export {
  type CanCommitOffsets,
  ConsumerStrategies,
  type ConsumerStrategy,
  type DirectStreamOptions,
  type KafkaStream,
  KafkaUtils,
} from './dstream/kafka-utils.ts';
export type { UpdateState, UpdateStateOptions } from './dstream/keyed-operators.ts';
export type { PartitionWorkersOptions } from './dstream/partition-workers.ts';
export { type MapWithState, State, StateSpec } from './dstream/state-spec.ts';
export { StatsReportListener, type StatsReportListenerOptions } from './dstream/stats-report-listener.ts';
export type { SourceIdentity } from './dstream/stream-inputs.ts';
export { StreamingContext } from './dstream/streaming-context.ts';
export type { StreamingContextOptions } from './dstream/streaming-context-options.ts';
export type { StreamingListener } from './dstream/streaming-listener.ts';
export type { ReducedWindowOptions } from './dstream/windows.ts';
export type { BadRecords, DivertedRecord } from './engine/bad-records.ts';
// What is in a checkpoint
export { type CheckpointOptions, readCheckpoint } from './engine/checkpoint.ts';
export type { Committed, Found, Plan, Totals } from './engine/checkpoint-records.ts';
export type { EmptyBatches } from './engine/engine-options.ts';
export type {
  BatchInfo,
  BatchProgress,
  EndedOutputOperationInfo,
  OutputOperationInfo,
  Phase,
  SourceProgress,
  StateProgress,
} from './engine/progress.ts';
export type { BackpressureOptions, RateOptions } from './engine/rate-control.ts';
// Errors
export {
  DataError,
  type ErrorCode,
  type ErrorContext,
  InternalError,
  MillraceError,
  messageOf,
  StateError,
  TransientError,
  UsageError,
} from './errors.ts';
// Experiments: A/B tests on a stream
export { type BayesianReadOut, bayesianReadOut, chanceThatBWins, type Proportion } from './experiments/bayesian.ts';
export type { BurnIn } from './experiments/burn-in.ts';
export { type Calibration, type CalibrationOptions, calibrate } from './experiments/calibrate.ts';
export type { Interval } from './experiments/comparison-track.ts';
export { type ArmEstimate, absoluteEffect, relativeEffect } from './experiments/effect.ts';
export {
  type Audit,
  auditLooks,
  type ExperimentLog,
  experimentLogFromText,
  experimentLogsIn,
  experimentLogToText,
  type Look,
} from './experiments/experiment-log.ts';
export { benjaminiHochberg, eBenjaminiHochberg, eValueOf } from './experiments/false-discoveries.ts';
export { holm } from './experiments/holm.ts';
export type { LookTotals } from './experiments/look-totals.ts';
export type { MetricOptions } from './experiments/metric.ts';
export type { Observation } from './experiments/observation.ts';
export { ObservationColumns } from './experiments/observation-columns.ts';
export { type PlanOptions, type PowerPlan, plan, unitsPerArm } from './experiments/plan.ts';
export { sampleRatioChiSquare, sampleRatioEvidence } from './experiments/sample-ratio.ts';
export type { ComparedEffect, Comparison, SequentialResult, Status } from './experiments/sequential-result.ts';
export { SequentialTest } from './experiments/sequential-test.ts';
export type { SequentialMethod, SequentialTestOptions } from './experiments/sequential-test-options.ts';
export {
  obrienFlemingSpending,
  powerSpending,
  type Spending,
  SpendingBounds,
} from './experiments/spending-bounds.ts';
export { BinarySample, StreamingTest, type StreamingTestResult } from './experiments/streaming-test.ts';
export { type TTest, type TTestMethod, tTest } from './experiments/t-test.ts';
export { type Tuning, tune } from './experiments/tune.ts';
export type { UnitColumn, UnitKey } from './experiments/unit-column.ts';
// The machine, as a parameter
export { type Clock, systemClock } from './host/clock.ts';
export { type Log, silentLog, stderrLog, type TextWriter } from './host/log.ts';
export { type Random, seededRandom } from './host/random.ts';
// Kafka
export {
  bytesDeserializer,
  confluentDeserializer,
  confluentFramed,
  type Deserializer,
  jsonDeserializer,
  stringDeserializer,
  valueWith,
} from './kafka/deserializers.ts';
export { kafkaDeadLetterSink } from './kafka/kafka-dead-letter-sink.ts';
export type { IsolationLevel } from './kafka/kafka-driver.ts';
export type { PartitionNumbers } from './kafka/kafka-offset.ts';
export type { KafkaOptions, SaslOptions } from './kafka/kafka-options.ts';
export type { KafkaParams } from './kafka/kafka-params.ts';
export { type KafkaOffsetRange, KafkaRDD } from './kafka/kafka-rdd.ts';
export type { KafkaHeader, KafkaRecord, ProducerRecord } from './kafka/kafka-record.ts';
export { KafkaSink, type KafkaSinkOptions } from './kafka/kafka-sink.ts';
export { type KafkaReadOptions, KafkaSource, type KafkaSourceOptions } from './kafka/kafka-source.ts';
export type { OutputRecord } from './kafka/output-record.ts';
export type { PartitionRecords } from './kafka/partition-records.ts';
export { kafkaRecords, type RecordFormat, recordBlocks, textValues } from './kafka/record-format.ts';
export { SharedJob, type SharedJobOptions } from './kafka/shared-job.ts';
export type { SharedSourceOptions } from './kafka/shared-source.ts';
export type { TopicSelection } from './kafka/topic-selection.ts';
export { type KafkaWritable, type WriteToKafkaOptions, writeToKafka } from './kafka/write-to-kafka.ts';
// Which of two learners is better, and takes over
export { ChampionAndChallenger, type ChampionAndChallengerOptions } from './learners/champion-and-challenger.ts';
export type { CenterMethod } from './learners/chosen-centers.ts';
export { DBSTREAM, type DBSTREAMOptions, type MicroCluster } from './learners/dbstream.ts';
export { FTRLProximal, type FTRLProximalOptions } from './learners/ftrl-proximal.ts';
// Online learners
export { GaussianNaiveBayes, type GaussianNaiveBayesOptions } from './learners/gaussian-naive-bayes.ts';
// Trees, forests, and what says how strange a row is
export { HalfSpaceTrees, type HalfSpaceTreesOptions } from './learners/half-space-trees.ts';
// One model for each key
export { KeyedModels, type KeyedModelsOptions } from './learners/keyed-models.ts';
export type { LearnedModel } from './learners/learned-model.ts';
// Which setting suits a stream, and how well a model does
export {
  type CandidateSeries,
  type CandidateSummary,
  type ComparisonOptions,
  type ComparisonSeries,
  type ComparisonSummary,
  LearnerComparison,
} from './learners/learner-comparison.ts';
export type { SGDOptions } from './learners/linear-sgd.ts';
export { type AnyOnlineLearner, loadLearner } from './learners/load-learner.ts';
export { MultinomialNaiveBayes, type MultinomialNaiveBayesOptions } from './learners/multinomial-naive-bayes.ts';
export type { NaiveBayesOptions } from './learners/naive-bayes.ts';
export { type LearnerRecord, OnlineLearner, type VersionedPrediction } from './learners/online-learner.ts';
// Online learners
export { OnlinePipeline, type OnlinePipelineOptions, type OtherKinds } from './learners/online-pipeline.ts';
export type { PassiveAggressiveOptions } from './learners/passive-aggressive.ts';
export { PassiveAggressiveClassifier } from './learners/passive-aggressive-classifier.ts';
export {
  PassiveAggressiveRegressor,
  type PassiveAggressiveRegressorOptions,
} from './learners/passive-aggressive-regressor.ts';
// Test, then train: a learner's figures beside those of baselines, and what to do on drift
export {
  type Answer,
  type Drift,
  ProgressiveEvaluation,
  type ProgressiveEvaluationOptions,
  progressiveEvaluation,
} from './learners/progressive-evaluation.ts';
export { RecursiveLeastSquares, type RecursiveLeastSquaresOptions } from './learners/recursive-least-squares.ts';
export { RobustZScore, type RobustZScoreOptions } from './learners/robust-z-score.ts';
export type { RowByRowOptions } from './learners/row-by-row-learner.ts';
export { SGDClassifier, type SGDClassifierOptions } from './learners/sgd-classifier.ts';
export { SGDRegressor, type SGDRegressorOptions } from './learners/sgd-regressor.ts';
export { SoftmaxRegression, type SoftmaxRegressionOptions } from './learners/softmax-regression.ts';
// Online learners
export {
  type CountRule,
  StreamingKMeans,
  type StreamingKMeansOptions,
  type TimeUnit,
} from './learners/streaming-k-means.ts';
export { StreamingKMeansModel } from './learners/streaming-k-means-model.ts';
export type { StepSchedule, StreamingLinearOptions } from './learners/streaming-linear-algorithm.ts';
export {
  StreamingLinearRegressionModel,
  StreamingLinearRegressionWithSGD,
} from './learners/streaming-linear-regression-with-sgd.ts';
export {
  type StreamingLogisticOptions,
  StreamingLogisticRegressionModel,
  StreamingLogisticRegressionWithSGD,
} from './learners/streaming-logistic-regression-with-sgd.ts';
export { FeatureHasher, type FeatureHasherOptions } from './learners/transforms/feature-hasher.ts';
export { HashingTF, type HashingTFOptions } from './learners/transforms/hashing-tf.ts';
export { Imputer, type ImputerOptions } from './learners/transforms/imputer.ts';
export { MinMaxScaler, type MinMaxScalerOptions } from './learners/transforms/min-max-scaler.ts';
export { OneHotEncoder, type OneHotEncoderOptions } from './learners/transforms/one-hot-encoder.ts';
export { StandardScaler, type StandardScalerOptions } from './learners/transforms/standard-scaler.ts';
export {
  AdaptiveRandomForestClassifier,
  type AdaptiveRandomForestClassifierOptions,
} from './learners/trees/adaptive-random-forest-classifier.ts';
export {
  AdaptiveRandomForestRegressor,
  type AdaptiveRandomForestRegressorOptions,
} from './learners/trees/adaptive-random-forest-regressor.ts';
export type { AdaptiveOptions } from './learners/trees/adaptive-tree.ts';
export type { ClassPrediction } from './learners/trees/class-leaf.ts';
export type { ClassTreeOptions } from './learners/trees/class-tree-options.ts';
export type { ForestOptions, MaxFeatures } from './learners/trees/forest-options.ts';
export type { GrowthOptions } from './learners/trees/growth-options.ts';
export {
  HoeffdingAdaptiveTreeClassifier,
  type HoeffdingAdaptiveTreeClassifierOptions,
} from './learners/trees/hoeffding-adaptive-tree-classifier.ts';
export {
  HoeffdingAdaptiveTreeRegressor,
  type HoeffdingAdaptiveTreeRegressorOptions,
} from './learners/trees/hoeffding-adaptive-tree-regressor.ts';
export { HoeffdingTreeClassifier } from './learners/trees/hoeffding-tree-classifier.ts';
export { HoeffdingTreeRegressor } from './learners/trees/hoeffding-tree-regressor.ts';
export type { RegressionPrediction } from './learners/trees/regression-leaf.ts';
export type { RegressionTreeOptions } from './learners/trees/regression-tree-options.ts';
export { type ChangePointOptions, changePoints } from './monitors/change-points.ts';
// Drift detectors: has a series changed?
export { Adwin, type AdwinOptions } from './monitors/drift/adwin.ts';
export { Ddm, type DdmOptions } from './monitors/drift/ddm.ts';
export { Eddm, type EddmOptions } from './monitors/drift/eddm.ts';
export { HddmA, type HddmAOptions } from './monitors/drift/hddm-a.ts';
export { HddmW, type HddmWOptions } from './monitors/drift/hddm-w.ts';
export { Kswin, type KswinOptions } from './monitors/drift/kswin.ts';
export { PageHinkley, type PageHinkleyOptions } from './monitors/drift/page-hinkley.ts';
export { ExponentiallyWeightedMoments } from './monitors/exponentially-weighted-moments.ts';
export { type LossDifference, LossDifferences, type LossDifferencesOptions } from './monitors/loss-differences.ts';
// Metrics: how well does a learner do, over all rows, the last ones (`windowed`), or with a memory that fades (`fading`)?
export { Accuracy } from './monitors/metrics/accuracy.ts';
export type { ClassAverage, ClassAverageOptions } from './monitors/metrics/averaged-class-metric.ts';
export { clusterOutcomes } from './monitors/metrics/cluster-outcomes.ts';
export { F1 } from './monitors/metrics/f1.ts';
export { fading } from './monitors/metrics/fading.ts';
export { Kappa } from './monitors/metrics/kappa.ts';
export { KappaM } from './monitors/metrics/kappa-m.ts';
export { KappaT } from './monitors/metrics/kappa-t.ts';
export { LogLoss } from './monitors/metrics/log-loss.ts';
export { MeanAbsoluteError } from './monitors/metrics/mean-absolute-error.ts';
export { Precision } from './monitors/metrics/precision.ts';
export { R2 } from './monitors/metrics/r2.ts';
export { Recall } from './monitors/metrics/recall.ts';
export { RocAuc } from './monitors/metrics/roc-auc.ts';
export { RootMeanSquaredError } from './monitors/metrics/root-mean-squared-error.ts';
export { Silhouette } from './monitors/metrics/silhouette.ts';
export { windowed } from './monitors/metrics/windowed.ts';
export { WithinClusterCost } from './monitors/metrics/within-cluster-cost.ts';
export { P2Quantile } from './monitors/p2-quantile.ts';
export { RunningMean } from './monitors/running-mean.ts';
export type { EvaluationResults } from './monitors/scoreboard.ts';
// Statistics
export { beta } from './numeric/distributions/beta.ts';
export { chiSquare } from './numeric/distributions/chi-square.ts';
export type { Distribution } from './numeric/distributions/distribution.ts';
export { fisherF } from './numeric/distributions/fisher-f.ts';
export { gamma } from './numeric/distributions/gamma.ts';
export { normal } from './numeric/distributions/normal.ts';
export { studentT } from './numeric/distributions/student-t.ts';
export { asymptoticTest, type Effect, type Evidence, mixtureTest } from './numeric/mixture-test.ts';
export { Moments } from './numeric/moments.ts';
export type { OptimizerName } from './numeric/optimizer.ts';
export type { PassiveAggressiveVariant } from './numeric/passive-aggressive.ts';
export type { SplitCriterionName } from './numeric/split-criterion.ts';
export type { TextFilesOptions } from './sinks/batch-directory.ts';
export { ForeachSink } from './sinks/foreach-sink.ts';
// Sources and sinks beyond those that StreamingContext and DStream have methods for
export { MemorySink } from './sinks/memory-sink.ts';
export { ObjectFilesSink } from './sinks/object-files-sink.ts';
export { TextFilesSink } from './sinks/text-files-sink.ts';
export { type FileFormat, type FileStreamOptions, FileStreamSource, splitLines } from './sources/file-stream-source.ts';
export { type ConceptDriftOptions, conceptDriftStream } from './sources/generators/concept-drift-stream.ts';
export { GeneratorSource, type GeneratorSourceOptions } from './sources/generators/generator-source.ts';
// Streams made from a seed, with drift to order
export { generators } from './sources/generators/generators.ts';
export type { GeneratedRow, GeneratorOptions, RowGenerator } from './sources/generators/row-generator.ts';
export { type QueueEntry, type QueueOptions, QueueSource } from './sources/queue-source.ts';
export { type RateRow, RateSource, type RateStreamOptions } from './sources/rate-source.ts';
export { Receiver, type ReceiverSupervisor } from './sources/receiver.ts';
export { type ReceiverNames, type ReceiverOptions, ReceiverSource } from './sources/receiver-source.ts';
export type { RecordLimits } from './sources/record-limits.ts';
export type { ConnectionOptions } from './sources/socket-receiver.ts';
export { type SocketOptions, SocketSource } from './sources/socket-source.ts';
export { type LineFormat, lineBlocks, type TextFileOptions, TextFileSource } from './sources/text-file-source.ts';
