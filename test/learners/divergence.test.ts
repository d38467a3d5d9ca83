/** Learners that would leave the finite numbers, on a stream with a checkpoint. */
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LabeledPoint, type OnlineLearner, readCheckpoint } from '../../src/index.ts';
import { TestDriver } from '../../src/testing/index.ts';
import { learners } from '../contracts/kinds.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { teach } from './teach.ts';

type Learner = OnlineLearner<LabeledPoint>;

/** Twice as much is no number any more. */
const HUGE = 1.7e308;

describe.each(learners)('$type.name', ({ type: { name }, subject }) => {
  it('that diverges stops with an error that names it and the batch, and its last finite state is saved', async () => {
    const { supervised, numClasses } = subject.make();
    const records = (rows: readonly LabeledPoint[]) =>
      (supervised ? rows : rows.map(({ features }) => features)) as LabeledPoint[];
    const good = subject.batches.map(records);
    const labels = [1, 0, 0, 0, 0, 0, 0, 0].map((label) => (numClasses === undefined ? (2 * label - 1) * HUGE : label));
    const huge = records(labels.map((label) => LabeledPoint(label, [HUGE, HUGE, HUGE])));
    const directory = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
    const driver = new TestDriver();
    driver.context.checkpoint(directory);
    const learner = subject.make() as Learner;
    learner.trainOn(driver.context.queueStream([...good, huge]));
    const failed = await driver.runBatches(good.length + 1).catch((error: unknown) => error);
    await driver.stop().catch(() => {});
    // A pipeline's error names the part of it that diverges.
    const named = name === 'OnlinePipeline' ? 'StandardScaler' : name === 'ChampionAndChallenger' ? '\\w+' : name;
    expect(failed).toMatchObject({
      code: 'not-finite',
      message: expect.stringMatching(new RegExp(`^${named}: .*\\[operator ${name}-\\d+, batch ${good.length}\\]$`)),
    });
    const alone = subject.make() as Learner;
    for (const batch of good) teach(alone, batch);
    expect(learner.snapshot()).toEqual(alone.snapshot());
    const { committed } = await readCheckpoint(directory);
    expect(committed.batch).toBe(good.length - 1);
    // Trees are saved by what each batch changed.
    if (!('changes' in learner)) expect(committed.states[name]).toEqual(alone.snapshot());
  });
});
