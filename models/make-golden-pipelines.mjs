// Makes the golden pipelines of this format version. Run by hand, once a version, after npm run build: node models/make-golden-pipelines.mjs
// It never replaces one: those that are there were written by the version that they stand for. make-spark-pipelines.py makes Spark's.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { StreamingKMeans } from '../dist/index.js';
import * as p from '../dist/pipelines/index.js';

const PIPELINES = fileURLToPath(new URL('pipelines/', import.meta.url));

const readings = p.Table.fromRows(
  Array.from({ length: 12 }, (_, i) => ({
    place: ['roof', 'cellar', 'yard'][(i * 5) % 3],
    degrees: i % 5 === 3 ? null : 12 + ((i * 7) % 11) / 2,
    humidity: 40 + ((i * 13) % 17),
  })),
);

const notes = p.Table.fromRows(
  ['A stream is a table', 'the table grows', 'Streams, tables; and streams again', '', 'again and again'].map(
    (text) => ({ text }),
  ),
);

const flowers = p.Table.fromRows(
  Array.from({ length: 18 }, (_, i) => ({
    size: [5 + ((i * 7) % 11) / 4, 3 + ((i * 5) % 7) / 5, 1 + ((i * 3) % 13) / 2],
    age: i % 5,
    kind: (i * 7) % 11 > 5 ? 1 : 0,
  })),
);

const reference = (name) => fileURLToPath(new URL(`../test/reference/${name}`, import.meta.url));
const { learned: onnx } = await p.OnnxModel.fromFile(reference('onnx/iris-linear-double.onnx'));
const { learned: keras } = await p.TensorFlowModel.fromDirectory(reference('tensorflow/keras-two-inputs'));
const { learned: graph } = await p.TensorFlowModel.fromDirectory(reference('tensorflow/graph-loop'));
const small = { featuresCol: 'scaled', hiddenLayers: [4], stepSize: 0.01, seed: 1 };

const clusters = new StreamingKMeans({ k: 2 }).setInitialCenters([[5.5, 3.2, 2], [7, 4, 6]], [3, 4]); // biome-ignore format: one line

const PIPELINES_MADE = {
  'readings-v1': [
    readings,
    [
      new p.StringIndexer({ inputCol: 'place', outputCol: 'placeIndex' }, 'place'),
      new p.OneHotEncoder({ inputCol: 'placeIndex', outputCol: 'placeVector' }, 'encoder'),
      new p.Imputer({ inputCol: 'degrees', outputCol: 'temperature' }, 'imputer'),
      new p.Bucketizer({ inputCol: 'humidity', outputCol: 'damp', splits: [0, 45, 50, 100] }, 'bucketizer'),
      new p.VectorAssembler({ inputCols: ['temperature', 'damp', 'placeVector'], outputCol: 'assembled' }, 'assembler'),
      new p.RobustScaler({ inputCol: 'assembled', outputCol: 'scaled', withCentering: true }, 'scaler'),
      new p.PCA({ inputCol: 'scaled', outputCol: 'turned', k: 2 }, 'pca'),
    ],
  ],
  'notes-v1': [
    notes,
    [
      new p.RegexTokenizer({ inputCol: 'text', outputCol: 'words', pattern: '\\W+' }, 'tokenizer'),
      new p.StopWordsRemover({ inputCol: 'words', outputCol: 'terms' }, 'stopWords'),
      new p.CountVectorizer({ inputCol: 'terms', outputCol: 'counts' }, 'counter'),
      new p.IDF({ inputCol: 'counts', outputCol: 'weighted' }, 'idf'),
      new p.Normalizer({ inputCol: 'weighted', outputCol: 'features' }, 'normalizer'),
    ],
  ],
  'segments-v1': [
    flowers,
    [
      new p.MinMaxScaler({ inputCol: 'size', outputCol: 'scaled' }, 'scaler'),
      new p.FrozenLearner(
        p.FrozenLearner.of(clusters).learned,
        { featuresCol: 'size', predictionCol: 'segment' },
        'segments',
      ),
      new p.LinearRegression({ featuresCol: 'scaled', labelCol: 'age', regParam: 0.1, predictionCol: 'guess' }, 'line'),
    ],
  ],
  'networks-v1': [
    flowers,
    [
      new p.StandardScaler({ inputCol: 'size', outputCol: 'scaled', withMean: true }, 'scaler'),
      new p.NeuralClassifier({ ...small, labelCol: 'kind' }, 'classifier'),
      new p.NeuralRegressor({ ...small, labelCol: 'age', predictionCol: 'guess', activation: 'tanh' }, 'regressor'),
      new p.OnnxModel(onnx, { inputs: { X: 'size' }, outputs: { variable: 'width' } }, 'onnx'),
      new p.TensorFlowModel(keras, { inputs: { numbers: 'size' } }, 'keras'),
      new p.TensorFlowModel(graph, { inputs: { size: 'age' } }, 'graph'),
    ],
  ],
};

for (const [name, [table, stages]] of Object.entries(PIPELINES_MADE)) {
  const directory = `${PIPELINES}${name}`;
  if (existsSync(directory)) continue;
  await mkdir(directory, { recursive: true });
  const model = await new p.Pipeline({ stages }, name).fit(table);
  await model.save(`${directory}/model`);
  await p.writeTable(table, `${directory}/rows.jsonl`);
  await p.writeTable(await model.transform(table), `${directory}/scored.jsonl`);
}
