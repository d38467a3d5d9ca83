import { Binarizer } from './features/binarizer.ts';
import { Bucketizer } from './features/bucketizer.ts';
import { ChiSqSelector, ChiSqSelectorModel } from './features/chi-sq-selector.ts';
import { CountVectorizer, CountVectorizerModel } from './features/count-vectorizer.ts';
import { FeatureHasher } from './features/feature-hasher.ts';
import { HashingTF } from './features/hashing-tf.ts';
import { IDF, IDFModel } from './features/idf.ts';
import { Imputer, ImputerModel } from './features/imputer.ts';
import { IndexToString } from './features/index-to-string.ts';
import { MaxAbsScaler, MaxAbsScalerModel } from './features/max-abs-scaler.ts';
import { MinMaxScaler, MinMaxScalerModel } from './features/min-max-scaler.ts';
import { NGram } from './features/n-gram.ts';
import { Normalizer } from './features/normalizer.ts';
import { OneHotEncoder, OneHotEncoderModel } from './features/one-hot-encoder.ts';
import { PCA, PCAModel } from './features/pca.ts';
import { PolynomialExpansion } from './features/polynomial-expansion.ts';
import { QuantileDiscretizer } from './features/quantile-discretizer.ts';
import { RegexTokenizer } from './features/regex-tokenizer.ts';
import { RobustScaler, RobustScalerModel } from './features/robust-scaler.ts';
import { SQLTransformer } from './features/sql-transformer.ts';
import { StandardScaler, StandardScalerModel } from './features/standard-scaler.ts';
import { StopWordsRemover } from './features/stop-words-remover.ts';
import { StringIndexer, StringIndexerModel } from './features/string-indexer.ts';
import { Tokenizer } from './features/tokenizer.ts';
import { VectorAssembler } from './features/vector-assembler.ts';
import { VectorSizeHint } from './features/vector-size-hint.ts';
import { MODEL_CLASSES } from './model-classes.ts';
import { Pipeline, PipelineModel } from './pipeline.ts';
import { FrozenLearner } from './serving/frozen-learner.ts';
import type { StageClass } from './stage.ts';

/** Every class of stages that can be loaded. A new one is added here; one that predicts, to `model-classes.ts`. */
export const STAGE_CLASSES: readonly StageClass[] = [
  ...MODEL_CLASSES,
  Binarizer,
  Bucketizer,
  ChiSqSelector,
  ChiSqSelectorModel,
  CountVectorizer,
  CountVectorizerModel,
  FeatureHasher,
  FrozenLearner,
  HashingTF,
  IDF,
  IDFModel,
  Imputer,
  ImputerModel,
  IndexToString,
  MaxAbsScaler,
  MaxAbsScalerModel,
  MinMaxScaler,
  MinMaxScalerModel,
  NGram,
  Normalizer,
  OneHotEncoder,
  OneHotEncoderModel,
  PCA,
  PCAModel,
  Pipeline,
  PipelineModel,
  PolynomialExpansion,
  QuantileDiscretizer,
  RegexTokenizer,
  RobustScaler,
  RobustScalerModel,
  SQLTransformer,
  StandardScaler,
  StandardScalerModel,
  StopWordsRemover,
  StringIndexer,
  StringIndexerModel,
  Tokenizer,
  VectorAssembler,
  VectorSizeHint,
];
