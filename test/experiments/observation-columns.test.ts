import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import type { Observation } from '../../src/experiments/observation.ts';
import type { ObservationColumns } from '../../src/experiments/observation-columns.ts';
import { SequentialTest } from '../../src/experiments/sequential-test.ts';
import type { SequentialTestOptions } from '../../src/experiments/sequential-test-options.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { ARMS, events } from './watched-events.ts';

const designs: Readonly<Record<string, [options: SequentialTestOptions, observations: readonly Observation[]]>> = {
  'with all that may be told': [
    {
      arms: ARMS,
      metrics: { spent: { covariate: true }, rate: { kind: 'ratio' } },
      epochs: { later: { control: 0.4, treatment: 0.6 } },
      burnIn: { time: 5 },
      minimumPerArm: 10,
    },
    events(3000, 0.2).map((each, i) => ({
      ...each,
      epoch: i < 1000 ? '' : 'later',
      time: i,
      metric: i % 3 === 0 ? 'rate' : 'spent',
      ...(i % 2 === 0 && { denominator: 1 + (i % 4) }),
    })),
  ],
  'by propensity': [
    { arms: ARMS, allocation: 'by propensity', units: 'each observation', minimumPerArm: 10 },
    events(3000, 0.2).map(({ arm, value }, i) => ({ arm, value, propensity: 0.25 + (i % 3) / 4 })),
  ],
};

/** The observations as who has no objects tells them. */
function filled(columns: ObservationColumns, observations: readonly Observation[]): ObservationColumns {
  const { arms, metrics, epochs } = columns.names;
  for (const { arm, metric, epoch = '', value, unit, ...told } of observations) {
    columns.begin(arms.indexOf(arm), metric === undefined ? 0 : metrics.indexOf(metric), epochs.indexOf(epoch), value);
    if (unit !== undefined) columns.units.push(unit);
    for (const name of ['denominator', 'covariate', 'time', 'propensity'] as const) {
      if (told[name] !== undefined) columns.tell(name, told[name]);
    }
  }
  return columns;
}

describe.each(Object.entries(designs))('observations as columns, %s', (_, [options, observations]) => {
  it.each([0, 1, 5000])('are to an experiment what they are as objects, with room for %d at first', (capacity) => {
    const [asObjects, asColumns] = [new SequentialTest(options), new SequentialTest(options)];
    asObjects.update(observations);
    asColumns.update([filled(asColumns.columns(capacity), observations)]);
    expect(snapshotToText(asColumns.snapshot())).toBe(snapshotToText(asObjects.snapshot()));
    expect(asColumns.looks()[0]!.totals.estimates).not.toContain(null);
  });

  it('may come between objects, on a stream too', async () => {
    const whole = new SequentialTest(options);
    whole.update(observations);
    const mixed = new SequentialTest(options);
    const driver = new TestDriver();
    const part = (start: number, end: number) => filled(mixed.columns(), observations.slice(start, end));
    const batch = [...observations.slice(0, 900), part(900, 2000), part(2000, 2100), ...observations.slice(2100)];
    driver.collect(mixed.registerStream(driver.context.queueStream<Observation | ObservationColumns>([batch])));
    await driver.runBatches(1);
    expect(mixed.result().comparisons).toEqual(whole.result().comparisons);
    await driver.stop();
  });

  it('are given back as objects', () => {
    const columns = filled(new SequentialTest(options).columns(), observations);
    const first = { metric: columns.names.metrics.at(0), epoch: '' };
    const byUnit = options.units !== 'each observation';
    const expected = observations.map(({ unit, ...each }) => ({ ...first, ...each, ...(byUnit && { unit }) }));
    expect([...columns.observations()]).toEqual(expected);
  });
});

describe('observations as columns', () => {
  const experiment = () => new SequentialTest({ arms: ARMS, minimumPerArm: 10 });

  it.each([-1, 0.5, Number.NaN])('have no room for %d', (capacity) => {
    expect(() => experiment().columns(capacity)).toThrow('expected a capacity from 0');
  });

  it('take places that there are, finite numbers, and propensities where the design has them', () => {
    const columns = experiment().columns();
    for (const [arm, metric, epoch] of [
      [2, 0, 0],
      [-1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0.5, 0, 0],
    ] as const) {
      expect(() => columns.begin(arm, metric, epoch, 1)).toThrow(UsageError);
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => columns.begin(0, 0, 0, value)).toThrow(DataError);
    }
    expect(columns.length).toBe(0);
    columns.begin(0, 0, 0, 1);
    expect(() => columns.tell('time', Number.NaN)).toThrow('expected a finite time, got NaN');
    expect(() => columns.tell('propensity', 0.5)).toThrow("without `allocation: 'by propensity'`");
    const weighted = new SequentialTest({ arms: ARMS, allocation: 'by propensity' }).columns();
    weighted.begin(0, 0, 0, 1);
    expect(() => weighted.tell('propensity', 1.5)).toThrow('expected a propensity above 0 and at most 1, got 1.5');
  });

  it('are refused with a gap, or by another experiment, which are then as before', () => {
    const subject = experiment();
    subject.update(events(100, 0));
    const before = snapshotToText(subject.snapshot());
    const noUnit = subject.columns();
    noUnit.begin(0, 0, 0, 1);
    expect(() => subject.update([...events(50, 0, 2), noUnit])).toThrow('expected a unit for each of 1 rows, got 0');
    const other = filled(experiment().columns(), events(10, 0));
    expect(() => subject.update([other])).toThrow('got those of another');
    expect(snapshotToText(subject.snapshot())).toBe(before);
    const weighted = new SequentialTest({ arms: ARMS, allocation: 'by propensity', units: 'each observation' });
    const noPropensity = weighted.columns();
    noPropensity.begin(0, 0, 0, 1);
    noPropensity.tell('propensity', 0.5);
    noPropensity.begin(0, 0, 0, 1);
    expect(() => weighted.update([noPropensity])).toThrow('expected a propensity for each of 2 rows, got 1');
  });
});
