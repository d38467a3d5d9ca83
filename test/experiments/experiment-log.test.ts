import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCheckpoint } from '../../src/engine/checkpoint.ts';
import { DataError, StateError } from '../../src/errors.ts';
import {
  auditLooks,
  type ExperimentLog,
  experimentLogFromText,
  experimentLogsIn,
  experimentLogToText,
} from '../../src/experiments/experiment-log.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { cut } from '../flows/flow.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const arms = { control: 0.5, treatment: 0.5 };
const random = seededRandom(12);
const all = Array.from({ length: 4000 }, (_, i): Observation => {
  const user = Math.floor(random.next() * 1500);
  const arm = user % 2 === 0 ? 'control' : 'treatment';
  return { arm, unit: `user ${user}`, value: nextNormal(random) + (user % 2) * 0.3, time: 1000 * i };
});
const batches = cut(all, 250);

function watched(options: Partial<SequentialTestOptions> = {}): SequentialTest {
  const experiment = new SequentialTest({ arms, ...options });
  const metrics = Object.keys(options.metrics ?? { value: {} });
  const told = options.allocation && { propensity: 0.5 };
  for (const batch of batches) {
    experiment.update(batch.map((each, i) => ({ ...each, metric: metrics[i % metrics.length]!, ...told })));
  }
  return experiment;
}

const methods: readonly Partial<SequentialTestOptions>[] = [
  {},
  { method: { kind: 'mixture', mixingVariance: 0.04 }, units: 'each observation' },
  { method: { kind: 'group-sequential', maximum: 1400, spending: 'power' } },
  { correction: 'e-bh', metrics: { value: { cap: { quantile: 0.95, ofFirst: 300 } }, other: {} }, wholePeriod: 5e5 },
  { allocation: 'by propensity' },
];

describe('the log of an experiment', () => {
  it.each(methods)('tells how every look follows from what it was made from: %j', (options) => {
    const log = watched(options).log();
    expect(log.looks).toHaveLength(batches.length);
    expect(log.looks.at(-1)!.looks).toBeGreaterThan(1);
    expect(auditLooks(log)).toEqual({ confirmed: batches.length });
    const read = experimentLogFromText(experimentLogToText(log));
    expect(read).toEqual(log);
    expect(auditLooks(read)).toEqual({ confirmed: batches.length });
  });

  it('betrays whoever changes a verdict, a p-value, a count or the design afterwards', () => {
    const log = watched().log();
    const with7th = (change: object): ExperimentLog => ({
      ...log,
      looks: log.looks.map((look, i) => (i === 7 ? { ...look, ...change } : look)),
    });
    const [comparison] = log.looks[7]!.comparisons;
    const changes: [object, string][] = [
      [{ status: 'ended' }, 'status'],
      [{ comparisons: [{ ...comparison!, pValue: comparison!.pValue / 2 }] }, 'comparisons'],
      [{ totals: { ...log.looks[7]!.totals, counts: [[10, 2000]] } }, 'arms'],
    ];
    for (const [change, what] of changes) {
      const { confirmed, wrong } = auditLooks(with7th(change));
      expect({ confirmed, look: wrong?.look }).toEqual({ confirmed: 7, look: 7 });
      expect(wrong?.what).toContain(what);
    }
    expect(auditLooks({ ...log, options: { ...log.options, alpha: 0.1 } }).wrong).toBeDefined();
  });

  it('is in the checkpoint, whole, however often the program was stopped', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
    const make = () => new SequentialTest({ arms }).id('checkout');
    for (let start = 0; start < batches.length; start += 4) {
      const driver = new TestDriver({ startMs: start * 1000 });
      driver.context.checkpoint(directory);
      make()
        .registerStream(driver.context.queueStream(batches.slice(0, start + 4)))
        .foreachRDD(() => {});
      await driver.runBatches(4);
      await driver.stop();
    }
    const { committed } = await readCheckpoint(directory);
    const { checkout, ...others } = experimentLogsIn(committed);
    expect(others).toEqual({});
    expect(checkout).toEqual(watched().log());
    expect(auditLooks(checkout!)).toEqual({ confirmed: batches.length });
  });

  it('refuses what is no log', () => {
    for (const text of ['', 'look 1', '{"arms":1}', '{"arms":{"a":0.5,"b":0.5}}\n{"looks":1}']) {
      expect(() => experimentLogFromText(text)).toThrow(DataError);
    }
  });
});

describe('the design of an experiment', () => {
  const saved = watched().snapshot();

  it.each<Partial<SequentialTestOptions>>([
    { alpha: 0.1 },
    { method: { kind: 'mixture', mixingVariance: 0.01 } },
    { minimumPerArm: 50 },
    { metrics: { value: { cap: 3 } } },
    { correction: 'e-bh' },
    { burnIn: { observations: 2 } },
    { control: 'treatment' },
    { wholePeriod: '7 days' },
    { units: 'each observation' },
    { arms: { control: 0.4, treatment: 0.6 } },
    { allocation: 'by propensity' },
  ])('is frozen: a saved one is not gone on with as %j', (options) => {
    expect(() => new SequentialTest({ arms, ...options }).restore(saved)).toThrow(StateError);
  });

  it('is the same where defaults are spelt out, in any order', () => {
    const metrics = { value: { covariate: false, kind: 'mean' } } as const;
    const other = { value: { kind: 'mean', covariate: false } } as const;
    const spelt = watched({ metrics }).snapshot();
    new SequentialTest({ alpha: 0.05, arms, metrics: other, method: { kind: 'asymptotic' } }).restore(spelt);
  });

  it('may grow by epochs, as shares change', () => {
    const epochs = { second: { control: 0.9, treatment: 0.1 } };
    const experiment = new SequentialTest({ arms, epochs });
    experiment.restore(saved);
    const before = experiment.result();
    expect(before).toEqual(watched().result());
    const late = Array.from({ length: 1000 }, (_, i): Observation => {
      return {
        arm: i % 10 === 0 ? 'treatment' : 'control',
        unit: `late ${i}`,
        value: nextNormal(random),
        epoch: 'second',
      };
    });
    const { status, sampleRatio } = experiment.update(late, 5_000_000);
    expect({ status, mismatch: sampleRatio.mismatch }).toEqual({ status: before.status, mismatch: false });
    expect(auditLooks(experiment.log())).toEqual({ confirmed: batches.length + 1 });
    expect(() => watched().restore(experiment.snapshot())).toThrow(/other shares/);
  });

  it('names the control where arms are called by numbers', () => {
    const numbered = { '1': 0.5, '0': 0.5 };
    const observed = all.map((each) => ({ ...each, arm: each.arm === 'control' ? '1' : '0' }));
    const experiment = new SequentialTest({ arms: numbered, control: '1' });
    experiment.update(observed);
    const whole = new SequentialTest({ arms });
    whole.update(all);
    expect(experiment.result().arms.map(({ name }) => name)).toEqual(['1', '0']);
    expect(experiment.result().comparisons[0]!.absolute).toEqual(whole.result().comparisons[0]!.absolute);
    expect(() => new SequentialTest({ arms, control: 'nobody' })).toThrow(/control to be one of/);
  });

  it('dates looks by the latest observation, where observations have a time', () => {
    expect(
      watched()
        .looks()
        .map(({ time }) => time),
    ).toEqual(batches.map((_, i) => (i + 1) * 250_000 - 1000));
  });
});
