import type { Schema } from '../../batch/schema.ts';
import type { Table } from '../../batch/table.ts';
import { chosenClasses, requireThresholds, softmaxOf, withClassColumns } from '../classification/class-columns.ts';
import {
  CLASSIFIER_PARAMS,
  classColumnsOf,
  classModelSchema,
  classRows,
  fittedClassSchema,
} from '../classification/classifier.ts';
import { denseFeatures } from '../feature-matrix.ts';
import type { OptionsOf } from '../params/param.ts';
import type { SavedStage } from '../saved/saved-stage.ts';
import { EstimatorStage, ModelStage } from '../stage.ts';
import type { Architecture } from './architecture.ts';
import { fitNetwork } from './fit-network.ts';
import { NeuralNetwork } from './neural-network.ts';
import { denseRows, fitSettings, NEURAL_PARAMS } from './neural-params.ts';
import { type LearnedNetwork, restoredNetwork, savedNetwork, shapeOf } from './saved-network.ts';
import type { StreamingNeuralClassifier } from './streaming-neural-classifier.ts';
import { tensorFlow } from './tensorflow.ts';

const PARAMS = { ...NEURAL_PARAMS, ...CLASSIFIER_PARAMS };

export type NeuralClassifierOptions = OptionsOf<typeof PARAMS>;

/**
 * Fits a feed-forward network that tells classes, on TensorFlow.js: the mean of −ln of the right class's probability, by steps on batches
 * of rows. Features should be of one scale: put a `StandardScaler` before it. For small tables `MultilayerPerceptronClassifier` is there,
 * which Spark has too and which needs no other package.
 *
 * Throws `BadRowsError` for rows that are not finite numbers or whose label is no class; `UsageError` (`too-few-records`; `not-found` where
 * TensorFlow.js is not installed); `DataError` (`not-finite`) where steps are too large. Cost: O(epochs · n · weights).
 */
export class NeuralClassifier extends EstimatorStage<NeuralClassificationModel, typeof PARAMS> {
  static readonly className = 'millrace.NeuralClassifier';
  static readonly params = PARAMS;

  transformSchema(schema: Schema): Schema {
    return fittedClassSchema(this, schema, this.find('weightCol'));
  }

  async fit(table: Table): Promise<NeuralClassificationModel> {
    this.transformSchema(table.schema);
    const { rows: known, numClasses } = classRows(this, table, this.find('weightCol'));
    const rows = denseRows(known);
    const layers = [rows.features.columns.length, ...this.get('hiddenLayers'), numClasses];
    const architecture: Architecture = { layers, activation: this.get('activation'), task: 'classes' };
    const weights = fitNetwork(this.uid, await tensorFlow(), architecture, rows, fitSettings(this));
    return new NeuralClassificationModel({ layers, weights }, this.set, this.uid);
  }
}

/** What `NeuralClassifier` has learned. `rawPrediction`: what comes out before the softmax. Its numbers are of single precision. */
export class NeuralClassificationModel extends ModelStage<LearnedNetwork, typeof PARAMS, Promise<Table>> {
  static readonly className = 'millrace.NeuralClassificationModel';
  static readonly params = PARAMS;

  constructor(learned: LearnedNetwork, options: NeuralClassifierOptions = {}, uid?: string) {
    super(learned, options, uid);
    requireThresholds(this.uid, this.find('thresholds'), this.numClasses);
  }

  /** What a streaming learner has learned so far, as a stage that learns no more. */
  static of(learner: StreamingNeuralClassifier, options: NeuralClassifierOptions = {}): NeuralClassificationModel {
    const { activation, ...learned } = learner.learnedNetwork();
    return new NeuralClassificationModel(learned, { ...options, ...shapeOf(learned), activation });
  }

  static override async restore(saved: SavedStage): Promise<NeuralClassificationModel> {
    return new NeuralClassificationModel(await restoredNetwork(saved), saved.options(PARAMS), saved.uid);
  }

  get numClasses(): number {
    return this.learned.layers.at(-1)!;
  }

  override savedFiles() {
    return savedNetwork(this.learned, this.get('activation'));
  }

  transformSchema(schema: Schema): Schema {
    return classModelSchema(this, schema, this.numClasses);
  }

  protected async transformChecked(table: Table): Promise<Table> {
    const { layers, weights } = this.learned;
    const features = denseFeatures(table, this.get('featuresCol'), layers[0]!, this.uid);
    const { core } = await tensorFlow();
    const architecture: Architecture = { layers, activation: this.get('activation'), task: 'classes' };
    const raw = new NeuralNetwork(core, architecture).outputs(weights, features);
    const probability = softmaxOf(raw);
    const prediction = chosenClasses(probability, this.find('thresholds'));
    return withClassColumns(table, classColumnsOf(this), { raw, probability, prediction });
  }
}
