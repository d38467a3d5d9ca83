/** Spark fits and we score, we fit and Spark scores: the same numbers. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { silentLog } from '../../src/host/log.ts';
import { loadStage } from '../../src/pipelines/load-stage.ts';
import { Pipeline, type PipelineStage, type TransformerOf } from '../../src/pipelines/pipeline.ts';
import type { Stage } from '../../src/pipelines/stage.ts';
import { CrossValidator } from '../../src/pipelines/tuning/cross-validator.ts';
import { TrainValidationSplit } from '../../src/pipelines/tuning/train-validation-split.ts';
import { cases } from './cases.ts';
import { expectSame } from './expect-same.ts';
import type { InteropCase } from './interop-case.ts';
import { keepAnswers } from './kept-answers.ts';
import { pythonWithSpark, runSpark, SPARK_VERSIONS } from './spark-side.ts';
import { type Answer, answerOf, tableToJson } from './table-json.ts';

const TOLERANCE = 1e-9;
/** For installing Spark, and for all cases on a slow machine. */
const SPARK_MS = 2_700_000;

/** Only cases whose name fits a pattern, or only one version: `ONLY=^KMeans SPARK=4 npm run interop`. */
const { ONLY: only = '', SPARK: oneVersion } = process.env;
/** Whether what Spark says is kept for `test/reference`: `KEEP=1 SPARK=3.5 npm run interop`. */
const keeps = process.env['KEEP'] !== undefined;
const named = cases.filter(({ name }) => new RegExp(only).test(name));

for (const version of SPARK_VERSIONS.filter((each) => oneVersion === undefined || oneVersion === each)) {
  const spark = await pythonWithSpark(version);
  const chosen = named.filter(({ otherInSpark4 }) => version !== '4' || otherInSpark4 === undefined);
  if ('lacks' in spark) process.stderr.write(`interop with Spark ${version} was NOT checked: ${spark.lacks}\n`);
  describe.skipIf('lacks' in spark)(`Spark ${version}`, () => {
    const models = new Map<string, TransformerOf>();
    let directory: string;

    beforeAll(async () => {
      directory = await fs.mkdtemp(path.join(os.tmpdir(), 'millrace-interop-'));
      for (const each of chosen) {
        const model = 'fit' in each.stage ? await each.stage.fit(each.fitting) : each.stage;
        models.set(each.name, model);
        await model.save(path.join(directory, 'ours', each.name));
      }
      const told = chosen.map((each) => toldToSpark(each, models.get(each.name)!));
      await fs.writeFile(path.join(directory, 'cases.json'), JSON.stringify(told));
      if ('python' in spark) await runSpark(spark.python, directory);
    }, SPARK_MS);

    afterAll(async () => {
      if (keeps && 'python' in spark) await keepAnswers(chosen, (each) => answer(directory, 'spark', each));
      await fs.rm(directory, { recursive: true, force: true });
    });

    describe.each(chosen)('$name', (each) => {
      it('scores what Spark saved as Spark does', async () => {
        const loaded = await loadStage<Stage>(path.join(directory, 'spark', each.name), undefined, { log: silentLog });
        const scored = await (loaded as TransformerOf).transform(each.scoring ?? each.fitting);
        expectSame(answerOf(scored), await answer(directory, 'spark', each), TOLERANCE);
      });

      it('saves what Spark scores as we do', async () => {
        const scored = await models.get(each.name)!.transform(each.scoring ?? each.fitting);
        expectSame(await answer(directory, 'ours', each), answerOf(scored), TOLERANCE);
      });

      it.skipIf(each.fitsDiffer !== undefined)(
        `fits as Spark does${each.fitsDiffer ? `: ${each.fitsDiffer}` : ''}`,
        async () => {
          const [ours, theirs] = [await answer(directory, 'ours', each), await answer(directory, 'spark', each)];
          expectSame(ours, theirs, each.fitTolerance ?? TOLERANCE);
        },
      );
    });
  });
}

async function answer(directory: string, side: 'spark' | 'ours', { name }: InteropCase): Promise<Answer> {
  const said = JSON.parse(await fs.readFile(path.join(directory, side, `${name}.json`), 'utf8')) as Answer;
  if (said.error !== undefined) throw new Error(`Spark: ${said.error}`);
  return said;
}

function toldToSpark({ name, stage, fitting, scoring = fitting }: InteropCase, model: TransformerOf) {
  const modelClass = model.stageClass.className;
  return { name, stage: stageToJson(stage), modelClass, fitting: tableToJson(fitting), scoring: tableToJson(scoring) };
}

function stageToJson(stage: PipelineStage): unknown {
  if (stage instanceof Pipeline) return { stages: stage.stages.map(stageToJson) };
  if (stage instanceof CrossValidator || stage instanceof TrainValidationSplit) {
    const { estimator, evaluator, estimatorParamMaps } = stage.tuned;
    const tuned = { estimator: stageToJson(estimator), evaluator: plainToJson(evaluator), maps: estimatorParamMaps };
    return { ...plainToJson(stage), tuned };
  }
  return plainToJson(stage);
}

function plainToJson(stage: Stage) {
  // As texts: JSON of ours has no infinite numbers.
  const options = Object.entries(stage.savedParams()).filter(([name]) => name !== 'estimatorParamMaps');
  return { class: stage.stageClass.className, uid: stage.uid, options: Object.fromEntries(options) };
}
