/** Every source, sink and learner that Millrace exports, each with what its contract suite needs. */
import { ChampionAndChallenger } from '../../src/learners/champion-and-challenger.ts';
import { DBSTREAM } from '../../src/learners/dbstream.ts';
import { FTRLProximal } from '../../src/learners/ftrl-proximal.ts';
import { GaussianNaiveBayes } from '../../src/learners/gaussian-naive-bayes.ts';
import { HalfSpaceTrees } from '../../src/learners/half-space-trees.ts';
import { MultinomialNaiveBayes } from '../../src/learners/multinomial-naive-bayes.ts';
import { OnlinePipeline } from '../../src/learners/online-pipeline.ts';
import { PassiveAggressiveClassifier } from '../../src/learners/passive-aggressive-classifier.ts';
import { PassiveAggressiveRegressor } from '../../src/learners/passive-aggressive-regressor.ts';
import { RecursiveLeastSquares } from '../../src/learners/recursive-least-squares.ts';
import { RobustZScore } from '../../src/learners/robust-z-score.ts';
import { SGDClassifier } from '../../src/learners/sgd-classifier.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { SoftmaxRegression } from '../../src/learners/softmax-regression.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import { Imputer } from '../../src/learners/transforms/imputer.ts';
import { MinMaxScaler } from '../../src/learners/transforms/min-max-scaler.ts';
import { OneHotEncoder } from '../../src/learners/transforms/one-hot-encoder.ts';
import { StandardScaler } from '../../src/learners/transforms/standard-scaler.ts';
import { AdaptiveRandomForestClassifier } from '../../src/learners/trees/adaptive-random-forest-classifier.ts';
import { AdaptiveRandomForestRegressor } from '../../src/learners/trees/adaptive-random-forest-regressor.ts';
import { HoeffdingAdaptiveTreeClassifier } from '../../src/learners/trees/hoeffding-adaptive-tree-classifier.ts';
import { HoeffdingAdaptiveTreeRegressor } from '../../src/learners/trees/hoeffding-adaptive-tree-regressor.ts';
import { HoeffdingTreeClassifier } from '../../src/learners/trees/hoeffding-tree-classifier.ts';
import { HoeffdingTreeRegressor } from '../../src/learners/trees/hoeffding-tree-regressor.ts';
import { StreamingNeuralClassifier } from '../../src/pipelines/neural/streaming-neural-classifier.ts';
import { StreamingNeuralRegressor } from '../../src/pipelines/neural/streaming-neural-regressor.ts';
import { StoredRows } from '../../src/pipelines/serving/stored-rows.ts';
import { ForeachSink } from '../../src/sinks/foreach-sink.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { ObjectFilesSink } from '../../src/sinks/object-files-sink.ts';
import { TextFilesSink } from '../../src/sinks/text-files-sink.ts';
import { FileStreamSource } from '../../src/sources/file-stream-source.ts';
import { GeneratorSource } from '../../src/sources/generators/generator-source.ts';
import { QueueSource } from '../../src/sources/queue-source.ts';
import { RateSource } from '../../src/sources/rate-source.ts';
import { ReceiverSource } from '../../src/sources/receiver-source.ts';
import { SocketSource } from '../../src/sources/socket-source.ts';
import { TextFileSource } from '../../src/sources/text-file-source.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import type { SinkSubject } from '../../src/testing/sink-suite.ts';
import type { SourceSubject } from '../../src/testing/source-suite.ts';
import { championSubject } from './champion-subject.ts';
import {
  dbstreamSubject,
  kMeansSubject,
  linearSubject,
  logisticSubject,
  parallelSubject,
  plusPlusSubject,
} from './learner-subjects.ts';
import { neuralClassifierSubject, neuralRegressorSubject } from './neural-subjects.ts';
import { imputerSubject, minMaxSubject, oneHotSubject, pipelineSubject, scalerSubject } from './pipeline-subjects.ts';
import {
  ftrlSubject,
  gaussianSubject,
  leastSquaresSubject,
  multinomialSubject,
  passiveAggressiveClassifierSubject,
  passiveAggressiveRegressorSubject,
  sgdClassifierSubject,
  sgdRegressorSubject,
  softmaxSubject,
  wholeLeastSquaresSubject,
} from './row-by-row-subjects.ts';
import { foreachSubject, memorySubject, objectFilesSubject, textFilesSubject } from './sink-subjects.ts';
import {
  fileStreamSubject,
  generatorSubject,
  queueSubject,
  rateSubject,
  receiverSubject,
  socketSubject,
  storedRowsSubject,
  textFileSubject,
} from './source-subjects.ts';
import {
  adaptiveTreeClassifierSubject,
  adaptiveTreeRegressorSubject,
  forestClassifierSubject,
  forestRegressorSubject,
  halfSpaceTreesSubject,
  nominalForestSubject,
  nominalRegressorSubject,
  robustZScoreSubject,
  treeClassifierSubject,
  treeRegressorSubject,
} from './tree-subjects.ts';

