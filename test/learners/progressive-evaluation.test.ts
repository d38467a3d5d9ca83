import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import {
  Accuracy,
  Adwin,
  type BatchProgress,
  clusterOutcomes,
  Ddm,
  type DStream,
  GaussianNaiveBayes,
  generators,
  LabeledPoint,
  LogLoss,
  MeanAbsoluteError,
  type Metric,
  OnlinePipeline,
  PageHinkley,
  ProgressiveEvaluation,
  type ProgressiveEvaluationOptions,
  progressiveEvaluation,
  SGDClassifier,
  Silhouette,
  StandardScaler,
  StateError,
  StreamingKMeans,
  StreamingLinearRegressionWithSGD,
  UsageError,
  type Vector,
  WithinClusterCost,
  windowed,
} from '../../src/index.ts';
import { TestDriver } from '../../src/testing/test-driver.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const newLine = () => new StreamingLinearRegressionWithSGD({ numIterations: 3 }).setInitialWeights([0]);
type Line = StreamingLinearRegressionWithSGD;
const newClassifier = (numFeatures: number) =>
  new OnlinePipeline({
    transforms: [new StandardScaler({ numFeatures })],
    learner: new SGDClassifier({ numFeatures }),
  });

/** Five batches of points near y = 3x, one of them empty. */
const random = seededRandom(8);
const batches = [4, 1, 0, 3, 5].map((rows) =>
  Array.from({ length: rows }, () => {
    const x = nextNormal(random);
    return LabeledPoint(3 * x + nextNormal(random) / 10, [x]);
  }),
);

interface Run<E> {
  readonly evaluation: E;
  readonly progress: readonly BatchProgress[];
}

/** Runs so many batches of a program, on from where its checkpoint is, if it has one. */
async function run<R, E>(
  queue: readonly (readonly R[])[],
  program: (stream: DStream<R>) => E,
  { numBatches = queue.length, checkpoint = '', startMs = 0 } = {},
): Promise<Run<E>> {
  const driver = new TestDriver({ startMs });
  if (checkpoint !== '') driver.context.checkpoint(checkpoint);
  const evaluation = program(driver.context.queueStream(queue));
  await driver.runBatches(numBatches);
  await driver.stop();
  return { evaluation, progress: driver.progress };
}

const evaluateLine = (options: ProgressiveEvaluationOptions<Line> = {}, metrics: readonly Metric[] = [new MeanAbsoluteError()]) =>
  (stream: DStream<LabeledPoint>) => progressiveEvaluation(stream, newLine(), metrics, options); // biome-ignore format: one line

/** Mean absolute error of batches, each predicted before learning; labels come `delay` batches after their rows. */
function errorOf(delay: number) {
  const learner = newLine();
  const waiting: { readonly errors: readonly number[]; readonly batch: readonly LabeledPoint[] }[] = [];
  const revealed: number[] = [];
  for (const batch of batches) {
    const model = learner.latestModel();
    waiting.push({ batch, errors: batch.map(({ label, features }) => Math.abs(label - model.predict(features))) });
    if (waiting.length <= delay) continue;
    const { batch: known, errors } = waiting.shift()!;
    revealed.push(...errors);
    teach(learner, known);
  }
  const sum = revealed.reduce((total, error) => total + error, 0);
  return { rows: revealed.length, mae: sum / revealed.length, weights: learner.learnedValues() };
}

describe('a learner that needs no labels', () => {
  const clustered = [40, 7, 30].map((rows) =>
    Array.from({ length: rows }, (_, i) =>
      LabeledPoint(i % 3 === 0 ? 1 : 0, [(i % 3 === 0 ? 9 : 0) + nextNormal(random)]),
    ),
  );
  const newClusters = () => new StreamingKMeans({ k: 2 }).setInitialCenters([[0], [6]], [1, 1]);

  it.each([0, 1])(
    'is measured against those of the stream, and learns without, with a delay of %i',
    async (labelDelayBatches) => {
      const queue = [...clustered, ...new Array<LabeledPoint[]>(labelDelayBatches).fill([])];
      const { evaluation } = await run(queue, (stream) =>
        progressiveEvaluation(stream, newClusters(), [new Accuracy()], { labelDelayBatches }),
      );
      const alone = newClusters();
      for (const batch of queue.slice(0, clustered.length))
        teach(
          alone,
          batch.map(({ features }) => features),
        );
      const { learner, rows, baselines } = evaluation.results();
      expect({ learner, rows }).toEqual({ learner: { accuracy: 1 }, rows: 77 });
      expect(baselines['majority']!['accuracy']).toBeLessThan(0.7);
      expect(evaluation.learner.learnedValues()).toEqual(alone.learnedValues());
    },
  );
});

