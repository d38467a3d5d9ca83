import { describe } from 'vitest';
import { sourceSuite } from '../../src/testing/source-suite.ts';
import { registerChecks } from '../contracts/register-checks.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { KAFKA_VERSIONS } from './broker/start-kafka.ts';
import { kafkaSources } from './contract-subjects.ts';

describeWithKafka('the contract of a source', KAFKA_VERSIONS, (kafka) => {
  for (const { type, subject } of kafkaSources) {
    describe(type.name, async () => registerChecks(sourceSuite(await subject(kafka))));
  }
});