/** An exported class. */
export interface Kind {
  readonly type: { readonly name: string; readonly prototype: object };
}

/** `subject` is called while tests are collected, since some sources need files or a server. */
export const sources: readonly (Kind & { readonly subject: () => Promise<SourceSubject> })[] = [
  { type: FileStreamSource, subject: fileStreamSubject },
  { type: GeneratorSource, subject: generatorSubject },
  { type: QueueSource, subject: queueSubject },
  { type: RateSource, subject: rateSubject },
  { type: ReceiverSource, subject: receiverSubject },
  { type: SocketSource, subject: socketSubject },
  { type: StoredRows, subject: storedRowsSubject },
  { type: TextFileSource, subject: textFileSubject },
];

export const sinks: readonly (Kind & { readonly subject: SinkSubject })[] = [
  { type: ForeachSink, subject: foreachSubject },
  { type: MemorySink, subject: memorySubject },
  { type: ObjectFilesSink, subject: objectFilesSubject },
  { type: TextFilesSink, subject: textFilesSubject },
];

export const learners: readonly (Kind & { readonly subject: LearnerSubject })[] = [
  { type: ChampionAndChallenger, subject: championSubject },
  { type: DBSTREAM, subject: dbstreamSubject },
  { type: FTRLProximal, subject: ftrlSubject },
  { type: GaussianNaiveBayes, subject: gaussianSubject },
  { type: MultinomialNaiveBayes, subject: multinomialSubject },
  { type: OnlinePipeline, subject: pipelineSubject },
  { type: PassiveAggressiveClassifier, subject: passiveAggressiveClassifierSubject },
  { type: PassiveAggressiveRegressor, subject: passiveAggressiveRegressorSubject },
  { type: RecursiveLeastSquares, subject: leastSquaresSubject },
  { type: RecursiveLeastSquares, subject: wholeLeastSquaresSubject },
  { type: SGDClassifier, subject: sgdClassifierSubject },
  { type: SGDRegressor, subject: sgdRegressorSubject },
  { type: SoftmaxRegression, subject: softmaxSubject },
  { type: StreamingKMeans, subject: kMeansSubject },
  { type: StreamingKMeans, subject: plusPlusSubject },
  { type: StreamingKMeans, subject: parallelSubject },
  { type: StreamingLinearRegressionWithSGD, subject: linearSubject },
  { type: StreamingLogisticRegressionWithSGD, subject: logisticSubject },
  { type: AdaptiveRandomForestClassifier, subject: forestClassifierSubject },
  { type: AdaptiveRandomForestClassifier, subject: nominalForestSubject },
  { type: HoeffdingAdaptiveTreeRegressor, subject: nominalRegressorSubject },
  { type: AdaptiveRandomForestRegressor, subject: forestRegressorSubject },
  { type: HalfSpaceTrees, subject: halfSpaceTreesSubject },
  { type: HoeffdingAdaptiveTreeClassifier, subject: adaptiveTreeClassifierSubject },
  { type: HoeffdingAdaptiveTreeRegressor, subject: adaptiveTreeRegressorSubject },
  { type: HoeffdingTreeClassifier, subject: treeClassifierSubject },
  { type: HoeffdingTreeRegressor, subject: treeRegressorSubject },
  { type: RobustZScore, subject: robustZScoreSubject },
  { type: StreamingNeuralClassifier, subject: neuralClassifierSubject },
  { type: StreamingNeuralRegressor, subject: neuralRegressorSubject },
];

/** Each in a pipeline of its own, on which the learner suite runs. */
export const transforms: readonly (Kind & { readonly subject: LearnerSubject })[] = [
  { type: Imputer, subject: imputerSubject },
  { type: MinMaxScaler, subject: minMaxSubject },
  { type: OneHotEncoder, subject: oneHotSubject },
  { type: StandardScaler, subject: scalerSubject },
];
