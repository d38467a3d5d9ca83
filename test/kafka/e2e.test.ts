import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadLearner, toFeatures } from '../../src/index.ts';
import { Millrace, run } from '../e2e/millrace.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { readTextFiles } from '../text-files.ts';
import { describeWithKafka } from './broker/shared-kafka.ts';
import { readCommitted } from './read-topic.ts';

const TIMEOUT_MS = 240_000; // each starts a dozen processes

describeWithKafka('millrace from topic to topic', ['4.3.1'], ({ bootstrapServers, newTopic }) => {
  const url = (topic: string, query = '') => `kafka://${bootstrapServers[0]}/${topic}${query}`;
  const linesOf = async (topic: string) =>
    (await readCommitted(bootstrapServers, topic)).map(({ value }) => String(value));
  const columns = ['--columns', 'x0,x1,label', '--features', 'x0,x1', '--quiet'];
  const source = (topic: string) => [
    ...['--source', url(topic, '?startingOffsets=earliest&endingOffsets=latest'), '--batch-duration', '20 ms'],
    ...['--max-records-per-batch', '200'],
  ];

  /** A directory with a model, and a topic of the points that it was trained on. */
  async function trained(points: number) {
    const here = await temporaryDirectory(onTestFinished);
    const input = await newTopic({ partitions: 4 });
    const published = await run(
      here,
      'publish',
      `generator:driftingClusters?rows=${points}&seed=3`,
      '--sink',
      url(input, '?compression=lz4'),
    );
    const to = url(input, '?compression=lz4');
    expect(published).toMatchObject({ code: 0, stderr: `published ${points} lines to ${to}\n` });
    const train = ['train', '--model', 'kmeans', '--k', '3', '--seed', '5', '--save', 'clusters.json'];
    expect(await run(here, ...train, ...source(input), ...columns)).toMatchObject({ code: 0, stderr: '' });
    return { here, input, output: await newTopic({ partitions: 2 }) };
  }

  /** The lines with the scores of the saved model, in the order of their texts. */
  async function expectedScores(here: string, input: string): Promise<string[]> {
    const learner = await loadLearner(path.join(here, 'clusters.json'));
    const lines = await linesOf(input);
    const points = lines.map((line) => line.split(',').slice(0, 2).map(Number));
    return Array.from(learner.predict(toFeatures(points, 2)), (score, i) => `${lines[i]},${score}`).sort();
  }

  it(
    'publishes, trains and scores, each line once however often it is run',
    async () => {
      const { here, input, output } = await trained(3000);
      const sink = url(output, `?transactionalId=${output}`);
      const score = [
        'score',
        '--model',
        'clusters.json',
        ...source(input),
        ...columns,
        '--sink',
        sink,
        '--checkpoint',
        'state',
      ];
      expect(await run(here, ...score)).toEqual({ code: 0, stdout: '', stderr: '' });
      const expected = await expectedScores(here, input);
      expect((await linesOf(output)).sort()).toEqual(expected);
      expect(await run(here, ...score)).toMatchObject({ code: 0, stderr: '' });
      expect((await linesOf(output)).sort()).toEqual(expected);
      const afresh = await run(here, ...score.slice(0, -1), 'another-checkpoint');
      expect(afresh).toMatchObject({ code: 2, stderr: expect.stringContaining('this checkpoint is not the one') });
      expect((await linesOf(output)).sort()).toEqual(expected);
    },
    TIMEOUT_MS,
  );

  it(
    'shares a topic among processes, and takes it over with another number of them',
    async () => {
      const { here, input, output } = await trained(2000);
      const share = (which: string, checkpoint: string) => [
        ...['score', '--model', 'clusters.json', ...source(input), ...columns, '--share', which],
        ...['--sink', url(output, `?transactionalId=${output}`), '--checkpoint', checkpoint],
      ];
      const first = new Millrace(here, share('1/2', 'one-of-two'));
      await Promise.all([first.ended, run(here, ...share('2/2', 'two-of-two'))]);
      expect((await linesOf(output)).sort()).toEqual(await expectedScores(here, input));
      await run(here, 'publish', 'generator:driftingClusters?rows=1000&seed=4', '--sink', url(input));
      expect(await run(here, ...share('1/1', 'alone'))).toMatchObject({ code: 0, stderr: '' });
      expect((await linesOf(output)).sort()).toEqual(await expectedScores(here, input));
      const replaced = await run(here, ...share('1/2', 'one-of-two'));
      expect(replaced).toMatchObject({ code: 2, stderr: expect.stringContaining('is now done by 1 shares') });
    },
    TIMEOUT_MS,
  );

  it(
    'diverts bad records to a topic, or to files',
    async () => {
      const { here, input, output } = await trained(300);
      const letters = await newTopic();
      await fs.writeFile(path.join(here, 'bad.csv'), 'oops\n');
      await run(here, 'publish', 'bad.csv', '--sink', url(input));
      const score = [
        'score',
        '--model',
        'clusters.json',
        ...source(input),
        ...columns,
        '--sink',
        url(output),
        '--bad-records',
      ];
      expect(await run(here, ...score, `divert:${url(letters)}`)).toMatchObject({ code: 0 });
      expect(await run(here, ...score, 'divert:bad/lines')).toMatchObject({ code: 0 });
      const [letter, ...others] = await readCommitted(bootstrapServers, letters);
      expect([String(letter!.value), others]).toEqual(['oops', []]);
      const headers = Object.fromEntries(letter!.headers.map(({ key, value }) => [key, String(value)]));
      expect(headers).toMatchObject({ 'millrace.topic': input, 'millrace.offset': expect.stringMatching(/^\d+$/) });
      expect(headers['millrace.error']).toContain('expected 3 fields (x0,x1,label), got 1 in "oops"');
      const files = Object.values(await readTextFiles(path.join(here, 'bad'))).flat(2);
      expect(files.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({
          record: expect.objectContaining({ topic: input }),
          message: headers['millrace.error'],
        }),
      ]);
      expect(await linesOf(output)).toHaveLength(600);
    },
    TIMEOUT_MS,
  );

  it(
    'says what is wrong with its options',
    async () => {
      const here = await temporaryDirectory(onTestFinished);
      const refusal = async (...args: string[]) => {
        const { code, stderr } = await run(here, ...args);
        return [code, stderr];
      };
      const file = path.join(here, 'model.json');
      await fs.writeFile(path.join(here, 'some.csv'), '1,2,0\n3,4,1\n');
      const train = ['--source', 'some.csv', ...columns, '--model', 'kmeans', '--k', '1', '--save', file];
      expect(await refusal('train', ...train)).toEqual([0, '']);
      const score = ['score', '--model', file, '--source', 'some.csv', ...columns];
      expect(await refusal('publish', 'some.csv', '--sink', 'kafka://nowhere')).toEqual([
        2,
        'millrace: --sink: expected kafka://HOST:PORT/TOPIC, got kafka://nowhere\n',
      ]);
      expect(await refusal('publish', 'some.csv', '--sink', url('no-such-topic'))).toEqual([
        2,
        'millrace: Kafka: no topic no-such-topic; make it first, with as many partitions as it needs\n',
      ]);
      expect(await refusal(...score, '--sink', url('t', '?color=red'))).toEqual([
        2,
        expect.stringContaining("--sink: unknown setting 'color'"),
      ]);
      expect(await refusal(...score, '--sink', url('t', '?compression=brotli'))).toEqual([
        2,
        expect.stringContaining('compression: expected none, gzip, snappy, lz4'),
      ]);
      expect(await refusal(...score, '--sink', url('t', '?transactionalId=t'))).toEqual([
        2,
        expect.stringContaining('a transactionalId needs a --checkpoint'),
      ]);
      expect(
        await refusal(...score, '--share', '3/2', '--sink', url('t', '?transactionalId=t'), '--checkpoint', 'c'),
      ).toEqual([2, 'millrace: --share: expected --source kafka://…, got none\n']);
      expect(await refusal(...score, '--bad-records', 'divert')).toEqual([
        2,
        expect.stringContaining('Expected fail, skip, divert:PREFIX or divert:kafka://'),
      ]);
    },
    TIMEOUT_MS,
  );
});
