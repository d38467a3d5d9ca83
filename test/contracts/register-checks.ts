import { it } from 'vitest';
import type { Check } from '../../src/testing/check.ts';

/** Makes each check a test of its own. One that is not applicable is skipped, and says why. */
export function registerChecks(checks: Iterable<Check>): void {
  for (const each of checks) {
    it(each.name, async (context) => {
      const outcome = await each.run();
      if (outcome.kind === 'failed') throw outcome.cause;
      if (outcome.kind === 'not applicable') context.skip(`not applicable because ${outcome.because}`);
    });
  }
}
