import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Table } from '../../../src/batch/table.ts';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import { OnlinePipeline } from '../../../src/learners/online-pipeline.ts';
import { SGDClassifier } from '../../../src/learners/sgd-classifier.ts';
import { StreamingKMeans } from '../../../src/learners/streaming-k-means.ts';
import { StandardScaler } from '../../../src/learners/transforms/standard-scaler.ts';
import { FrozenLearner, loadStage, PipelineModel, VectorAssembler } from '../../../src/pipelines/index.ts';
import { TestDriver } from '../../../src/testing/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const points = [[1, 1], [0, 2], [9, 8], [8, 9]]; // biome-ignore format: one line

async function trained(): Promise<StreamingKMeans> {
  const learner = new StreamingKMeans({ k: 2, decayFactor: 0.5 }).setInitialCenters(points.slice(1, 3), [0, 0]);
  const driver = new TestDriver();
  learner.trainOn(driver.context.queueStream([points]));
  await driver.runBatches(1);
  await driver.stop();
  return learner;
}

const rows = points.map(([x, y]) => ({ x, y }));
const assembler = new VectorAssembler({ inputCols: ['x', 'y'], outputCol: 'features' });

describe('a frozen learner', () => {
  it('predicts as the learner did, saved and loaded in a pipeline, and learns no more', async () => {
    const learner = await trained();
    const expected = points.map((point) => learner.latestModel().predict(point));
    const model = new PipelineModel({ stages: [assembler, FrozenLearner.of(learner)] });
    learner.setInitialCenters([[100, 100], [-100, -100]], [1, 1]); // biome-ignore format: one line
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    await model.save(directory);
    for (const each of [model, await loadStage(directory, PipelineModel)]) {
      expect([...(await each.transform(Table.fromRows(rows))).numbers('prediction').values]).toEqual(expected);
    }
  });

  it('thawed, goes on where it was', async () => {
    const learner = await trained();
    const again = FrozenLearner.of(learner).thawed();
    expect(again).toBeInstanceOf(StreamingKMeans);
    expect(again.snapshot()).toEqual(learner.snapshot());
  });

  it('may be a whole online pipeline', async () => {
    const width = { numFeatures: 2 };
    const pipeline = new OnlinePipeline<LabeledPoint>({
      transforms: [new StandardScaler(width)],
      learner: new SGDClassifier(width),
    });
    const driver = new TestDriver();
    pipeline.trainOn(driver.context.queueStream([points.map((point) => LabeledPoint(Number(point[0]! > 5), point))]));
    await driver.runBatches(1);
    await driver.stop();
    const stage = FrozenLearner.of(pipeline);
    const scored = stage.transform(assembler.transform(Table.fromRows(rows)));
    expect([...scored.numbers('prediction').values]).toEqual([0, 0, 1, 1]);
  });

  it('names the rows that it can not take', async () => {
    const stage = FrozenLearner.of(await trained());
    const table = (vectors: number[][]) => Table.fromRows(vectors.map((features) => ({ features })));
    expect(() =>
      stage.transform(
        table([
          [1, 2],
          [1, Number.NaN],
        ]),
      ),
    ).toThrow(
      // biome-ignore format: one line
      `${stage.uid}: row 1: feature 1: expected a finite number, got NaN`,
    );
    expect(() => stage.transform(table([[1, 2, 3]]))).toThrow('expected vectors of 2 numbers, got 3');
  });

  it('of an unknown kind is refused by name', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    const stage = FrozenLearner.of(await trained());
    await new FrozenLearner({ ...stage.learned, kind: 'Oracle' }).save(directory);
    await expect(loadStage(directory)).rejects.toMatchObject({
      code: 'unknown-format',
      message: expect.stringContaining('unknown kind Oracle'),
    });
  });
});
