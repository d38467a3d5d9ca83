/** Spark writes a model's data in as many files as it has partitions: some empty, and rows in no order but that of their ids. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadStage, type Stage } from '../../src/pipelines/index.ts';
import { toParquet } from '../../src/pipelines/saved/parquet-data.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';
import * as modelSubjects from '../contracts/model-subjects.ts';
import * as stageSubjects from '../contracts/stage-subjects.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const estimators = Object.entries<StageSubject>({ ...stageSubjects, ...modelSubjects }).filter(
  ([, { stage }]) => 'fit' in stage(),
);

describe.each(estimators)('the model of %s, its data in several files', (_, { stage, table }) => {
  it('is what it is in one', async () => {
    const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
    const estimator = stage();
    const model: Stage = await (estimator as Extract<typeof estimator, { fit: unknown }>).fit(table());
    await model.save(directory);
    await inParts(model, directory);
    const loaded = await loadStage(directory);
    expect(loaded.savedData()).toEqual(model.savedData());
    expect(loaded.savedStages().map(([, inner]) => inner.savedData())).toEqual(
      model.savedStages().map(([, inner]) => inner.savedData()),
    );
  });
});

/** Writes the data of a saved stage, and of those in it, in three files: one empty, and the later rows first. */
async function inParts(stage: Stage, directory: string): Promise<void> {
  for (const [folder, { columns, rows }] of Object.entries(stage.savedData())) {
    const at = path.join(directory, folder);
    await fs.rm(at, { recursive: true });
    await fs.mkdir(at);
    const half = Math.floor(rows.length / 2);
    for (const [part, some] of [[], rows.slice(half), rows.slice(0, half).reverse()].entries()) {
      await fs.writeFile(path.join(at, `part-0000${part}-1f-c000.snappy.parquet`), toParquet({ columns, rows: some }));
    }
  }
  for (const [folder, inner] of stage.savedStages()) await inParts(inner, path.join(directory, folder));
}
