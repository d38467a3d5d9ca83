import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch } from '../../src/batch/batch.ts';
import { type SnapshotRecord, snapshotFromText, snapshotToText } from '../../src/batch/snapshot.ts';
import { DataError, StateError, UsageError } from '../../src/errors.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { outputsOf } from '../dstream/outputs-of.ts';
import { cut } from '../flows/flow.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { ARMS, events, units } from './watched-events.ts';

describe('SequentialTest on a stream', () => {
  const batches = cut(events(2000, 0.3), 250);
  const metrics = { value: { covariate: true, cap: { quantile: 0.99, ofFirst: 200 } } };
  const make = () => new SequentialTest({ arms: ARMS, metrics, minimumPerArm: 50 }).id('experiment');

  it('gives what it gives over plain arrays, whatever the partitions', async () => {
    const plain = make();
    const expected = batches.map((batch, i) => plain.update(batch, (i + 1) * 1000));
    const inParts = batches.map((batch) => new Batch(cut(batch, 63)));
    const outputs = await outputsOf(inParts, (stream) => make().registerStream(stream));
    expect(outputs.map(([result]) => result)).toEqual(expected);
  });

  it('goes on from a snapshot as if it had never stopped, with all its looks', () => {
    const whole = make();
    let stopped = make();
    for (const [i, batch] of batches.entries()) {
      whole.update(batch, i);
      stopped.update(batch, i);
      const resumed = make();
      resumed.restore(snapshotFromText(snapshotToText(stopped.snapshot())) as SnapshotRecord);
      stopped = resumed;
      expect(stopped.result()).toEqual(whole.result());
    }
    expect(stopped.looks()).toEqual(whole.looks());
    expect(stopped.looks()).toHaveLength(batches.length);
  });

  it.each<Partial<SequentialTestOptions>>([
    { metrics },
    { method: { kind: 'group-sequential', maximum: 1000 } },
    { units: 'each observation', correction: 'e-bh', wholePeriod: 2000 },
    { allocation: 'by propensity' },
  ])('is, with what each batch changed, as it was committed: %j', async (options) => {
    const saved = (snapshot: SnapshotRecord) => snapshotFromText(snapshotToText(snapshot)) as SnapshotRecord;
    const design = { arms: ARMS, minimumPerArm: 50, ...options };
    const follower = new SequentialTest(design);
    let followed = 0;
    class Followed extends SequentialTest {
      override changes(): SnapshotRecord {
        const changes = super.changes();
        follower.applyChanges(saved(changes));
        followed++;
        return changes;
      }

      override snapshot(): SnapshotRecord {
        const whole = super.snapshot();
        follower.restore(saved(whole));
        return whole;
      }
    }
    const driver = new TestDriver();
    driver.context.checkpoint(await temporaryDirectory(onTestFinished));
    const experiment = new Followed(design);
    const some = batches.map((batch) => {
      return options.allocation ? batch.map((each) => ({ ...each, propensity: 0.5 })) : batch;
    });
    driver.collect(experiment.registerStream(driver.context.queueStream(some)));
    await driver.runBatches(some.length);
    await driver.stop();
    expect(followed).toBe(some.length - 1); // the first commit is a whole snapshot
    expect(experiment.result().looks).toBeGreaterThan(2);
    const text = snapshotToText(follower.snapshot());
    expect(text).toBe(snapshotToText(experiment.snapshot()));
  });

  it('is as before after a batch that it refuses: old users, new users and the cap', () => {
    // More than are taken in at a time.
    const refused = [...events(3000, 0, 2, 2000), { arm: 'nobody', unit: 1, value: 1 }];
    for (const count of [0, 1, 4]) {
      const experiment = make();
      for (const batch of batches.slice(0, count)) experiment.update(batch);
      const saved = snapshotToText(experiment.snapshot());
      expect(() => experiment.update(refused)).toThrow(DataError);
      expect(snapshotToText(experiment.snapshot())).toBe(saved);
      const other = make();
      for (const batch of [...batches.slice(0, count), batches[7]!]) other.update(batch);
      experiment.update(batches[7]!);
      expect(snapshotToText(experiment.snapshot())).toBe(snapshotToText(other.snapshot()));
    }
  });

  it.each<SequentialTestOptions['method']>([{ kind: 'asymptotic' }, { kind: 'group-sequential', maximum: 100_000 }])(
    'commits what a batch changed, which grows neither with the looks nor with the units (%j)',
    async (method) => {
      const sizes: number[] = [];
      class Measured extends SequentialTest {
        override changes(): SnapshotRecord {
          const changes = super.changes();
          sizes.push(snapshotToText(changes).length);
          return changes;
        }
      }
      const driver = new TestDriver();
      driver.context.checkpoint(await temporaryDirectory(onTestFinished));
      const all = cut(units(3000, 0), 40);
      const experiment = new Measured({ arms: ARMS, minimumPerArm: 10, method: method! });
      driver.collect(experiment.registerStream(driver.context.queueStream(all)));
      await driver.runBatches(all.length);
      await driver.stop();
      expect(sizes.length).toBeGreaterThan(all.length - 5); // a whole snapshot now and then
      expect(experiment.looks()).toHaveLength(all.length);
      // Numbers have more digits or fewer.
      expect(Math.max(...sizes.slice(-10))).toBeLessThan(1.1 * Math.max(...sizes.slice(5, 15)));
    },
  );

  it('refuses what it does not know, by name, as the policy for bad records says', async () => {
    const bad: Observation = { arm: 'kontrol', unit: 1, value: 1 };
    expect(() => make().update([bad])).toThrow(/unknown arm 'kontrol'; there are 'control', 'treatment'/);
    expect(() => make().update([{ arm: 'control', value: 1 }])).toThrow(DataError);
    expect(() => make().update([{ arm: 'control', unit: 1, value: Number.NaN }])).toThrow(DataError);
    const driver = new TestDriver({ badRecords: 'skip' });
    driver.collect(make().registerStream(driver.context.queueStream([[bad]])));
    await driver.runBatches(1);
    expect(driver.progress[0]!.rejectedRecords).toBe(1);
    await driver.stop();
  });

  it('refuses the state of another experiment', () => {
    const other = new SequentialTest({ arms: { ...ARMS, control: 0.3, third: 0.2 } });
    expect(() => make().restore(other.snapshot())).toThrow(StateError);
    expect(() => make().restore({})).toThrow(StateError);
  });

  it.each<Partial<SequentialTestOptions>>([
    { arms: { alone: 1 } },
    { arms: { a: 0.5, b: 0.6 } },
    { alpha: 0 },
    { minimumPerArm: 1 },
    { metrics: {} },
    { metrics: { value: { cap: { quantile: 2, ofFirst: 100 } } } },
    { metrics: { value: { guardrail: { margin: -1, better: 'higher' } } } },
    { method: { kind: 'mixture', mixingVariance: 0 } },
  ])('refuses %j', (options) => {
    expect(() => new SequentialTest({ arms: ARMS, ...options })).toThrow(UsageError);
  });
});
