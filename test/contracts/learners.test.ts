import { describe } from 'vitest';
import { learnerSuite } from '../../src/testing/learner-suite.ts';
import { learners, transforms } from './kinds.ts';
import { registerChecks } from './register-checks.ts';

for (const { type, subject } of [...learners, ...transforms]) {
  describe(type.name, () => registerChecks(learnerSuite(subject)));
}
