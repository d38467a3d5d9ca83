/**
 * Models of TensorFlow.js after one harm each; none with loops, which may then have no end. 20,000 of them: `MUTATIONS=20000 npx vitest run test/pipelines/neural/hostile-files.test.ts`.
 * `MUTATION_SEED` gives others.
 */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { MillraceError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/host/log.ts';
import { type Random, seededRandom } from '../../../src/host/random.ts';
import { loadTensorFlow, Table, TensorFlowModel, type TensorModelOptions } from '../../../src/pipelines/index.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { below, mutatedBytes, mutatedValue } from '../hostile/mutations.ts';

const SEED = Number(process.env['MUTATION_SEED'] ?? 20_261_121);
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 300);
/** No harm done to a file of a few kilobytes may make it take more than this. */
const MAX_GROWTH_BYTES = 300e6;

const REFERENCE = fileURLToPath(new URL('../../reference/tensorflow/', import.meta.url));
const rows = Table.fromRows([{ v: [1, -2, 0.5], age: 3, four: [1, 2, 3, 4], image: new Float64Array(30).fill(0.1) }]);
const VICTIMS: Readonly<Record<string, TensorModelOptions>> = {
  'keras-two-inputs': { inputs: { numbers: 'v', age: 'age' } },
  'keras-image': { inputs: { image_input: 'image' } },
  'graph-einsum': { inputs: { features: 'four' } },
};

it(`a model of TensorFlow.js that came to harm is refused or works (seed ${SEED})`, {
  timeout: 3_600_000,
}, async () => {
  await loadTensorFlow({ log: silentLog });
  const root = await temporaryDirectory(onTestFinished);
  await fs.cp(REFERENCE, root, { recursive: true });
  const names = Object.keys(VICTIMS);
  const before = process.memoryUsage().rss;
  const outcomes = { worked: 0, refused: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const random = seededRandom(SEED + i);
    const name = names[i % names.length]!;
    const file = await harmOne(path.join(root, name), random);
    try {
      const model = await TensorFlowModel.fromDirectory(path.join(root, name), VICTIMS[name]);
      await model.transform(rows);
      outcomes.worked++;
    } catch (error) {
      expect(error, `mutation ${i}, of ${file}`).toBeInstanceOf(MillraceError);
      outcomes.refused++;
    }
    await fs.cp(path.join(REFERENCE, name), path.join(root, name), { recursive: true });
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 5);
  expect(outcomes.worked).toBeGreaterThan(MUTATIONS / 20);
});

/** Harms one of the files of a model; gives which. */
async function harmOne(directory: string, random: Random): Promise<string> {
  const names = (await fs.readdir(directory)).sort();
  const file = path.join(directory, names[below(random, names.length)]!);
  const whole = await fs.readFile(file);
  const isJson = file.endsWith('.json') && below(random, 4) > 0;
  const harmed = isJson
    ? JSON.stringify(mutatedValue(JSON.parse(whole.toString('utf8')), random))
    : mutatedBytes(whole, random);
  await fs.writeFile(file, harmed);
  return file;
}
