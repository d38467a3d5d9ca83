/** Every source, sink and learner that Millrace exports, each with what its contract suite needs. */
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import { ForeachSink } from '../../src/sinks/foreach-sink.ts';
import { MemorySink } from '../../src/sinks/memory-sink.ts';
import { TextFilesSink } from '../../src/sinks/text-files-sink.ts';
import { FileStreamSource } from '../../src/sources/file-stream-source.ts';
import { GeneratorSource } from '../../src/sources/generators/generator-source.ts';
import { QueueSource } from '../../src/sources/queue-source.ts';
import { ReceiverSource } from '../../src/sources/receiver-source.ts';
import { SocketSource } from '../../src/sources/socket-source.ts';
import { TextFileSource } from '../../src/sources/text-file-source.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import type { SinkSubject } from '../../src/testing/sink-suite.ts';
import type { SourceSubject } from '../../src/testing/source-suite.ts';
import { kMeansSubject, linearSubject, logisticSubject } from './learner-subjects.ts';
import { foreachSubject, memorySubject, textFilesSubject } from './sink-subjects.ts';
import {
  fileStreamSubject,
  generatorSubject,
  queueSubject,
  receiverSubject,
  socketSubject,
  textFileSubject,
} from './source-subjects.ts';

/** An exported class. */
export interface Kind {
  readonly type: { readonly name: string; readonly prototype: object };
}

/** `subject` is called while tests are collected, since some sources need files or a server. */
export const sources: readonly (Kind & { readonly subject: () => Promise<SourceSubject> })[] = [
  { type: FileStreamSource, subject: fileStreamSubject },
  { type: GeneratorSource, subject: generatorSubject },
  { type: QueueSource, subject: queueSubject },
  { type: ReceiverSource, subject: receiverSubject },
  { type: SocketSource, subject: socketSubject },
  { type: TextFileSource, subject: textFileSubject },
];

export const sinks: readonly (Kind & { readonly subject: SinkSubject })[] = [
  { type: ForeachSink, subject: foreachSubject },
  { type: MemorySink, subject: memorySubject },
  { type: TextFilesSink, subject: textFilesSubject },
];

export const learners: readonly (Kind & { readonly subject: LearnerSubject })[] = [
  { type: StreamingKMeans, subject: kMeansSubject },
  { type: StreamingLinearRegressionWithSGD, subject: linearSubject },
  { type: StreamingLogisticRegressionWithSGD, subject: logisticSubject },
];
