/** The pipelines that are scored, and rows for them. */
import { seededRandom } from 'millrace';
import {
  HashingTF,
  IDF,
  LogisticRegression,
  Pipeline,
  type PipelineModel,
  RandomForestClassifier,
  StandardScaler,
  Table,
  Tokenizer,
  VectorAssembler,
} from 'millrace/pipelines';

export interface PipelineWork {
  readonly what: string;
  /** As `bench/peers/scikit-learn-pipelines.py` calls it. */
  readonly peer: 'logistic' | 'forest' | 'text';
  readonly model: PipelineModel;
  readonly table: Table;
  /** 0 and 1, for the peer to fit on. */
  readonly labels: Float64Array;
  /** Rows of a micro-batch. */
  readonly batchRows: number;
}

const FEATURES = Array.from({ length: 10 }, (_, j) => `x${j}`);
/** Rows that the forest is fitted on. */
const FOREST_ROWS = 20_000;
const WORDS_A_TEXT = 10;

export async function logisticWork(rows: number): Promise<PipelineWork> {
  const { table, labels } = noisyTable(rows);
  const model = await numbersPipeline(new LogisticRegression()).fit(withLabels(table, labels));
  return {
    what: 'assembler, scaler, logistic regression; 10 features',
    peer: 'logistic',
    model,
    table,
    labels,
    batchRows: 50_000,
  };
}

export async function forestWork(rows: number): Promise<PipelineWork> {
  const { table, labels } = noisyTable(rows);
  const forest = new RandomForestClassifier({ numTrees: 100, maxDepth: 8 });
  const some = Math.min(rows, FOREST_ROWS);
  const model = await numbersPipeline(forest).fit(withLabels(table, labels).range(0, some));
  return {
    what: 'assembler, scaler, forest of 100 trees of depth 8; 10 features',
    peer: 'forest',
    model,
    table,
    labels,
    batchRows: 10_000,
  };
}

export async function textWork(rows: number): Promise<PipelineWork> {
  const { table, labels } = shortTexts(rows);
  const pipeline = new Pipeline({
    stages: [
      new Tokenizer({ inputCol: 'text', outputCol: 'words' }),
      new HashingTF({ inputCol: 'words', outputCol: 'counts' }),
      new IDF({ inputCol: 'counts', outputCol: 'features' }),
      new LogisticRegression({ maxIter: 10 }),
    ],
  });
  const model = await pipeline.fit(withLabels(table, labels));
  return {
    what: `tokenizer, hashing, IDF, logistic regression; ${WORDS_A_TEXT} words`,
    peer: 'text',
    model,
    table,
    labels,
    batchRows: 10_000,
  };
}

function numbersPipeline(last: LogisticRegression | RandomForestClassifier): Pipeline {
  return new Pipeline({
    stages: [
      new VectorAssembler({ inputCols: FEATURES, outputCol: 'assembled' }),
      new StandardScaler({ inputCol: 'assembled', outputCol: 'features', withMean: true }),
      last,
    ],
  });
}

function withLabels(table: Table, labels: Float64Array): Table {
  return table.withColumn('label', { type: 'double', values: labels });
}

function noisyTable(rows: number): { table: Table; labels: Float64Array } {
  const { columns, labels } = noisyClasses(rows, FEATURES.length);
  return {
    table: Table.of(FEATURES.map((name, j) => [name, { type: 'double', values: columns[j]! }] as const)),
    labels,
  };
}

/** Uniform features, and classes that they tell but for noise. */
export function noisyClasses(n: number, d: number): { columns: Float64Array[]; labels: Float64Array } {
  const random = seededRandom(3);
  const columns = Array.from({ length: d }, () => Float64Array.from({ length: n }, () => 4 * random.next() - 2));
  const labels = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let margin = 6 * random.next() - 3;
    columns.forEach((column, j) => {
      margin += (column[i]! * (j - d / 3)) / d;
    });
    labels[i] = margin > 0 ? 1 : 0;
  }
  return { columns, labels };
}

/** Words of 3 to 10 letters, some with a capital, as frequent as those of a language: the one of rank r about as 1/r. */
function shortTexts(rows: number): { table: Table; labels: Float64Array } {
  const random = seededRandom(5);
  const letters = (count: number) =>
    Array.from({ length: count }, () => String.fromCharCode(97 + Math.floor(26 * random.next()))).join('');
  const words = Array.from({ length: 20_000 }, () => letters(3 + Math.floor(8 * random.next())));
  const word = () => {
    const drawn = words[Math.floor(words.length ** random.next()) - 1]!;
    return random.next() < 0.1 ? drawn[0]!.toUpperCase() + drawn.slice(1) : drawn;
  };
  const values = Array.from({ length: rows }, () => Array.from({ length: WORDS_A_TEXT }, word).join(' '));
  const labels = Float64Array.from(values, (text) => (text.includes(words[3]!) ? 1 : 0));
  return { table: Table.of({ text: { type: 'string', values } }), labels };
}
