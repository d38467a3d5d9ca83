import { describe } from 'vitest';
import { sinkSuite } from '../../src/testing/sink-suite.ts';
import { sinks } from './kinds.ts';
import { registerChecks } from './register-checks.ts';

for (const { type, subject } of sinks) {
  describe(type.name, () => registerChecks(sinkSuite(subject)));
}
