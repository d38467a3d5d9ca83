/** The test kit: what Millrace's own tests use, for the tests of those who build on it. */
export { type Check, check, notApplicable, type Outcome } from './check.ts';
export { type DetectorSubject, detectorSuite } from './detector-suite.ts';
export { type LearnerSubject, learnerSuite } from './learner-suite.ts';
export { ManualClock } from './manual-clock.ts';
export { type MetricSubject, metricSuite } from './metric-suite.ts';
export { type SinkDestination, type SinkSubject, sinkSuite } from './sink-suite.ts';
export { type SourceSubject, sourceSuite } from './source-suite.ts';
export { type StageSubject, stageSuite } from './stage-suite.ts';
export { TestDriver, type TestDriverOptions } from './test-driver.ts';