describe('progressiveEvaluation', () => {
  it.each([0, 1, 3])(
    'predicts each batch as the model was, and learns it with labels that come %d batches later',
    async (delay) => {
      const expected = errorOf(delay);
      const ways = [{ labelDelayBatches: delay }, ...(delay > 0 ? [{ labelDelay: `${delay} seconds` }] : [])];
      for (const options of ways) {
        const { evaluation } = await run(batches, evaluateLine(options));
        const { rows, learner } = evaluation.results();
        expect(rows).toBe(expected.rows);
        expect(learner['mae']).toBeCloseTo(expected.mae, 12);
        expect(evaluation.learner.learnedValues()).toEqual(expected.weights);
      }
    },
  );

  it('goes on after a stop at any batch as if it had never stopped, with labels that are yet to come', async () => {
    const program = (stream: DStream<LabeledPoint>) =>
      evaluateLine({ labelDelayBatches: 2, id: 'line' }, [windowed(new MeanAbsoluteError(), 3)])(stream).onDrift(
        new PageHinkley({ minValues: 1, lambda: 0.5 }),
        (_, { restart }) => restart(),
      );
    const whole = await run(batches, program);
    for (let stop = 1; stop < batches.length; stop++) {
      const checkpoint = path.join(await temporaryDirectory(onTestFinished), 'checkpoint');
      await run(batches, program, { numBatches: stop, checkpoint });
      const rest = await run(batches, program, {
        numBatches: batches.length - stop,
        checkpoint,
        startMs: stop * 1000,
      });
      expect(rest.evaluation.snapshot()).toEqual(whole.evaluation.snapshot());
      expect(rest.evaluation.waiting!.snapshot()).toEqual(whole.evaluation.waiting!.snapshot());
      expect(rest.progress.at(-1)!.metrics).toEqual(whole.progress.at(-1)!.metrics);
    }
  });

  it('tells all figures with each batch, and how many rows wait for their labels', async () => {
    const { progress, evaluation } = await run(batches, evaluateLine({ labelDelayBatches: 1, id: 'line' }));
    const { learner, baselines } = evaluation.results();
    expect(progress[0]!.metrics).toEqual({ 'line.rows': 0, 'line.waiting.records': 1 });
    expect(progress.at(-1)!.metrics).toEqual({
      'line.rows': 8,
      'line.mae': learner['mae'],
      'line.noChange.mae': baselines['noChange']!['mae'],
      'line.mean.mae': baselines['mean']!['mae'],
      'line.waiting.records': 1,
    });
  });

  it('sets the label before and the mean so far beside a regression, as they were before each batch', async () => {
    const { evaluation } = await run(batches, evaluateLine());
    const all = batches.flat().map(({ label }) => label);
    let seen = 0;
    const errors = { noChange: 0, mean: 0 };
    for (const batch of batches) {
      const known = all.slice(0, seen);
      const mean = known.reduce((sum, label) => sum + label, 0) / Math.max(1, known.length);
      for (const { label } of batch) {
        errors.noChange += Math.abs(label - (known.at(-1) ?? 0)) / all.length;
        errors.mean += Math.abs(label - mean) / all.length;
      }
      seen += batch.length;
    }
    const { baselines } = evaluation.results();
    expect(Object.keys(baselines)).toEqual(['noChange', 'mean']);
    expect(baselines['noChange']!['mae']).toBeCloseTo(errors.noChange, 12);
    expect(baselines['mean']!['mae']).toBeCloseTo(errors.mean, 12);
  });

  it('takes what a baseline says from the labels that had come when the rows came', async () => {
    const rows = [1, 5, 2].map((label) => [LabeledPoint(label, [0])]);
    const { evaluation } = await run([...rows, []], evaluateLine({ labelDelayBatches: 1 }));
    // At rows 0 and 1 no label had come, at row 2 the 1.
    const errors = 1 + 5 + (2 - 1);
    const { baselines } = evaluation.results();
    expect([baselines['noChange']!['mae'], baselines['mean']!['mae']]).toEqual([errors / 3, errors / 3]);
  });

  it('keeps copies of the columns whose labels are yet to come', () => {
    const evaluations = [0, 1].map(() => new ProgressiveEvaluation<Line>(newLine(), [new MeanAbsoluteError()], {}, 1));
    for (const [which, evaluation] of evaluations.entries()) {
      const [column, labels] = [Float64Array.of(1, 2), Float64Array.of(3, 6)];
      evaluation.update({ features: { rows: 2, columns: [column] }, labels }, 0);
      if (which === 0) for (const lent of [column, labels]) lent.fill(99);
      evaluation.update({ features: { rows: 0, columns: [new Float64Array()] }, labels: new Float64Array() }, 1);
    }
    expect(evaluations[0]!.snapshot()).toEqual(evaluations[1]!.snapshot());
  });

  it('gives the baselines probabilities: of the label before all, of each class its share of the weight', async () => {
    const points = [LabeledPoint(1, [0], 3), LabeledPoint(0, [0]), LabeledPoint(1, [0])].map((point) => [point]);
    const { evaluation } = await run(points, (stream) =>
      progressiveEvaluation(stream, newClassifier(1), [new LogLoss()]),
    );
    const certain = -Math.log(1e-15);
    const { noChange, majority } = evaluation.results().baselines;
    expect(noChange!['logLoss']).toBeCloseTo((3 * Math.LN2 + certain + certain) / 5, 12);
    expect(majority!['logLoss']).toBeCloseTo((3 * Math.LN2 + certain - Math.log(3 / 4)) / 5, 12);
  });

  it('sets the label before and the commonest class beside a classification, with ties to the smaller class', async () => {
    const labels = [1, 1, 0, 0, 0];
    const rows = labels.map((label, i) => [LabeledPoint(label, [i])]);
    const { evaluation } = await run(rows, (stream) =>
      progressiveEvaluation(stream, newClassifier(1), [new Accuracy()]),
    );
    const { baselines } = evaluation.results();
    expect(baselines).toEqual({ noChange: { accuracy: 3 / 5 }, majority: { accuracy: 2 / 5 } });
  });

  it('counts weights, in the metrics and in the means', async () => {
    const weighted = [[LabeledPoint(1, [0], 3), LabeledPoint(5, [0], 1)], [LabeledPoint(4, [0])]];
    const { evaluation } = await run(weighted, evaluateLine());
    const { learner, baselines } = evaluation.results();
    expect(learner['mae']).toBe((3 * 1 + 5 + 4) / 5);
    expect(baselines['mean']!['mae']).toBe((3 * 1 + 5 + (4 - 2)) / 5);
  });

  it('evaluates a clustering, which has no labels and no baselines', async () => {
    const centers = [[0], [10]];
    const points = [[[1], [9]], [[2]]];
    const { evaluation } = await run<Vector, ProgressiveEvaluation<StreamingKMeans>>(points, (stream) => {
      const learner = new StreamingKMeans({ decayFactor: 0 }).setInitialCenters(centers, [1, 1]);
      return progressiveEvaluation(stream, learner, [new WithinClusterCost(), new Silhouette()], {
        answer: (model, features) => clusterOutcomes(features, model.latestModel().clusterCenters),
      });
    });
    const { rows, learner, baselines } = evaluation.results();
    expect({ rows, baselines }).toEqual({ rows: 3, baselines: {} });
    expect(learner['withinClusterCost']).toBe((1 + 1 + 1) / 3);
    expect(learner['silhouette']).toBeCloseTo((2 * (1 - 1 / 9) + (1 - 1 / 7)) / 3, 12);
  });
});

