import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OnnxModel, parquetFromTable, Table } from '../../src/pipelines/index.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { publish, run } from './millrace.ts';

const FLIGHTS = fileURLToPath(new URL('../../datasets/flights/flights-50k.csv', import.meta.url));
const EXAMPLES = fileURLToPath(new URL('../../examples/pipelines/', import.meta.url));
const LATE = path.join(EXAMPLES, 'late-flights.json');
const SCHEMA = 'date string, delay double, distance double, origin string, destination string';

let directory: string;
/** The first flights, with the line that names the columns. */
let lines: readonly string[];

beforeAll(async () => {
  directory = await temporaryDirectory(afterAll);
  lines = (await fs.readFile(FLIGHTS, 'utf8')).split('\n').slice(0, 2001);
  await fs.writeFile(path.join(directory, 'few.csv'), `${lines.join('\n')}\n`);
  const { code, stderr } = await run(directory, 'fit', LATE, '--data', FLIGHTS, '--output', 'models/late/1');
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('millrace fit', () => {
  it('says what it fitted and how good it is on rows held out, the same each time', async () => {
    const args = ['fit', LATE, '--data', FLIGHTS, '--holdout', '0.2', '--seed', '3'];
    const [first, second] = [await run(directory, ...args), await run(directory, ...args)];
    expect(first.stdout).toMatch(/^fitted on 40,\d{3} rows, 9,9\d{2} rows held out\n\nstage +parameters +learned\n/);
    expect(first.stdout).toMatch(
      /\nStringIndexerModel +inputCols=\["origin","destination"\] .*labelsArray \[\[ORD DFW ATL LAX …\d+\]/,
    );
    expect(first.stdout).toMatch(
      /\nmetric +on 9,9\d{2} rows held out\nareaUnderROC +0\.[67]\d*\naccuracy +0\.[78]\d*\nf1 +0\.\d+\n$/,
    );
    expect(second.stdout).toBe(first.stdout);
  });

  it('takes a module, a label for stages that name none, and parts in several formats', async () => {
    await fs.mkdir(path.join(directory, 'parts'));
    const part = (name: string) => path.join(directory, 'parts', name);
    const flights = lines.slice(1).map((line) => line.split(','));
    const table = Table.fromRows(
      flights.map(([, delay, distance]) => ({ delay: Number(delay), distance: Number(distance) })),
    );
    await fs.writeFile(part('a.parquet'), parquetFromTable(table.filter((i) => i < 1000)));
    const json = table.filter((i) => i >= 1000).toRows();
    await fs.writeFile(part('b.jsonl'), json.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await fs.writeFile(part('_SUCCESS'), '');
    // It is outside of any project, so it finds the package as its neighbour does.
    const module = (await fs.readFile(path.join(EXAMPLES, 'flight-delays.mjs'), 'utf8')).replace(
      "'millrace/pipelines'",
      `'${new URL('../../dist/pipelines/index.js', import.meta.url).href}'`,
    );
    await fs.writeFile(path.join(directory, 'delays.mjs'), module);
    const whole = await run(
      directory,
      'fit',
      'delays.mjs',
      '--data',
      'few.csv',
      '--label',
      'delay',
      '--holdout',
      '0.25',
    );
    const parts = await run(directory, 'fit', 'delays.mjs', '--data', 'parts', '--label', 'delay', '--holdout', '0.25');
    expect(whole.stderr + parts.stderr).toBe('');
    expect(whole.stdout).toMatch(/LinearRegressionModel +labelCol=delay +coefficients \[/);
    expect(whole.stdout).toMatch(/\nmae +\d+\.\d+\nrmse +\d+\.\d+\n$/);
    expect(parts.stdout).toBe(whole.stdout);
  });

  it('reads columns as they are said to be', async () => {
    const stages = [{ class: 'StringIndexer', params: { inputCol: 'distance', outputCol: 'place' } }, { class: 'Tokenizer', params: { inputCol: 'distance', outputCol: 'words' } }]; // biome-ignore format: one line
    await fs.writeFile(path.join(directory, 'texts.json'), JSON.stringify({ stages }));
    const fitted = (...args: readonly string[]) => run(directory, 'fit', 'texts.json', '--data', 'few.csv', ...args);
    expect((await fitted('--output', 'numbers')).stderr).toContain('column distance: expected string, got int');
    expect(await fitted('--output', 'texts', '--schema', 'distance string, delay double')).toMatchObject({ code: 0 });
  });

  it('judges numbers, clusters and a choice of settings by what is usual for them', async () => {
    const assembler = { class: 'VectorAssembler', params: { inputCols: ['distance', 'delay'], outputCol: 'features' } };
    const line = { class: 'LinearRegression', uid: 'line' };
    const choice = {
      class: 'TrainValidationSplit',
      estimator: line,
      evaluator: { class: 'RegressionEvaluator' },
      grid: { line: { regParam: [0, 1e6] } },
    };
    const metricsOf = async (last: object) => {
      await fs.writeFile(path.join(directory, 'last.json'), JSON.stringify({ stages: [assembler, last] }));
      const args = ['--data', 'few.csv', '--label', 'delay', '--seed', '1', '--holdout', '0.25'];
      const { stdout, stderr } = await run(directory, 'fit', 'last.json', ...args);
      expect(stderr).toBe('');
      const [, metrics] = stdout.split(/\nmetric +on \d+ rows held out\n/);
      return metrics!
        .trimEnd()
        .split('\n')
        .map((each) => each.split(/ +/));
    };
    // The label is among the features, so that a line tells it.
    for (const last of [line, choice]) {
      const metrics = new Map((await metricsOf(last)).map(([name, value]) => [name, Number(value)]));
      expect([...metrics.keys()]).toEqual(['rmse', 'mae', 'r2']);
      expect(metrics.get('rmse')).toBeLessThan(1e-6);
      expect(metrics.get('r2')).toBe(1);
    }
    const [silhouette, ...others] = await metricsOf({ class: 'KMeans', params: { k: 2 } });
    expect(silhouette![0]).toBe('silhouette');
    expect(Number(silhouette![1])).toBeGreaterThan(0.5);
    expect(others).toEqual([]);
  });

  it('runs a module in TypeScript where Node does, and says elsewhere what it takes', async () => {
    const entry = new URL('../../dist/pipelines/index.js', import.meta.url).href;
    const module = `import { Pipeline, Tokenizer } from '${entry}';
const stages: readonly Tokenizer[] = [new Tokenizer({ inputCol: 'origin', outputCol: 'words' })];
export default new Pipeline({ stages });`;
    await fs.writeFile(path.join(directory, 'words.mts'), module);
    const { code, stderr } = await run(directory, 'fit', 'words.mts', '--data', 'few.csv', '--output', 'words');
    if ((process.features as { typescript?: unknown }).typescript) expect(code).toBe(0);
    else {
      expect(stderr).toMatch(
        /^millrace: words\.mts: can't be loaded \(Node v\S+ does not run \.mts files: use Node 22\.18 [^\n]+\n$/,
      );
      expect(code).toBe(2);
    }
  });
});

describe('millrace score, of a pipeline', () => {
  const score = (...args: readonly string[]) => run(directory, 'score', '--quiet', '--model', 'models/late/1', ...args);

  it('scores CSV, JSON and Parquet alike, and CSV from a socket', async () => {
    const csv = await score('--source', 'few.csv');
    expect(csv.stderr).toBe('');
    const scored = csv.stdout.trim().split('\n');
    expect(scored.map((line) => line.replace(/,[01]$/, ''))).toEqual(lines.slice(1));
    const rows = lines.slice(1).map((line) => {
      const [date, delay, distance, origin, destination] = line.split(',');
      return { date, delay: Number(delay), distance: Number(distance), origin, destination };
    });
    await fs.writeFile(path.join(directory, 'few.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await fs.writeFile(path.join(directory, 'few.parquet'), parquetFromTable(Table.fromRows(rows)));
    const predictions = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { prediction: number });
    const expected = rows.map((row, i) => ({ ...row, prediction: Number(scored[i]!.at(-1)) }));
    for (const file of ['few.jsonl', 'few.parquet']) {
      const { stdout, stderr } = await score('--source', file);
      expect(stderr).toBe('');
      expect(predictions(stdout)).toEqual(expected);
    }
    const sent = await score('--source', await publish(directory, 'few.csv'), '--schema', SCHEMA);
    expect(sent.stdout).toBe(csv.stdout);
  });

  it('knows a first line that names the columns, and takes none for one', async () => {
    const names = lines[0]!.split(',');
    const write = async (first: readonly string[]) => {
      await fs.writeFile(path.join(directory, 'named.csv'), [...first, ...lines.slice(1, 4), ''].join('\n'));
      return score('--source', 'named.csv', '--columns', names.join(','));
    };
    const quoted = names.map((name) => `"${name}"`).join(', ');
    for (const first of [[], [lines[0]!], [quoted], [`\ufeff${lines[0]}`]]) {
      const { stdout, stderr } = await write(first);
      expect(stderr).toBe('');
      expect(stdout.replace(/,[01]$/gm, '')).toBe(`${lines.slice(1, 4).join('\n')}\n`);
    }
    const { stderr, code } = await write([[...names].reverse().join(',')]);
    expect(stderr).toContain('named.csv has its columns in the order destination,origin,distance,delay,date, expected');
    expect(code).toBe(2);
  });

  it('writes lines of JSON to directories that say so, and takes a generator', async () => {
    const row = { date: '2001-01-08T00:05', delay: 3, distance: 300, origin: 'ATL', destination: 'ORD' };
    await fs.writeFile(path.join(directory, 'one.jsonl'), `${JSON.stringify(row)}\n`);
    expect((await score('--source', 'one.jsonl', '--save-as-text-files', 'json/out')).stderr).toBe('');
    const [name, ...others] = await fs.readdir(path.join(directory, 'json'));
    expect([name, others]).toEqual([expect.stringMatching(/^out-\d+\.json$/), []]);
    const text = await fs.readFile(path.join(directory, 'json', name!, 'part-00000'), 'utf8');
    expect(JSON.parse(text)).toEqual({ ...row, prediction: expect.toBeOneOf([0, 1]) });
    const stages = [
      { class: 'SQLTransformer', params: { statement: 'SELECT *, x0 + x1 AS prediction FROM __THIS__' } },
    ];
    await fs.writeFile(path.join(directory, 'sum.json'), JSON.stringify({ stages }));
    await fs.writeFile(path.join(directory, 'x.csv'), 'x0,x1\n1,2\n');
    await run(directory, 'fit', 'sum.json', '--data', 'x.csv', '--output', 'sum');
    const generator = 'generator:driftingClusters?rows=7';
    const { stdout } = await run(directory, 'score', '--quiet', '--model', 'sum', '--source', generator);
    const sums = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(',').map(Number));
    expect(sums).toHaveLength(7);
    for (const [x0, x1, , sum] of sums) expect(sum).toBe(x0! + x1!);
  });

  it('takes other columns, skips bad rows, and reads a directory to its end', async () => {
    await fs.mkdir(path.join(directory, 'days'));
    await fs.writeFile(path.join(directory, 'days/1.csv'), `${lines.slice(0, 3).join('\n')}\n`);
    await fs.writeFile(
      path.join(directory, 'days/2.csv'),
      `${lines[0]}\n2001-01-08T00:05,x,321,ATL,SDF\n${lines[3]}\n`,
    );
    const args = ['--source', 'days', '--stored', '--output-columns', 'prediction,probability'];
    const { stdout, stderr, code } = await score(...args, '--bad-records', 'skip');
    expect(stderr).toMatch(/^[^\n]*column delay: expected int, got "x"[^\n]*\n$/);
    expect(code).toBe(0);
    const probability = String.raw`,[01],"\[0\.\d+,0\.\d+\]"`;
    expect(stdout).toMatch(
      new RegExp(`^${lines[1]}${probability}\n${lines[2]}${probability}\n${lines[3]}${probability}\n$`),
    );
    expect((await score(...args)).code).toBe(2);
  });

  it('writes each row once, with the version that scored it, over runs that go on from a checkpoint', async () => {
    const args = ['--model', 'models/late', '--watch', '--source', 'few.csv', '--checkpoint', 'late-checkpoint'];
    for (let times = 0; times < 2; times++) {
      const { code, stderr } = await run(
        directory,
        'score',
        '--quiet',
        ...args,
        '--max-records-per-batch',
        '500',
        '--save-as-text-files',
        'scores/late',
      );
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
    const batches = (await fs.readdir(path.join(directory, 'scores'))).sort();
    expect(batches).toHaveLength(4);
    const texts = await Promise.all(
      batches.map((name) => fs.readFile(path.join(directory, 'scores', name, 'part-00000'), 'utf8')),
    );
    const scored = texts.join('').trim().split('\n');
    expect(scored.map((line) => line.replace(/,[01],1$/, ''))).toEqual(lines.slice(1));
  });
});

describe('millrace inspect, of a pipeline', () => {
  it('shows stages, parameters, sizes and what was learned', async () => {
    const { stdout } = await run(directory, 'inspect', 'models/late');
    expect(stdout).toMatch(
      /^model models\/late\/1\n\nclass +org\.apache\.spark\.ml\.PipelineModel\nuid +pipeline\nlayout +of Spark 3\.5\.0\n/,
    );
    expect(stdout).toMatch(
      /\nLogisticRegressionModel +[\d.]+ kB +labelCol=late regParam=0\.01 +numClasses 2; .*coefficientMatrix \[/,
    );
  });

  it('reads metadata as it is loaded, whatever its first part is and its time', async () => {
    const folder = path.join(directory, 'odd/metadata');
    await fs.mkdir(folder, { recursive: true });
    await fs.writeFile(path.join(folder, 'part-00000'), '');
    for (const timestamp of [undefined, 1e300, 'now', 1234]) {
      const text = JSON.stringify({ class: 'org.apache.spark.ml.feature.Tokenizer', uid: 't', sparkVersion: '3.5.0', timestamp }); // biome-ignore format: one line
      await fs.writeFile(path.join(folder, 'part-00001'), text);
      const { stdout, stderr } = await run(directory, 'inspect', 'odd');
      expect(stderr).toBe('');
      expect(stdout).toMatch(
        timestamp === 1234 ? /\nsaved +1970-01-01T00:00:01\.234Z\n/ : /\nsaved +it does not say when\n/,
      );
    }
  });

  it('shows the files of a model from elsewhere', async () => {
    const file = fileURLToPath(new URL('../reference/onnx/iris-linear-double.onnx', import.meta.url));
    await (await OnnxModel.fromFile(file)).save(path.join(directory, 'onnx'));
    const { stdout } = await run(directory, 'inspect', 'onnx');
    expect(stdout).toMatch(/\nOnnxModel +[\d.]+ k?B +onnx\/model\.onnx 363 B$/m);
  });

  it('shows the newest of several versions', async () => {
    for (const version of [2, 10]) {
      await fs.cp(path.join(directory, 'models/late/1'), path.join(directory, `many/${version}`), { recursive: true });
    }
    const { stdout } = await run(directory, 'inspect', 'many');
    expect(stdout).toMatch(/^model many\/10\n/);
  });

  it('gives all of it as JSON', async () => {
    const { stdout } = await run(directory, 'inspect', 'models/late/1', '--json');
    const { sparkVersion, stages } = JSON.parse(stdout);
    expect(sparkVersion).toBe('3.5.0');
    expect(stages.map(({ name }: { name: string }) => name).at(-1)).toBe('LogisticRegressionModel');
    expect(stages.at(-1).learned.data[0].coefficientMatrix.values).toHaveLength(
      stages.at(-1).learned.data[0].numFeatures,
    );
  });
});

describe('bad input gives one clear line and exit code 2', () => {
  beforeAll(async () => {
    const file = (name: string, text: string) => fs.writeFile(path.join(directory, name), text);
    await file('typo.json', '{"stages":[{"class":"Tokeniser"}]}');
    await file('nothing.mjs', 'export const x = 1;');
    await file('broken.mjs', 'export default nowhere;');
    await file('foreign.mjs', 'export default { fit() {}, copy() {}, transformSchema() {} };');
    await file('no-rows.csv', lines[0]!);
  });

  const late = ['--data', FLIGHTS, '--output', 'x'];
  it.concurrent.each<[string, readonly string[], string | RegExp]>([
    ['no data', ['fit', LATE], '--data: expected files of rows, got none'],
    ['no output', ['fit', LATE, '--data', FLIGHTS], '--output: expected a directory for the model, or --holdout'],
    [
      'output that is there',
      ['fit', LATE, '--data', FLIGHTS, '--output', 'models/late/1'],
      'models/late/1 is there already; add --overwrite',
    ],
    ['output that is a file', ['fit', LATE, '--data', FLIGHTS, '--output', 'few.csv', '--overwrite'], '--output: expected a directory at few.csv'], // biome-ignore format: one line
    [
      'a directory that holds no model',
      ['fit', LATE, '--data', FLIGHTS, '--output', '.', '--overwrite'],
      'holds no saved model',
    ],
    ['no pipeline', ['fit', 'none.json', ...late], 'fit: no readable file at none.json'],
    ['a class that is none', ['fit', 'typo.json', ...late], 'typo.json: stages[0]: class "Tokeniser"'],
    ['a module without a pipeline', ['fit', 'nothing.mjs', ...late], 'nothing.mjs: expected it to export a pipeline'],
    [
      'a pipeline of another copy of millrace',
      ['fit', 'foreign.mjs', ...late],
      'foreign.mjs: its pipeline is of another copy',
    ],
    ['a module that throws', ['fit', 'broken.mjs', ...late], "broken.mjs: can't be loaded (nowhere is not defined)"],
    ['no rows', ['fit', LATE, '--data', 'no-rows.csv', '--output', 'x'], /expected|rows/],
    ['a share of more than all', ['fit', LATE, ...late, '--holdout', '2'], 'Expected a share between 0 and 1'],
    ['a model that is not there', ['score', '--model', 'none', '--source', 'few.csv'], '--model: nothing at none'],
    [
      'versions without --watch',
      ['score', '--model', 'models/late', '--source', 'few.csv'],
      'models/late holds versions of a model (1)',
    ],
    [
      'features of a pipeline',
      ['score', '--model', 'models/late/1', '--source', 'few.csv', '--features', 'delay'],
      '--features: a pipeline knows',
    ],
    [
      'a topic without a schema',
      ['score', '--model', 'models/late/1', '--source', 'socket://127.0.0.1:1', '--columns', 'a'],
      '--schema: expected the types of the columns',
    ],
    [
      'a type that is none',
      ['score', '--model', 'models/late/1', '--source', 'few.csv', '--schema', 'delay number'],
      "got 'delay number'",
    ],
    [
      'columns that lack',
      [
        'score',
        '--model',
        'models/late/1',
        '--source',
        'few.csv',
        '--schema',
        'a string,b string,c string,d string,e string',
      ],
      'delay',
    ],
  ])('%s', async (_, args, message) => {
    const { code, stdout, stderr } = await run(directory, ...args);
    expect(stderr).toMatch(/^millrace: [^\n]+\n$/);
    if (typeof message === 'string') expect(stderr).toContain(message);
    else expect(stderr).toMatch(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
