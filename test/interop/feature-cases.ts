import { Table } from '../../src/batch/table.ts';
import { Vectors } from '../../src/batch/vector.ts';
import * as p from '../../src/pipelines/index.ts';
import type { InteropCase } from './interop-case.ts';

const numbers = Table.fromRows([
  { a: 1, b: -2.5, flag: true, v: [0, 3, 1] },
  { a: 2, b: 0, flag: false, v: [1.5, 3, 0] },
  { a: 4, b: 1e-3, flag: true, v: [-2, 3, 0] },
  { a: 8, b: 7, flag: true, v: [0.1, 3, -7.25] },
  { a: 8, b: 7.5, flag: false, v: [2.75, 3, 1e5] },
]);

const gaps = Table.fromRows(
  [
    { a: 1, b: 2, n: 7 },
    { a: null, b: 3, n: 2 },
    { a: Number.NaN, b: 4, n: null },
    { a: 2, b: 5, n: 2 },
    { a: 2.5, b: 5, n: -1 },
  ],
  new p.Schema([
    { name: 'a', type: 'double' },
    { name: 'b', type: 'double' },
    { name: 'n', type: 'int' },
  ]),
);

const holes = Table.fromRows([
  { v: [1, 2, 3] },
  { v: [Number.NaN, 4, -5] },
  { v: [2, 8, Number.NaN] },
  { v: [7, 2, 0] },
]);

const ragged = Table.fromRows([
  { v: [1, 2] },
  { v: [1] },
  { v: null },
  { v: Vectors.sparse(2, [1], [3]) },
  { v: [4, 5, 6] },
]);

const sparse = Table.fromRows([
  { v: Vectors.sparse(5, [0, 3], [1, -2]) },
  { v: Vectors.sparse(5, [], []) },
  { v: Vectors.sparse(5, [3, 4], [0.5, 9]) },
  { v: Vectors.sparse(5, [1, 3, 4], [2, 0.5, 3]) },
]);

const categories = Table.fromRows([
  { kind: 'pear', size: 1.5, count: 0, label: 1, v: [0, 1, 2, 3] },
  { kind: 'apple', size: 10, count: 2, label: 0, v: [1, 1, 0, 3] },
  { kind: 'apple', size: 1e7, count: 1, label: 0, v: [1, 0, 2, 3] },
  { kind: 'fig', size: 1.5, count: 1, label: 1, v: [0, 0, 1, 3] },
  { kind: 'Fig', size: 1e-4, count: 3, label: 1, v: [0, 0, 1, 3] },
  { kind: 'fig', size: -2, count: 3, label: 2, v: [0, 2, 1, 3] },
]);

const unseen = Table.fromRows([
  { kind: 'plum', size: 3, count: 1 },
  { kind: null, size: 1.5, count: 0 },
  { kind: 'fig', size: 10, count: 2 },
]);

const texts = Table.fromRows([
  { text: 'The cat  sat on the mat' },
  { text: '' },
  { text: ' A dog; a Cat,\tthe cat!  ' },
  { text: 'élan vital, naïve 日本 test' },
]);

const words = Table.fromRows([
  { words: ['the', 'cat', 'sat', 'The', 'i', "I'll"] },
  { words: [] },
  { words: ['a', 'dog', 'a', 'cat', '日本', 'é'] },
  { words: ['cat', 'dog', 'mat'] },
]);

/** Enough rows that quantiles are no mere ends, few enough that Spark's are exact. */
const many = Table.fromRows(
  Array.from({ length: 400 }, (_, i) => {
    const x = ((i * 7919) % 401) / 3 - 20;
    return { x, v: [x, (i * i) % 17, Math.sin(i) * 10 ** (i % 5)] };
  }),
);

const vectors = { inputCol: 'v', outputCol: 'out' };
const terms = { inputCol: 'words', outputCol: 'out' };
const kind = { inputCol: 'kind', outputCol: 'out' };
const pair = { inputCols: ['a', 'b'], outputCols: ['x', 'y'] };

function both(name: string, stage: p.PipelineStage, fitting: Table, more: Partial<InteropCase> = {}): InteropCase {
  return { name, stage, fitting, ...more };
}

