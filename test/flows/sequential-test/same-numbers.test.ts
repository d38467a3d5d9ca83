/** The same events, however they come: the same numbers. */
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Batch } from '../../../src/batch/batch.ts';
import type { Look } from '../../../src/experiments/experiment-log.ts';
import type { Observation } from '../../../src/experiments/observation.ts';
import { SequentialTest } from '../../../src/experiments/sequential-test.ts';
import { nextNormal, seededRandom } from '../../../src/host/random.ts';
import { TestDriver } from '../../../src/testing/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { cut } from '../flow.ts';
import { crash } from '../run-flow.ts';

const third = 1 / 3;

/** All kinds of metrics at once: 6,000 events of 1,500 users in three arms, some seen in two, some in a second epoch. */
const events = Array.from({ length: 6000 }, (_, i): Observation[] => {
  const random = seededRandom(i);
  const user = Math.floor(random.next() * 1500);
  const lost = i % 997 === 0 ? 1 : 0;
  const arm = ['control', 'first', 'second'][(user + lost) % 3]!;
  const level = 100 + (user % 7) + (user % 3) * 0.2;
  const shared = { arm, unit: user % 2 === 0 ? user : `user ${user}`, epoch: user < 400 ? '' : 'later' };
  const views = 1 + Math.floor(5 * random.next());
  return [
    { ...shared, metric: 'spent', value: level + 10 * nextNormal(random), covariate: user % 7 },
    { ...shared, metric: 'bought', value: random.next() < 0.2 ? 1 : 0 },
    { ...shared, metric: 'clicks', value: Math.floor(views * random.next()), denominator: views },
    { ...shared, metric: 'wait', value: Math.exp(nextNormal(random)) },
  ];
}).flat();

const make = () =>
  new SequentialTest({
    arms: { control: third, first: third, second: third },
    epochs: { later: { control: third, first: third, second: third } },
    metrics: {
      spent: { covariate: true, cap: 2000 },
      bought: { kind: 'proportion' },
      clicks: { kind: 'ratio' },
      wait: { guardrail: { margin: 0.5, better: 'lower' } },
    },
    minimumPerArm: 50,
  }).id('experiment');

/** Runs batches on what is in the directory, and gives all looks. */
async function run(batches: readonly Batch<Observation>[], checkpoint: string, first = 0, count = batches.length) {
  const driver = new TestDriver({ startMs: first * 1000 });
  driver.context.checkpoint(checkpoint);
  const experiment = make();
  experiment.registerStream(driver.context.queueStream(batches.slice(0, first + count))).foreachRDD(() => {});
  await driver.runBatches(count);
  await driver.stop();
  return experiment.looks();
}

const whole = (size: number) => cut(events, size).map((batch) => Batch.of(batch));
const inFour = (size: number) => cut(events, size).map((batch) => new Batch(cut(batch, Math.ceil(batch.length / 4))));

/** What does not depend on when one looked: units, and each arm's estimate and variance. */
function figuresOf(looks: readonly Look[]): number[] {
  const { counts, crossed, estimates } = looks.at(-1)!.totals;
  return [
    crossed,
    counts.flat(),
    estimates.map((arms) => arms!.map((arm) => [arm.n, arm.estimate, arm.variance])),
  ].flat(3);
}

function expectSame(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  for (const [i, value] of got.entries()) {
    const error = Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    expect(error, `figure ${i}: ${value}, expected ${expected[i]}`).toBeLessThan(1e-12);
  }
}

describe('a sequential test', () => {
  it('has the same numbers from one batch, from 7, from 1,000 and from 4 partitions', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const expected = figuresOf(await run(whole(events.length), path.join(directory, 'one')));
    expect(expected[0]).toBeGreaterThan(0);
    const n = events.length;
    for (const [name, batches] of [
      ['seven', whole(Math.ceil(n / 7))],
      ['a thousand', whole(Math.ceil(n / 1000))],
      ['four partitions', inFour(n)],
      ['seven in four partitions', inFour(Math.ceil(n / 7))],
    ] as const) {
      expectSame(figuresOf(await run(batches, path.join(directory, name))), expected);
    }
  });

  it('killed after every batch, has every look to the last bit, p-values and intervals too', async () => {
    const directory = await temporaryDirectory(onTestFinished);
    const batches = inFour(Math.ceil(events.length / 20));
    const expected = await run(batches, path.join(directory, 'whole'));
    let left = path.join(directory, 'start');
    let looks: readonly Look[] = [];
    for (const batch of batches.keys()) {
      looks = await run(batches, path.join(left, 'checkpoint'), batch, 1);
      const next = path.join(directory, `after ${batch}`);
      await crash(left, next);
      left = next;
    }
    expect(looks).toEqual(expected);
  });
});
