import { describe } from 'vitest';
import { sinkSuite } from '../../src/testing/sink-suite.ts';
import { sourceSuite } from '../../src/testing/source-suite.ts';
import { registerChecks } from '../contracts/register-checks.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { kafkaSinks, kafkaSources } from './contract-subjects.ts';

describeWithKafka('the contract of a source', KAFKA_VERSIONS, (kafka) => {
  for (const { type, subject } of kafkaSources) {
    describe(type.name, async () => registerChecks(sourceSuite(await subject(kafka))));
  }
});

describeWithKafka('the contract of a sink', KAFKA_VERSIONS, (kafka) => {
  for (const { type, subject } of kafkaSinks) {
    describe(`${type.name}, ${subject.name}`, () => registerChecks(sinkSuite(subject(kafka))));
  }
});
