import { describe, expect, it } from 'vitest';
import type { DriftDetector, Metric, Outcomes } from '../../src/contracts/monitor.ts';
import { Accuracy, Ddm } from '../../src/index.ts';
import { type Check, detectorSuite, metricSuite } from '../../src/testing/index.ts';

/** Names of the checks that the subject does not pass. */
async function failed(checks: Iterable<Check>): Promise<string[]> {
  const names: string[] = [];
  for (const each of checks) if ((await each.run()).kind === 'failed') names.push(each.name);
  return names;
}

/** Forgets all when a new batch comes. */
class LastBatchAccuracy extends Accuracy {
  override update(outcomes: Outcomes): void {
    if (outcomes.rows > 0) super.decay(0);
    super.update(outcomes);
  }

  override fresh(): LastBatchAccuracy {
    return new LastBatchAccuracy();
  }
}

/** Its name is that of its kind, so that only what it does is wrong. */
class DeafDdm extends Ddm {
  override updateAll(values: Float64Array) {
    super.updateAll(values);
    return { warnings: [], drifts: [] };
  }
}

describe('the suites tell what is broken', () => {
  const whatFails: readonly (readonly [string, () => Iterable<Check>, string])[] = [
    [
      'a metric that depends on the batches',
      () => metricSuite({ make: (): Metric => new LastBatchAccuracy() }),
      'gives the same however the rows are cut into batches, and when halves are merged',
    ],
    [
      'a detector that finds nothing',
      () => detectorSuite({ make: (): DriftDetector => new DeafDdm() }),
      'finds a great change soon after it, whatever the seed',
    ],
  ];

  it.each(whatFails)('%s', async (_, suite, name) => {
    expect(await failed(suite())).toContain(name);
  });

  it('and pass what is not', async () => {
    expect(await failed(metricSuite({ make: () => new Accuracy() }))).toEqual([]);
    expect(await failed(detectorSuite({ make: () => new Ddm() }))).toEqual([]);
  });
});
