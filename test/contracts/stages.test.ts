import { describe, expect, it } from 'vitest';
import * as pipelines from '../../src/pipelines/index.ts';
import { STAGE_CLASSES } from '../../src/pipelines/stage-classes.ts';
import { type StageSubject, stageSuite } from '../../src/testing/stage-suite.ts';
import * as modelSubjects from './model-subjects.ts';
import { registerChecks } from './register-checks.ts';
import * as stageSubjects from './stage-subjects.ts';

const subjects = { ...stageSubjects, ...modelSubjects };

for (const [name, subject] of Object.entries<StageSubject>(subjects)) {
  describe(name, () => registerChecks(stageSuite(subject)));
}

/** Names of the exported classes of stages that are not there to be extended. */
const exported = Object.entries(pipelines)
  .filter(([, value]) => typeof value === 'function' && 'className' in value)
  .map(([name]) => name)
  .sort();

it('loads every exported stage', () => {
  expect(STAGE_CLASSES.map(({ name }) => name).sort()).toEqual(exported);
});

/** Models that are not fitted here but come from a file. */
const FROM_FILES = ['OnnxModel', 'TensorFlowModel'];

it('runs the stage suite on every exported stage that is no fitted model and no evaluator', () => {
  const checked = Object.values<StageSubject>(subjects).map(({ stage }) => stage().stageClass.name);
  expect([...new Set(checked)].sort()).toEqual(
    exported.filter((name) => FROM_FILES.includes(name) || !/(Model|Evaluator)$/.test(name)),
  );
});