export const featureCases: readonly InteropCase[] = [
  both('VectorAssembler', new p.VectorAssembler({ inputCols: ['a', 'v', 'flag', 'b'], outputCol: 'out' }), numbers),
  both(
    'VectorAssembler skips',
    new p.VectorAssembler({ inputCols: ['a', 'b'], outputCol: 'out', handleInvalid: 'skip' }),
    gaps,
  ),
  both(
    'VectorAssembler keeps',
    new p.VectorAssembler({ inputCols: ['a', 'b', 'n'], outputCol: 'out', handleInvalid: 'keep' }),
    gaps,
  ),
  both('VectorSizeHint', new p.VectorSizeHint({ inputCol: 'v', size: 3 }), numbers),
  both('VectorSizeHint skips', new p.VectorSizeHint({ inputCol: 'v', size: 2, handleInvalid: 'skip' }), ragged),
  both(
    'VectorSizeHint believes',
    new p.VectorSizeHint({ inputCol: 'v', size: 3, handleInvalid: 'optimistic' }),
    numbers,
  ),
  both('StandardScaler', new p.StandardScaler({ ...vectors, withMean: true }), numbers),
  both('StandardScaler of sparse vectors', new p.StandardScaler(vectors), sparse),
  both('MinMaxScaler', new p.MinMaxScaler({ ...vectors, min: -1, max: 3 }), numbers),
  both('MinMaxScaler of sparse vectors', new p.MinMaxScaler(vectors), sparse),
  both('MaxAbsScaler', new p.MaxAbsScaler(vectors), sparse),
  both('RobustScaler', new p.RobustScaler({ ...vectors, withCentering: true, lower: 0.1, upper: 0.83 }), many),
  both('StandardScaler of NaN', new p.StandardScaler({ ...vectors, withMean: true }), holes),
  both('MinMaxScaler of NaN', new p.MinMaxScaler(vectors), holes),
  both('MaxAbsScaler of NaN', new p.MaxAbsScaler(vectors), holes),
  both('RobustScaler of NaN', new p.RobustScaler({ ...vectors, withCentering: true }), holes),
  both('Normalizer of NaN', new p.Normalizer(vectors), holes),
  both('Binarizer of NaN', new p.Binarizer(vectors), holes),
  both('PolynomialExpansion of NaN', new p.PolynomialExpansion(vectors), holes),
  both(
    'RobustScaler without scaling',
    new p.RobustScaler({ ...vectors, withCentering: true, withScaling: false }),
    many,
  ),
  both('Normalizer', new p.Normalizer({ ...vectors, p: 1.5 }), numbers),
  both('Normalizer by the largest', new p.Normalizer({ ...vectors, p: Number.POSITIVE_INFINITY }), sparse),
  both('Binarizer', new p.Binarizer({ ...pair, thresholds: [1.5, 4] }), gaps, { otherInSpark4: 'null becomes 0' }),
  both('Binarizer of columns', new p.Binarizer({ ...pair, thresholds: [1.5, 4] }), numbers),
  both('Binarizer of vectors', new p.Binarizer({ ...vectors, threshold: 0.75 }), sparse),
  both('Binarizer below zero', new p.Binarizer({ ...vectors, threshold: -0.75 }), sparse),
  both(
    'Bucketizer',
    new p.Bucketizer({ inputCol: 'a', outputCol: 'out', splits: [Number.NEGATIVE_INFINITY, 2, 8] }),
    numbers,
  ),
  both(
    'Bucketizer keeps',
    new p.Bucketizer({
      inputCols: ['b', 'x'],
      outputCols: ['out', 'y'],
      splitsArray: [
        [0, 2.5, 5],
        [0, 1, 2, Number.POSITIVE_INFINITY],
      ],
      handleInvalid: 'keep',
    }),
    Table.fromRows([
      { b: 0, x: 1 },
      { b: 5, x: 2 },
      { b: Number.NaN, x: 2.5 },
    ]),
  ),
  both(
    'Bucketizer skips',
    new p.Bucketizer({ inputCol: 'a', outputCol: 'out', splits: [0, 2, 3], handleInvalid: 'skip' }),
    gaps,
  ),
  both('QuantileDiscretizer', new p.QuantileDiscretizer({ inputCol: 'x', outputCol: 'out', numBuckets: 7 }), many),
  both(
    'QuantileDiscretizer of several',
    new p.QuantileDiscretizer({ inputCols: ['a', 'b'], outputCols: ['x', 'y'], numBucketsArray: [2, 4] }),
    numbers,
  ),
  both(
    'QuantileDiscretizer keeps',
    new p.QuantileDiscretizer({ inputCol: 'a', outputCol: 'out', numBuckets: 2, handleInvalid: 'keep' }),
    gaps,
  ),
  both('Imputer', new p.Imputer(pair), gaps),
  both('Imputer by medians', new p.Imputer({ ...pair, strategy: 'median', missingValue: 5 }), gaps),
  both('Imputer of whole numbers', new p.Imputer({ inputCols: ['n'], outputCols: ['x'], missingValue: -1 }), gaps),
  both('Imputer by modes', new p.Imputer({ inputCol: 'n', outputCol: 'x', strategy: 'mode' }), gaps),
  both('StringIndexer', new p.StringIndexer(kind), categories),
  both(
    'StringIndexer keeps',
    new p.StringIndexer({ ...kind, handleInvalid: 'keep', stringOrderType: 'frequencyAsc' }),
    categories,
    {
      scoring: unseen,
    },
  ),
  both('StringIndexer by alphabet', new p.StringIndexer({ ...kind, stringOrderType: 'alphabetAsc' }), categories),
  both(
    'StringIndexer skips',
    new p.StringIndexer({
      inputCols: ['kind', 'size'],
      outputCols: ['x', 'y'],
      handleInvalid: 'skip',
      stringOrderType: 'alphabetDesc',
    }),
    categories,
    { scoring: unseen },
  ),
  both(
    'IndexToString',
    new p.IndexToString({ inputCol: 'count', outputCol: 'out', labels: ['none', 'one', 'two', 'three'] }),
    categories,
  ),
  both('OneHotEncoder', new p.OneHotEncoder({ inputCol: 'count', outputCol: 'out' }), categories),
  both(
    'OneHotEncoder keeps and drops',
    new p.OneHotEncoder({ inputCol: 'count', outputCol: 'out', handleInvalid: 'keep' }),
    categories,
    { scoring: Table.fromRows([{ count: 9 }, { count: 3 }, { count: 0 }]) },
  ),
  both(
    'OneHotEncoder keeps',
    new p.OneHotEncoder({
      inputCols: ['count', 'label'],
      outputCols: ['x', 'y'],
      dropLast: false,
      handleInvalid: 'keep',
    }),
    categories,
    {
      scoring: Table.fromRows([
        { count: 9, label: 0 },
        { count: 3, label: 3 },
      ]),
    },
  ),
  both('PolynomialExpansion', new p.PolynomialExpansion({ ...vectors, degree: 3 }), numbers),
  both('PolynomialExpansion of sparse vectors', new p.PolynomialExpansion({ ...vectors, degree: 4 }), sparse),
  both('PCA', new p.PCA({ ...vectors, k: 2 }), many, { fitsDiffer: 'the sign of a direction says nothing' }),
  both('Tokenizer', new p.Tokenizer({ inputCol: 'text', outputCol: 'out' }), texts),
  both('RegexTokenizer', new p.RegexTokenizer({ inputCol: 'text', outputCol: 'out' }), texts),
  both(
    'RegexTokenizer of words',
    new p.RegexTokenizer({
      inputCol: 'text',
      outputCol: 'out',
      pattern: '\\p{L}+|[\\s!]',
      gaps: false,
      toLowercase: false,
      minTokenLength: 2,
    }),
    texts,
  ),
  both('StopWordsRemover', new p.StopWordsRemover(terms), words),
  both(
    'StopWordsRemover by case',
    new p.StopWordsRemover({ ...terms, stopWords: ['the', 'A'], caseSensitive: true }),
    words,
  ),
  both('NGram', new p.NGram({ ...terms, n: 3 }), words),
  both('HashingTF', new p.HashingTF(terms), words),
  both('HashingTF to few places', new p.HashingTF({ ...terms, numFeatures: 7, binary: true }), words),
  both(
    'FeatureHasher',
    new p.FeatureHasher({
      inputCols: ['kind', 'size', 'count', 'label'],
      categoricalCols: ['size', 'label'],
      outputCol: 'out',
      numFeatures: 1000,
    }),
    categories,
  ),
  both('FeatureHasher of truth values', new p.FeatureHasher({ inputCols: ['flag', 'a'], outputCol: 'out' }), numbers),
  both('IDF', new p.IDF({ ...vectors, minDocFreq: 2 }), sparse),
  both('CountVectorizer', new p.CountVectorizer(terms), words, {
    fitsDiffer: 'Spark leaves open which of two equally frequent terms comes first',
  }),
  both(
    'CountVectorizer of few',
    new p.CountVectorizer({ ...terms, minDF: 0.5, maxDF: 3, minTF: 0.2, vocabSize: 2 }),
    words,
  ),
  both('ChiSqSelector', new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', numTopFeatures: 2 }), categories),
  both(
    'ChiSqSelector by rate',
    new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', selectorType: 'fdr', fdr: 0.4 }),
    categories,
  ),
  both(
    'ChiSqSelector by share',
    new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', selectorType: 'percentile', percentile: 0.6 }),
    categories,
  ),
  both(
    'ChiSqSelector by false positives',
    new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', selectorType: 'fpr', fpr: 0.35 }),
    categories,
  ),
  both(
    'ChiSqSelector by any error',
    new p.ChiSqSelector({ featuresCol: 'v', outputCol: 'out', selectorType: 'fwe', fwe: 0.9 }),
    categories,
  ),
  both(
    'SQLTransformer',
    new p.SQLTransformer({
      statement:
        "SELECT *, count + size AS a, size / label AS b, upper(kind) AS c, CASE WHEN label > 0 THEN 'x' ELSE kind END AS d, " +
        "kind LIKE '%g' AS e, CAST(size AS string) AS f, coalesce(NULL, count) AS g FROM __THIS__ WHERE NOT kind IN ('pear') AND count > 0",
    }),
    categories,
  ),
  both(
    'Pipeline',
    new p.Pipeline({
      stages: [
        new p.StringIndexer({ inputCol: 'kind', outputCol: 'kindIndex' }),
        new p.OneHotEncoder({ inputCol: 'kindIndex', outputCol: 'kindVector' }),
        new p.VectorAssembler({ inputCols: ['size', 'kindVector', 'count'], outputCol: 'assembled' }),
        new p.StandardScaler({ inputCol: 'assembled', outputCol: 'scaled', withStd: false, withMean: true }),
      ],
    }),
    categories,
  ),
];
