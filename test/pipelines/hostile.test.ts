import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Table } from '../../src/batch/table.ts';
import { MillraceError } from '../../src/errors.ts';
import { silentLog } from '../../src/host/log.ts';
import { type Random, seededRandom } from '../../src/host/random.ts';
import * as p from '../../src/pipelines/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const table = Table.fromRows([
  { kind: 'a', x: 1, words: ['a', 'b'] },
  { kind: 'b', x: 2, words: ['b'] },
  { kind: 'a', x: 4, words: [] },
]);

const pipeline = new p.Pipeline({
  stages: [
    new p.StringIndexer({ inputCol: 'kind', outputCol: 'index' }),
    new p.CountVectorizer({ inputCol: 'words', outputCol: 'counts' }),
    new p.IDF({ inputCol: 'counts', outputCol: 'weighted' }),
    new p.VectorAssembler({ inputCols: ['index', 'x', 'weighted'], outputCol: 'features' }),
    new p.PCA({ inputCol: 'features', outputCol: 'turned', k: 2 }),
  ],
});

const SEED = Number(process.env['MUTATION_SEED'] ?? 20_261_121);
const MUTATIONS = Number(process.env['MUTATIONS'] ?? 300);
/** A model of a few kilobytes; no harm done to it may make it take more than this. */
const MAX_GROWTH_BYTES = 300e6;

it(`a model with bytes of it changed, and no checksums, is refused or works (seed ${SEED})`, async () => {
  const directory = path.join(await temporaryDirectory(onTestFinished), 'model');
  await (await pipeline.fit(table)).save(directory);
  const names = await fs.readdir(directory, { recursive: true });
  for (const name of names.filter((each) => each.endsWith('.crc'))) await fs.rm(path.join(directory, name));
  const files = names.filter((each) => /part-[^/]*$/.test(each) && !each.endsWith('.crc'));
  const random = seededRandom(SEED);
  const outcomes = { worked: 0, refused: 0 };
  const before = process.memoryUsage().rss;
  for (let i = 0; i < MUTATIONS; i++) {
    const file = path.join(directory, files[below(random, files.length)]!);
    const whole = await fs.readFile(file);
    const harm = mutated(whole, random);
    await fs.writeFile(file, harm);
    try {
      const model = await p.loadStage(directory, p.PipelineModel, { log: silentLog });
      await model.transform(table);
      outcomes.worked++;
    } catch (error) {
      expect(error, `mutation ${i} of ${file}`).toBeInstanceOf(MillraceError);
      outcomes.refused++;
    }
    await fs.writeFile(file, whole);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH_BYTES);
  expect(outcomes.refused).toBeGreaterThan(MUTATIONS / 4);
  expect(await p.loadStage(directory)).toBeInstanceOf(p.PipelineModel);
});

function mutated(bytes: Buffer, random: Random): Buffer {
  const out = Buffer.from(bytes);
  switch (below(random, 4)) {
    case 0: // some bits
      for (let k = below(random, 4); k >= 0; k--) out[below(random, out.length)]! ^= 1 << below(random, 8);
      return out;
    case 1: // some bytes
      for (let k = below(random, 8); k >= 0; k--) out[below(random, out.length)] = below(random, 256);
      return out;
    case 2: // the end is missing
      return out.subarray(0, below(random, out.length));
    default: {
      // a piece is there twice
      const [from, to] = [below(random, out.length), below(random, out.length)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      return Buffer.concat([out.subarray(0, to), out.subarray(from)]);
    }
  }
}

function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}
