import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import { seededRandom } from '../../src/host/random.ts';
import * as p from '../../src/pipelines/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const random = seededRandom(8);
const table = Table.fromRows(
  Array.from({ length: 90 }, (_, i) => {
    const x = [random.next(), random.next()];
    return { features: x, label: 3 * x[0]! - x[1]! + 0.1 * random.next(), fold: i % 3 };
  }),
);

const estimator = new p.LinearRegression();
const tuned: p.Tuned = {
  estimator,
  evaluator: new p.RegressionEvaluator(),
  estimatorParamMaps: new p.ParamGridBuilder().addGrid(estimator, 'regParam', [10, 0.001]).build(),
};

it('takes the settings whose mean over the folds is the best, and fits them on all rows', async () => {
  const model = await new p.CrossValidator({ ...tuned, foldCol: 'fold' }).fit(table);
  const byHand = [10, 0.001].map((regParam) => {
    const metrics = [0, 1, 2].map((fold) => {
      const held = (row: number) => table.numbers('fold').values[row] === fold;
      const fitted = new p.LinearRegression({ regParam }).fit(table.filter((row) => !held(row)));
      return new p.RegressionEvaluator().evaluate(fitted.transform(table.filter(held)));
    });
    return metrics.reduce((sum, each) => sum + each, 0) / 3;
  });
  expect(model.avgMetrics).toEqual(byHand);
  const onAll = new p.LinearRegression({ regParam: 0.001 }).fit(table);
  expect((model.bestModel as p.LinearRegressionModel).learned).toEqual(onAll.learned);
});

it('keeps the other models where asked to, and saves them', async () => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  const validated = await new p.CrossValidator({ ...tuned, numFolds: 2, collectSubModels: true }).fit(table);
  await validated.save(directory);
  const loaded = await p.loadStage(directory, p.CrossValidatorModel);
  const learned = (model: p.CrossValidatorModel) =>
    model.learned.subModels!.map((fold) => fold.map((each) => (each as p.LinearRegressionModel).learned));
  expect(learned(loaded)).toEqual(learned(validated));
  expect(learned(loaded).map((fold) => fold.length)).toEqual([2, 2]);

  const split = await new p.TrainValidationSplit({ ...tuned, collectSubModels: true }).fit(table);
  await split.save(directory, { overwrite: true });
  const again = await p.loadStage(directory, p.TrainValidationSplitModel);
  expect(again.validationMetrics).toEqual(split.validationMetrics);
  expect(again.learned.subModels).toHaveLength(2);
});

it('builds every combination of values, later ones in the place of earlier', () => {
  const maps = new p.ParamGridBuilder()
    .baseOn(estimator, 'maxIter', 5)
    .addGrid(estimator, 'regParam', [7])
    .addGrid(estimator, 'regParam', [0, 1])
    .addGrid(estimator, 'fitIntercept', [true, false])
    .build();
  const values = maps.map((map) => Object.fromEntries(map.map(({ name, value }) => [name, value])));
  expect(values).toHaveLength(4);
  expect(values).toContainEqual({ maxIter: 5, regParam: 1, fitIntercept: false });
});

it('refuses settings of a stage that is not there, no settings, and folds without rows', async () => {
  const other = new p.ParamGridBuilder().addGrid(new p.LinearRegression(), 'regParam', [1]).build();
  expect(() => new p.CrossValidator({ ...tuned, estimatorParamMaps: other })).toThrow(/no stage of the estimator/);
  expect(() => new p.CrossValidator({ ...tuned, estimatorParamMaps: [] })).toThrow(/at least one, got none/);
  const empty = new p.CrossValidator({ ...tuned, foldCol: 'fold', numFolds: 4 });
  await expect(empty.fit(table)).rejects.toThrow(/fold 3: expected rows/);
  const outside = new p.CrossValidator({ ...tuned, foldCol: 'fold', numFolds: 2 });
  await expect(outside.fit(table)).rejects.toThrow(/expected a fold from 0 to 1, got 2/);
});
