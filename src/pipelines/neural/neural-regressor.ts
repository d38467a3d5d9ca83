import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { dot, sumOf } from '../../numeric/linear.ts';
import { denseFeatures } from '../feature-matrix.ts';
import { requireTrainingColumns, withPredictions } from '../prediction-schema.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import { trainingRows } from '../training-rows.ts';
import type { Architecture } from './architecture.ts';
import { fitNetwork } from './fit-network.ts';
import type { FitRows } from './fit-settings.ts';
import { NeuralNetwork } from './neural-network.ts';
import { denseRows, fitSettings, NEURAL_PARAMS, type NeuralOptions } from './neural-params.ts';
import { type LearnedNetwork, restoredNetwork, savedNetwork, shapeOf } from './saved-network.ts';
import type { StreamingNeuralRegressor } from './streaming-neural-regressor.ts';
import { tensorFlow } from './tensorflow.ts';

export type NeuralRegressorOptions = NeuralOptions;

/**
 * Fits a feed-forward network that tells a value, on TensorFlow.js: the mean squared error, by steps on batches of rows. Features should be
 * of one scale: put a `StandardScaler` before it. Labels may be of any: they are brought to mean 0 and deviation 1 for the fit (which is what
 * `regParam` and `tol` go by), and the last layer brings predictions back.
 *
 * Throws `BadRowsError` for rows that are not finite numbers; `UsageError` (`too-few-records`; `not-found` where TensorFlow.js is not
 * installed); `DataError` (`not-finite`) where steps are too large. Cost: O(epochs · n · weights).
 */
export class NeuralRegressor extends EstimatorStage<NeuralRegressionModel, typeof NEURAL_PARAMS> {
  static readonly className = 'millrace.NeuralRegressor';
  static readonly params = NEURAL_PARAMS;

  transformSchema(schema: Schema): Schema {
    requireTrainingColumns(schema, columnsRead(this));
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'double' }]);
  }

  async fit(table: Table): Promise<NeuralRegressionModel> {
    this.transformSchema(table.schema);
    const rows = denseRows(trainingRows(table, this.uid, columnsRead(this)));
    const layers = [rows.features.columns.length, ...this.get('hiddenLayers'), 1];
    const architecture: Architecture = { layers, activation: this.get('activation'), task: 'value' };
    const scale = scaleOf(rows);
    const labels = rows.labels.map((label) => (label - scale.mean) / scale.deviation);
    const weights = fitNetwork(this.uid, await tensorFlow(), architecture, { ...rows, labels }, fitSettings(this));
    bringBack(weights, layers.at(-2)!, scale);
    return new NeuralRegressionModel({ layers, weights }, this.set, this.uid);
  }
}

/** What `NeuralRegressor` has learned. Its numbers are of single precision. */
export class NeuralRegressionModel extends ModelStage<LearnedNetwork, typeof NEURAL_PARAMS, Promise<Table>> {
  static readonly className = 'millrace.NeuralRegressionModel';
  static readonly params = NEURAL_PARAMS;

  /** What a streaming learner has learned so far, as a stage that learns no more. */
  static of(learner: StreamingNeuralRegressor, options: NeuralRegressorOptions = {}): NeuralRegressionModel {
    const { activation, ...learned } = learner.learnedNetwork();
    return new NeuralRegressionModel(learned, { ...options, ...shapeOf(learned), activation });
  }

  static override async restore(saved: SavedStage): Promise<NeuralRegressionModel> {
    return new NeuralRegressionModel(await restoredNetwork(saved, 1), saved.options(NEURAL_PARAMS), saved.uid);
  }

  override savedFiles() {
    return savedNetwork(this.learned, this.get('activation'));
  }

  transformSchema(schema: Schema): Schema {
    schema.require(this.get('featuresCol'), ['vector']);
    return withPredictions(schema, [{ name: this.get('predictionCol'), type: 'double' }]);
  }

  protected async transformChecked(table: Table): Promise<Table> {
    const { layers, weights } = this.learned;
    const features = denseFeatures(table, this.get('featuresCol'), layers[0]!, this.uid);
    const { core } = await tensorFlow();
    const architecture: Architecture = { layers, activation: this.get('activation'), task: 'value' };
    const [values] = new NeuralNetwork(core, architecture).outputs(weights, features);
    return table.withColumn(this.get('predictionCol'), { type: 'double', values: values! });
  }
}

function columnsRead(stage: NeuralRegressor) {
  return { featuresCol: stage.get('featuresCol'), labelCol: stage.get('labelCol'), weightCol: stage.find('weightCol') };
}

interface Scale {
  readonly mean: number;
  /** 1 where all labels are equal. */
  readonly deviation: number;
}

/** By weight. */
function scaleOf({ labels, weights }: FitRows): Scale {
  const shares = weights ?? new Float64Array(labels.length).fill(1);
  const sum = sumOf(shares);
  const mean = dot(shares, labels) / sum;
  const deviation = Math.sqrt(
    dot(
      shares,
      labels.map((label) => (label - mean) ** 2),
    ) / sum,
  );
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

/** Lets the last layer, of `into` inputs and one output, tell labels as they were given. */
function bringBack(weights: Float32Array, into: number, { mean, deviation }: Scale): void {
  for (let p = weights.length - into - 1; p < weights.length; p++) weights[p] = weights[p]! * deviation;
  weights[weights.length - 1] = weights.at(-1)! + mean;
}
