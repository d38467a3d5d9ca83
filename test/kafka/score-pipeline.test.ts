import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { PipelineModel, SQLTransformer } from '../../src/pipelines/index.ts';
import { Millrace, run } from '../e2e/millrace.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { readCommitted } from './read-topic.ts';

const TIMEOUT_MS = 240_000;
const ROWS = 3000;
const KILLS = 4;

describeWithKafka('millrace score, of a pipeline from topic to topic', ['4.3.1'], ({ bootstrapServers, newTopic }) => {
  const url = (topic: string, query = '') => `kafka://${bootstrapServers[0]}/${topic}${query}`;
  const linesOf = async (topic: string) =>
    (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));

  it(
    'scores each row once, with versions that only go up, however often it is killed; rows that are none are skipped',
    async () => {
      const here = await temporaryDirectory(onTestFinished);
      const save = (version: number) =>
        new PipelineModel({
          stages: [new SQLTransformer({ statement: `SELECT *, x * ${version} AS prediction FROM __THIS__` })],
        }).save(path.join(here, 'models', String(version)));
      await save(1);
      const rows = Array.from({ length: ROWS }, (_, id) => `{"id":${id},"x":${1 + (id % 7)}}`);
      await fs.writeFile(path.join(here, 'rows.jsonl'), [...rows, 'no row'].map((line) => `${line}\n`).join(''));
      const [input, output] = [await newTopic({ partitions: 3 }), await newTopic({ partitions: 2 })];
      expect(await run(here, 'publish', 'rows.jsonl', '--sink', url(input))).toMatchObject({ code: 0 });
      const score = [
        ...['score', '--model', 'models', '--watch', '--check-every', '10 ms', '--checkpoint', 'state'],
        ...['--source', url(input, '?startingOffsets=earliest&endingOffsets=latest'), '--bad-records', 'skip'],
        ...['--batch-duration', '20 ms', '--max-records-per-batch', '60'],
        ...['--sink', url(output, `?transactionalId=${output}`)],
      ];
      for (let killed = 0; killed < KILLS; killed++) {
        const job = new Millrace(here, score);
        await job.stderrMatches(/^batch \d+ .*\n(.*\n){3}/m);
        await save(killed + 2);
        await job.kill('SIGKILL');
      }
      expect(await run(here, ...score)).toMatchObject({ code: 0 });
      const scored = (await linesOf(output)).map((line) => JSON.parse(line) as Record<string, number>);
      expect(scored.map(({ id }) => id).sort((a, b) => a! - b!)).toEqual(rows.map((_, id) => id));
      for (const { x, prediction, modelVersion } of scored) expect(prediction).toBe(x! * modelVersion!);
      expect(new Set(scored.map(({ modelVersion }) => modelVersion)).size).toBeGreaterThan(1);
    },
    TIMEOUT_MS,
  );
});
