/** Each exported stage with a table that it can take. */
import { Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import * as p from '../../src/pipelines/index.ts';
import type { StageSubject } from '../../src/testing/stage-suite.ts';

const numbers = () =>
  Table.fromRows([
    { a: 1, b: -2.5, v: [0, 3] },
    { a: 2, b: 0, v: [1.5, 3] },
    { a: 4, b: 1e-3, v: [-2, 3] },
    { a: 8, b: 7, v: [0.1, 3] },
  ]);

const categories = () =>
  Table.fromRows([
    { kind: 'pear', count: 0, label: 1, v: [0, 1, 2] },
    { kind: 'apple', count: 2, label: 0, v: [1, 1, 0] },
    { kind: 'apple', count: 1, label: 0, v: [1, 0, 2] },
    { kind: 'fig', count: 1, label: 1, v: [0, 0, 1] },
  ]);

const texts = () =>
  Table.fromRows([
    { text: 'The cat  sat on the mat', words: ['the', 'cat', 'sat'] },
    { text: '', words: [] },
    { text: 'A dog; a Cat', words: ['a', 'dog', 'a', 'cat'] },
  ]);

const sparse = () =>
  Table.fromRows([
    { v: Vectors.sparse(4, [0, 2], [1, 2]) },
    { v: Vectors.sparse(4, [], []) },
    { v: Vectors.sparse(4, [1, 2, 3], [3, 1, -1]) },
  ]);

const vectors = { inputCol: 'v', outputCol: 'out' };
const words = { inputCol: 'words', outputCol: 'out' };

function subject(stage: () => p.PipelineStage, table: () => Table): StageSubject {
  return { stage, table };
}

export const binarizer = subject(
  () => new p.Binarizer({ inputCols: ['a', 'v'], outputCols: ['x', 'y'], threshold: 1 }),
  numbers,
);
export const bucketizer = subject(
  () => new p.Bucketizer({ inputCol: 'a', outputCol: 'out', splits: [0, 2, 5, 8] }),
  numbers,
);
export const chiSqSelector = subject(
  () => new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', numTopFeatures: 2 }),
  categories,
);
export const countVectorizer = subject(() => new p.CountVectorizer({ ...words, minDF: 2 }), texts);
export const featureHasher = subject(
  () => new p.FeatureHasher({ inputCols: ['kind', 'count', 'label'], categoricalCols: ['label'], outputCol: 'out' }),
  categories,
);
export const frozenLearner = subject(() => {
  const learner = new StreamingKMeans({ k: 2 }).setInitialCenters([[0, 0], [5, 3]], [1, 1]); // biome-ignore format: one line
  return p.FrozenLearner.of(learner, { featuresCol: 'v' });
}, numbers);
export const hashingTF = subject(() => new p.HashingTF({ ...words, numFeatures: 64 }), texts);
export const idf = subject(() => new p.IDF({ ...vectors, minDocFreq: 1 }), sparse);
export const imputer = subject(
  () => new p.Imputer({ inputCols: ['a', 'b'], outputCols: ['x', 'y'], missingValue: 0, strategy: 'median' }),
  numbers,
);
export const indexToString = subject(
  () => new p.IndexToString({ inputCol: 'count', outputCol: 'out', labels: ['none', 'one', 'two'] }),
  categories,
);
export const maxAbsScaler = subject(() => new p.MaxAbsScaler(vectors), sparse);
export const minMaxScaler = subject(() => new p.MinMaxScaler({ ...vectors, min: -1 }), numbers);
export const nGram = subject(() => new p.NGram({ ...words, n: 3 }), texts);
export const normalizer = subject(() => new p.Normalizer({ ...vectors, p: 3 }), numbers);
export const oneHotEncoder = subject(() => new p.OneHotEncoder({ inputCol: 'count', outputCol: 'out' }), categories);
export const pca = subject(() => new p.PCA({ ...vectors, k: 2 }), categories);
export const pipeline = subject(
  () =>
    new p.Pipeline({
      stages: [
        new p.VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'assembled' }, 'assembler'),
        new p.StandardScaler({ inputCol: 'assembled', outputCol: 'scaled' }, 'scaler'),
      ],
    }),
  numbers,
);
export const polynomialExpansion = subject(() => new p.PolynomialExpansion({ ...vectors, degree: 3 }), sparse);
export const quantileDiscretizer = subject(
  () => new p.QuantileDiscretizer({ inputCol: 'a', outputCol: 'out', numBuckets: 3 }),
  numbers,
);
export const regexTokenizer = subject(
  () => new p.RegexTokenizer({ inputCol: 'text', outputCol: 'out', pattern: '\\W+', minTokenLength: 2 }),
  texts,
);
export const robustScaler = subject(() => new p.RobustScaler({ ...vectors, withCentering: true }), numbers);
export const sqlTransformer = subject(
  () => new p.SQLTransformer({ statement: 'SELECT *, a + b AS total, v AS w FROM __THIS__ WHERE a > 1' }),
  numbers,
);
export const standardScaler = subject(() => new p.StandardScaler({ ...vectors, withMean: true }), numbers);
export const stopWordsRemover = subject(() => new p.StopWordsRemover(words), texts);
export const stringIndexer: StageSubject = {
  stage: () => new p.StringIndexer({ inputCols: ['kind', 'count'], outputCols: ['x', 'y'] }),
  table: categories,
  columnsMayLack: 'a label may lack where rows are scored',
};
export const tokenizer = subject(() => new p.Tokenizer({ inputCol: 'text', outputCol: 'out' }), texts);
export const vectorAssembler = subject(
  () => new p.VectorAssembler({ inputCols: ['a', 'v', 'b'], outputCol: 'out' }),
  numbers,
);
export const vectorSizeHint = subject(() => new p.VectorSizeHint({ inputCol: 'v', size: 2 }), numbers);