describe('onDrift', () => {
  /** A threshold that jumps after 2,000 rows, and labels that turn over with it. */
  const turned = (() => {
    const rows: LabeledPoint[] = [];
    for (const { features, label } of generators.sea({ seed: 3, thetas: [8], noise: 0 })) {
      if (rows.length === 4000) break;
      rows.push(LabeledPoint(rows.length < 2000 ? label : 1 - label, features));
    }
    return Array.from({ length: 80 }, (_, batch) => rows.slice(50 * batch, 50 * batch + 50));
  })();
  const evaluate = (stream: DStream<LabeledPoint>) => progressiveEvaluation(stream, newClassifier(3), [new Accuracy()]);

  it('restarts the learner, which then learns what is new sooner than one that goes on', async () => {
    const drifts: { readonly position: number; readonly time: number; readonly version: number }[] = [];
    const goesOn = await run(turned, evaluate);
    const restarts = await run(turned, (stream) =>
      evaluate(stream).onDrift(new Ddm(), (learner, { position, time, restart }) => {
        restart();
        drifts.push({ position, time, version: learner.version });
        expect(learner.learnedValues()).toEqual(newClassifier(3).learnedValues());
      }),
    );
    const late = drifts.filter(({ position }) => position >= 2000);
    const [{ position, time, version }] = late as [(typeof drifts)[number]];
    expect(position).toBeLessThan(2100);
    expect(time).toBe(1000 * (1 + Math.floor(position / 50)));
    expect(version).toBe(Math.floor(position / 50));
    const [accuracy, baseline] = [restarts, goesOn].map(({ evaluation }) => evaluation.results().learner['accuracy']!);
    expect(accuracy).toBeGreaterThan(baseline!);
    expect(restarts.progress.at(-1)!.metrics).toMatchObject({
      'ProgressiveEvaluation.drift.drifts': drifts.length,
      'ProgressiveEvaluation.drift.lastDrift': drifts.at(-1)!.position,
    });
  });

  it('weighs the past of a learner less, which then learns what is new sooner than one that goes on', async () => {
    const bayes = (stream: DStream<LabeledPoint>) =>
      progressiveEvaluation(stream, new GaussianNaiveBayes({ numFeatures: 3 }), [new Accuracy()]);
    const runs = [
      await run(turned, bayes),
      await run(turned, (stream) => bayes(stream).onDrift(new Ddm(), (learner) => learner.decay(0.05))),
    ];
    const [goesOn, decays] = runs.map(({ evaluation }) => evaluation.results().learner['accuracy']!);
    expect(decays).toBeGreaterThan(goesOn! + 0.05);
  });

  it('feeds detectors the absolute error of a regression, and 1 for each row of a wrong class', async () => {
    const [errors, misses] = [new Adwin({ clock: 1e9 }), new Adwin({ clock: 1e9 })];
    const regression = await run(batches, (stream) => evaluateLine()(stream).onDrift(errors, () => {}));
    expect(errors.mean).toBeCloseTo(regression.evaluation.results().learner['mae']!, 12);
    const classification = await run(turned, (stream) => evaluate(stream).onDrift(misses, () => {}));
    expect(misses.mean).toBeCloseTo(1 - classification.evaluation.results().learner['accuracy']!, 12);
  });

  it('feeds several detectors the loss that the program gives', async () => {
    const seen: string[] = [];
    const loss = ({ rows }: { readonly rows: number }) => new Float64Array(rows).fill(1);
    const { progress } = await run(batches, (stream) =>
      evaluateLine({ loss })(stream)
        .onDrift(new PageHinkley(), () => seen.push('first'))
        .onDrift(new PageHinkley(), () => seen.push('second')),
    );
    expect(progress.at(-1)!.metrics).toMatchObject({
      'ProgressiveEvaluation.drift.drifts': 0,
      'ProgressiveEvaluation.drift-2.drifts': 0,
    });
    expect(seen).toEqual([]);
  });
});

