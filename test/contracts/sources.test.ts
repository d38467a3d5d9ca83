import { describe } from 'vitest';
import { sourceSuite } from '../../src/testing/source-suite.ts';
import { sources } from './kinds.ts';
import { registerChecks } from './register-checks.ts';

for (const { type, subject } of sources) {
  describe(type.name, async () => registerChecks(sourceSuite(await subject())));
}
