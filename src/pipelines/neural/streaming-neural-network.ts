import type { Examples, Features } from '../../batch/examples.ts';
import type { SnapshotRecord } from '../../batch/snapshot.ts';
import type { LabeledPoint } from '../../batch/vector.ts';
import { DataError, UsageError } from '../../errors.ts';
import { checkOption } from '../../learners/check-option.ts';
import { columnOf, OnlineLearner } from '../../learners/online-learner.ts';
import { checkSizes } from '../../learners/row-sizes.ts';
import { allFinite } from '../../numeric/linear.ts';
import { newStepped, type OptimizerName, type Step, type Stepped, stepOf } from '../../numeric/optimizer.ts';
import { ACTIVATIONS, type Activation, type NetworkTask } from './architecture.ts';
import { initialWeights } from './initial-weights.ts';
import { NeuralNetwork, stepNetwork } from './neural-network.ts';
import type { LearnedNetwork } from './saved-network.ts';
import { readyTensorFlow, tensorFlow } from './tensorflow.ts';
import { batchOf, placesWithWeight } from './training-batch.ts';

export interface StreamingNeuralOptions {
  /** d ≥ 1. */
  readonly numFeatures: number;
  /** Units of each hidden layer; none makes a linear model. Default one layer of 64. */
  readonly hiddenLayers?: readonly number[];
  /** Of the hidden layers. Default `relu`. */
  readonly activation?: Activation;
  /** Default `adam`. */
  readonly optimizer?: OptimizerName;
  /** The learning rate, above 0. Default 0.001. */
  readonly stepSize?: number;
  /** L2 penalty ≥ 0 of the weights, not of the biases. Default 0. */
  readonly regParam?: number;
  /** What the first weights are drawn from. Default 0. */
  readonly seed?: number;
}

/** Whose static side `load` is called on. */
interface StreamingClass<L> {
  readonly name: string;
  new (params: never): L;
}

/**
 * What the streaming networks share: one step of the optimizer for each micro-batch, as `trainOnBatch` of TensorFlow.js does it. Weights and
 * what the optimizer remembers are the state, so that a restored learner goes on to the bit.
 */
export abstract class StreamingNeuralNetwork extends OnlineLearner<LabeledPoint> {
  readonly supervised = true;
  readonly width: number;
  readonly #network: NeuralNetwork;
  readonly #layers: readonly number[];
  readonly #options: ReturnType<typeof checkedOptions>;
  readonly #step: Step;
  #stepped: Stepped;

  /** Reads what `save` of this class wrote, once TensorFlow.js is loaded. */
  static override async load<L extends OnlineLearner<never>>(this: StreamingClass<L>, file: string): Promise<L> {
    await tensorFlow();
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked, not this one.
    return OnlineLearner.load.call<StreamingClass<L>, [string], Promise<L>>(this, file);
  }

  /** Throws `UsageError`: `bad-option`, or `not-initialised` where TensorFlow.js was not loaded by `loadTensorFlow`. */
  constructor(options: StreamingNeuralOptions, outputs: number, task: NetworkTask) {
    super();
    const kind = new.target.name;
    this.#options = checkedOptions(kind, options);
    const { numFeatures, hiddenLayers, activation, optimizer, stepSize, seed } = this.#options;
    this.width = numFeatures;
    this.#layers = [numFeatures, ...hiddenLayers, outputs];
    this.#network = new NeuralNetwork(readyTensorFlow(kind).core, { layers: this.#layers, activation, task });
    this.#step = stepOf(optimizer, stepSize);
    this.#stepped = { ...newStepped(optimizer, this.#network.size), weights: initialWeights(this.#layers, seed) };
  }

  /**
   * Begins from what was learned offline, with nothing remembered of earlier steps.
   * Throws `UsageError` (`wrong-width`) where the layers are others.
   */
  setInitialModel({ learned }: { readonly learned: LearnedNetwork }): this {
    const [expected, got] = [this.#layers.join(', '), learned.layers.join(', ')];
    if (expected !== got) {
      throw new UsageError('wrong-width', `${this.kind}: expected a model of layers ${expected}, got ${got}`);
    }
    const { optimizer } = this.#options;
    this.#stepped = { ...newStepped(optimizer, this.#network.size), weights: Float64Array.from(learned.weights) };
    return this;
  }

  /** What was learned so far, in single precision: what a model offline is made from. */
  learnedNetwork(): LearnedNetwork & { readonly activation: Activation } {
    const { activation } = this.#options;
    return { layers: this.#layers, weights: Float32Array.from(this.#stepped.weights), activation };
  }

  params(): SnapshotRecord {
    return { ...this.#options };
  }

  learnedValues(): Float64Array {
    return this.#stepped.weights.slice();
  }

  protected learn(examples: Examples): number | undefined {
    checkSizes(this.kind, examples);
    const { features, labels, weights } = examples;
    const places = placesWithWeight(features.rows, weights);
    if (places.length === 0) return undefined;
    const batch = batchOf({ features, labels: labels!, weights }, places);
    const { loss, gradient } = this.#network.lossAndGradient(this.#stepped.weights, batch);
    const next = copyOf(this.#stepped);
    stepNetwork(this.#step, next, this.#layers, gradient, this.#options.regParam);
    if (!Number.isFinite(loss) || !allFinite(next.weights)) {
      throw new DataError(
        'not-finite',
        `${this.kind}: the model would leave the finite numbers; bring features and labels to one scale, or take a smaller stepSize`,
      );
    }
    this.#stepped = next;
    return loss;
  }

  /** A column for each unit of the last layer. */
  protected outputs(features: Features): Float64Array[] {
    return this.#network.outputs(this.#stepped.weights, features);
  }

  protected learned(): SnapshotRecord {
    return copyOf(this.#stepped);
  }

  protected restoreLearned(snapshot: SnapshotRecord): void {
    const column = (name: keyof Stepped) => columnOf(snapshot, name, this.#stepped[name].length, this.kind);
    this.#stepped = {
      weights: column('weights'),
      squares: column('squares'),
      means: column('means'),
      steps: column('steps'),
    };
  }
}

function copyOf({ weights, squares, means, steps }: Stepped): Stepped {
  return { weights: weights.slice(), squares: squares.slice(), means: means.slice(), steps: steps.slice() };
}

function checkedOptions(kind: string, options: StreamingNeuralOptions) {
  const { numFeatures, hiddenLayers = [64], activation = 'relu', optimizer = 'adam' } = options;
  const { stepSize = 0.001, regParam = 0, seed = 0 } = options;
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  checkOption(
    kind,
    ACTIVATIONS.includes(activation),
    activation,
    `Activation must be one of ${ACTIVATIONS.join(', ')}`,
  );
  checkOption(kind, hiddenLayers.every(isCount), hiddenLayers.join(', '), 'Units of hidden layers must be positive');
  return {
    numFeatures: checkOption(kind, isCount(numFeatures), numFeatures, 'Number of features must be positive'),
    hiddenLayers: [...hiddenLayers],
    activation,
    optimizer: checkOption(
      kind,
      ['sgd', 'adaGrad', 'adam'].includes(optimizer),
      optimizer,
      "Optimizer must be 'sgd', 'adaGrad' or 'adam'",
    ),
    stepSize: checkOption(kind, stepSize > 0 && Number.isFinite(stepSize), stepSize, 'Step size must be positive'),
    regParam: checkOption(kind, regParam >= 0, regParam, 'Regularization parameter must be nonnegative'),
    seed: checkOption(kind, Number.isSafeInteger(seed), seed, 'Seed must be a whole number'),
  };
}
