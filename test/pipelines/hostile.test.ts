/**
 * Saved models of every class, and two of Spark's, after one harm each. 100,000 of them: `MUTATIONS=100000 npx vitest run
 * test/pipelines/hostile.test.ts`, some minutes. `MUTATION_SEED` gives others.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Table } from '../../src/batch/table.ts';
import type { Transformer } from '../../src/contracts/transformer.ts';
import { MillraceError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import { seededRandom } from '../../src/host/random.ts';
import { loadStage, readTable } from '../../src/pipelines/index.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';
import * as modelSubjects from '../contracts/model-subjects.ts';
import * as stageSubjects from '../contracts/stage-subjects.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { Victim } from './hostile/victims.ts';

const SEED = Number(process.env['MUTATION_SEED'] ?? 20_261_121);
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 1500);
/** Models of a few kilobytes; no harm done to one may make it take more than this. */
const MAX_GROWTH_BYTES = 300e6;
/** Of so many models that load in spite of it, one is saved again. */
const SAVED_AGAIN = 20;

const GOLDEN = fileURLToPath(new URL('../../models/pipelines/', import.meta.url));

it(`a model that came to harm, with no checksums, is refused or works (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  const root = await temporaryDirectory(onTestFinished);
  const victims = await Promise.all([...(await savedSubjects(root)), ...(await savedGoldens(root))]);
  const before = process.memoryUsage().rss;
  const outcomes = { worked: 0, refused: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const random = seededRandom(SEED + i);
    const victim = victims[i % victims.length]!;
    const harmed = await victim.harm(random);
    try {
      const stage = await loadStage(victim.directory, undefined, { log: silentLog });
      if ('transform' in stage) await (stage as unknown as Transformer).transform(victim.table);
      outcomes.worked++;
      if (outcomes.worked % SAVED_AGAIN === 0) await stage.save(path.join(root, 'again'), { overwrite: true });
    } catch (error) {
      if (!(error instanceof MillraceError)) throw new Error(`mutation ${i}, of ${harmed.file}`, { cause: error });
      outcomes.refused++;
    }
    await victim.mend(harmed);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 5);
  expect(outcomes.worked).toBeGreaterThan(MUTATIONS / 20);
  const names = victims.map(({ name }) => name);
  expect((await fs.readdir(root)).sort(), 'nothing is written anywhere else').toEqual(['again', ...names].sort());
});

/** Of each class of stages that is made from parameters, the model, and the stage itself where it must be fitted. */
async function savedSubjects(root: string): Promise<Promise<Victim>[]> {
  const victims: Promise<Victim>[] = [];
  const save = async (name: string, stage: StageSubject['stage'] extends () => infer S ? S : never, table: Table) => {
    const directory = path.join(root, name);
    await stage.save(directory);
    victims.push(Victim.in(directory, table));
  };
  for (const [name, subject] of Object.entries<StageSubject>({ ...stageSubjects, ...modelSubjects })) {
    const [stage, table] = [subject.stage(), subject.table()];
    await save(name, stage, table);
    if ('fit' in stage) await save(`${name}-fitted`, await stage.fit(table), table);
  }
  return victims;
}

async function savedGoldens(root: string): Promise<Promise<Victim>[]> {
  const names = await fs.readdir(GOLDEN);
  return names.map(async (name) => {
    const directory = path.join(root, name);
    await fs.cp(path.join(GOLDEN, name, 'model'), directory, { recursive: true });
    return Victim.in(directory, await readTable(path.join(GOLDEN, name, 'rows.jsonl')));
  });
}