describe('what can not be evaluated is refused', () => {
  const refused: readonly (readonly [
    options: ProgressiveEvaluationOptions<Line>,
    metrics: readonly Metric[],
    message: string,
  ])[] = [
    [{}, [], 'expected metrics for one task, got none'],
    [{}, [new Accuracy(), new MeanAbsoluteError()], 'expected metrics for one task, got classification, regression'],
    [{}, [new MeanAbsoluteError(), new MeanAbsoluteError()], 'expected each metric once, got mae twice'],
    [
      { labelDelayBatches: 1.5 },
      [new MeanAbsoluteError()],
      'expected labelDelayBatches to be a whole number from 0, got 1.5',
    ],
    [
      { labelDelay: 1500 },
      [new MeanAbsoluteError()],
      'expected labelDelay to be a multiple of the batch duration 1000 ms, got 1500 ms',
    ],
    [
      { labelDelay: 1000, labelDelayBatches: 1 },
      [new MeanAbsoluteError()],
      'expected labelDelay or labelDelayBatches, got both',
    ],
  ];
  it.each(refused)('%o %o', (options, metrics, message) => {
    const stream = new TestDriver().context.queueStream(batches);
    const use = () => evaluateLine(options, metrics)(stream);
    expectRefusal(use, UsageError, 'bad-option', `progressiveEvaluation: ${message}`);
  });

  it('a checkpoint of other metrics, and all is then as before', async () => {
    const { evaluation } = await run(batches, evaluateLine());
    const { evaluation: other } = await run(batches, evaluateLine({}, [windowed(new MeanAbsoluteError(), 2)]));
    const before = evaluation.snapshot();
    const other2 = other.snapshot();
    expect(() => evaluation.restore(other2)).toThrow(StateError);
    expect(() => evaluation.restore({})).toThrow(StateError);
    expect(evaluation.snapshot()).toEqual(before);
  });
});
