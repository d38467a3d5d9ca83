import { type ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ParallelTransformer, type Row, readTables, type Schema, Table, writeTable } from 'millrace/pipelines';
import { TestDriver } from 'millrace/testing';
import { type Took, took } from './busiest-thread.ts';
import type { PipelineWork } from './pipeline-work.ts';

/** What a caller of a model wants of it. */
const COLUMNS = ['probability', 'prediction'];

/** Rows that objects are made of, which would fill the memory otherwise. */
const MOST_OBJECTS = 100_000;

/** One way of scoring the same rows. */
export interface ScoringSide {
  readonly what: string;
  readonly rows: number;
  score(): Promise<Took>;
  close(): Promise<void>;
}

/** From a table in memory, a Parquet file and a stream, on one thread and on two; and the others. */
export async function* scoringSides(
  work: PipelineWork,
  directory: string,
  python: string | undefined,
): AsyncGenerator<ScoringSide> {
  const file = path.join(directory, `${work.peer}.parquet`);
  await writeTable(work.table, file);
  for (const threads of [1, 2]) {
    const on = threads === 1 ? 'one thread' : 'two threads';
    yield tableSide(work, `table in memory, ${on}`, threads);
    yield parquetSide(work, `Parquet file, ${on}`, threads, file);
    yield streamSide(work, `stream of tables, ${on}`, threads, tablesOf(work));
    yield streamSide(work, `stream of rows, ${on}`, threads, objectsOf(work));
  }
  if (work.peer === 'logistic') yield plainLoop(work);
  if (python !== undefined) yield await scikitLearn(work, directory, python);
}

function tableSide({ model, table }: PipelineWork, what: string, threads: number): ScoringSide {
  const parallel = new ParallelTransformer(model, { threads, columns: COLUMNS });
  return { what, rows: table.rows, score: () => took(() => parallel.transform(table)), close: () => parallel.close() };
}

function parquetSide({ model, table }: PipelineWork, what: string, threads: number, file: string): ScoringSide {
  const parallel = new ParallelTransformer(model, { threads, columns: COLUMNS });
  const score = () =>
    took(async () => {
      for await (const part of readTables(file)) await parallel.transform(part);
    });
  return { what, rows: table.rows, score, close: () => parallel.close() };
}

function tablesOf({ table, batchRows }: PipelineWork): Table[][] {
  const starts = Array.from({ length: Math.ceil(table.rows / batchRows) }, (_, i) => i * batchRows);
  return starts.map((from) => [table.range(from, Math.min(table.rows, from + batchRows))]);
}

function objectsOf(work: PipelineWork): Row[][] {
  const { batchRows } = work;
  return tablesOf(work)
    .slice(0, Math.ceil(MOST_OBJECTS / batchRows))
    .map(([table]) => table!.toRows());
}

/** The batches again and again, each round what there is. */
function streamSide(
  { model, table }: PipelineWork,
  what: string,
  threads: number,
  batches: readonly (readonly (Row | Table)[])[],
): ScoringSide {
  const driver = new TestDriver();
  const rounds = Array.from({ length: MOST_ROUNDS }, () => batches).flat() as Table[][];
  const { schema }: { schema: Schema } = table;
  model.transform(driver.context.queueStream(rounds), { threads, columns: COLUMNS, schema }).foreachRDD(() => {});
  const rows = batches.flat().reduce((sum, record) => sum + (record instanceof Table ? record.rows : 1), 0);
  return { what, rows, score: () => took(() => driver.runBatches(batches.length)), close: () => driver.stop() };
}

/** More rounds than any bench takes. */
const MOST_ROUNDS = 40;

/** What one writes by hand for a scaled logistic model: each number scaled and weighed, column by column, without a copy between. */
function plainLoop({ model, table }: PipelineWork): ScoringSide {
  const [, scaler, logistic] = model.stages as unknown as [
    unknown,
    { learned: { mean: Float64Array; std: Float64Array } },
    { learned: { coefficientMatrix: { values: Float64Array }; interceptVector: Float64Array } },
  ];
  const { mean, std } = scaler.learned;
  const { coefficientMatrix, interceptVector } = logistic.learned;
  const columns = table.schema.names.map((name) => table.numbers(name).values);
  const loop = () => {
    const [zero, one, prediction] = [1, 2, 3].map(() => new Float64Array(table.rows)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let i = 0; i < table.rows; i++) {
      let margin = interceptVector[0]!;
      for (let j = 0; j < columns.length; j++)
        margin += ((columns[j]![i]! - mean[j]!) / std[j]!) * coefficientMatrix.values[j]!;
      const p = 1 / (1 + Math.exp(margin));
      zero[i] = p;
      one[i] = 1 - p;
      prediction[i] = 1 - p > 0.5 ? 1 : 0;
    }
    return prediction;
  };
  return {
    what: 'a plain loop, from arrays',
    rows: table.rows,
    score: () => took(async () => loop()),
    close: async () => {},
  };
}

/** A process that has the rows, and answers each line with the seconds that scoring them took. */
async function scikitLearn(
  { peer, table, labels }: PipelineWork,
  directory: string,
  python: string,
): Promise<ScoringSide> {
  const file = path.join(directory, `${peer}-peer.parquet`);
  await writeTable(table.withColumn('label', { type: 'double', values: labels }), file);
  const script = fileURLToPath(new URL('../bench/peers/scikit-learn-pipelines.py', import.meta.url));
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
  const child = spawn(python, [script, peer, file], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const lines = createInterface(child.stdout!);
  await nextLine(child, lines);
  const score = async () => {
    child.stdin!.write('score\n');
    const { wall, processor } = JSON.parse(await nextLine(child, lines)) as { wall: number; processor: number };
    return { wallMs: wall * 1000, busiestMs: processor * 1000 };
  };
  const close = async () => {
    child.stdin!.end();
  };
  return { what: 'scikit-learn, one thread, from an array', rows: table.rows, score, close };
}

function nextLine(child: ChildProcess, lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`Python ended with ${code}`));
    child.once('exit', ended);
    lines.once('line', (line) => {
      child.off('exit', ended);
      resolve(line);
    });
  });
}
