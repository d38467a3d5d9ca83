import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Examples, type Features, toFeatures } from '../../src/batch/examples.ts';
import type { SnapshotRecord } from '../../src/batch/snapshot.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import type { OnlineTransform } from '../../src/contracts/online-transform.ts';
import { DataError, StateError, UsageError } from '../../src/errors.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
import { OnlineLearner } from '../../src/learners/online-learner.ts';
import { OnlinePipeline } from '../../src/learners/online-pipeline.ts';
import { SGDRegressor } from '../../src/learners/sgd-regressor.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { MinMaxScaler } from '../../src/learners/transforms/min-max-scaler.ts';
import { StandardScaler } from '../../src/learners/transforms/standard-scaler.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { expectRefusal } from './expect-refusal.ts';
import { teach } from './teach.ts';

const numFeatures = 2;

function chained() {
  const transforms = [new MinMaxScaler({ numFeatures }), new StandardScaler({ numFeatures })];
  return new OnlinePipeline({ transforms, learner: new SGDRegressor({ numFeatures }) });
}

const random = seededRandom(3);
const rows = Array.from({ length: 50 }, () => {
  const features = [1000 + 10 * nextNormal(random), nextNormal(random)];
  return LabeledPoint(features[1]! - features[0]! / 100, features);
});

describe('OnlinePipeline', () => {
  it('learns the same however the stream is cut into batches', () => {
    const states = [1, 7, 50].map((size) => {
      const pipeline = chained();
      for (let start = 0; start < rows.length; start += size) teach(pipeline, rows.slice(start, start + size));
      return { values: pipeline.learnedValues(), transforms: pipeline.snapshot()['transforms'] };
    });
    expect(states[1]).toEqual(states[0]);
    expect(states[2]).toEqual(states[0]);
  });

  it('gives the learner what the transforms make of the features, one after the other', () => {
    const pipeline = chained();
    teach(pipeline, rows);
    const [first, second] = [new MinMaxScaler({ numFeatures }), new StandardScaler({ numFeatures })];
    const learner = new SGDRegressor({ numFeatures });
    const features = toFeatures(
      rows.map((row) => row.features),
      numFeatures,
    );
    const labels = Float64Array.from(rows, ({ label }) => label);
    learner.update({ features: second.update(first.update(features)), labels });
    expect(pipeline.learnedValues()).toEqual(learner.learnedValues());
    expect(pipeline.predict(features)).toEqual(learner.predict(second.transform(first.transform(features))));
  });

  it('leaves its transforms as they were where the learner refuses a batch', () => {
    const pipeline = chained();
    teach(pipeline, rows);
    const before = pipeline.snapshot();
    expect(() => teach(pipeline, [LabeledPoint(1e300, [7, 7])])).toThrow(DataError);
    expect(pipeline.snapshot()).toEqual(before);
  });

  it('refuses parts that do not fit together', () => {
    const transforms = [new StandardScaler({ numFeatures: 3 })];
    expectRefusal(
      () => new OnlinePipeline({ transforms, learner: new SGDRegressor({ numFeatures }) }),
      UsageError,
      'wrong-width',
      'OnlinePipeline: expected a SGDRegressor of 3 features after the StandardScaler, got 2',
    );
    const learner = new StreamingLinearRegressionWithSGD();
    expect(() => new OnlinePipeline({ transforms, learner })).toThrow('Model must be initialized');
  });

  it('refuses saved parts that it does not know', () => {
    const learner = new SGDRegressor({ numFeatures });
    expectRefusal(
      () => new OnlinePipeline({ transforms: [{ kind: 'Sorter', params: {} }], learner }),
      StateError,
      'unknown-format',
      'OnlinePipeline: unknown transform Sorter',
    );
    expectRefusal(
      () => new OnlinePipeline({ transforms: [], learner: { kind: 'toString', params: {} } }),
      StateError,
      'unknown-format',
      'OnlinePipeline: unknown learner toString',
    );
  });

  it('is loaded with parts of other classes, which are given', async () => {
    const file = path.join(await temporaryDirectory(onTestFinished), 'model.json');
    const pipeline = new OnlinePipeline({
      transforms: [new Absolute({ numFeatures })],
      learner: new MeanLabel({ numFeatures }),
    });
    pipeline.update({ features: toFeatures([[-1, 1]], numFeatures), labels: Float64Array.of(3) });
    await pipeline.save(file);
    const loaded = await loadLearner(file, { transforms: [Absolute], learners: [MeanLabel] });
    expect(loaded.params()).toEqual(pipeline.params());
    expect(loaded.snapshot()).toEqual(pipeline.snapshot());
    expect(loaded.predict(toFeatures([[-1, 1]], numFeatures))).toEqual(Float64Array.of(5)); // 3, and the sum of the absolute features
    await expect(loadLearner(file, { transforms: [Absolute] })).rejects.toThrow('unknown learner MeanLabel');
    await expect(loadLearner(file, { learners: [MeanLabel] })).rejects.toThrow('unknown transform Absolute');
  });
});

/** The mean of all labels, and the sum of the features. */
class MeanLabel extends OnlineLearner<LabeledPoint> {
  readonly kind = 'MeanLabel';
  readonly supervised = true;
  readonly width: number;
  #sum = 0;
  #count = 0;

  constructor(options: { readonly numFeatures: number }) {
    super();
    this.width = options.numFeatures;
  }

  params() {
    return { numFeatures: this.width };
  }

  learnedValues() {
    return Float64Array.of(this.#sum / this.#count);
  }

  protected learn({ labels }: Examples): undefined {
    for (const label of labels!) this.#sum += label;
    this.#count += labels!.length;
  }

  protected score({ rows, columns }: Features) {
    const sumOf = (i: number) => columns.reduce((sum, column) => sum + column[i]!, this.#sum / this.#count);
    return Float64Array.from({ length: rows }, (_, i) => sumOf(i));
  }

  protected learned() {
    return { sum: this.#sum, count: this.#count };
  }

  protected restoreLearned({ sum, count }: SnapshotRecord) {
    this.#sum = Number(sum);
    this.#count = Number(count);
  }
}

class Absolute implements OnlineTransform {
  readonly kind = 'Absolute';
  readonly width: number;
  readonly outputWidth: number;

  constructor(options: { readonly numFeatures: number }) {
    this.width = options.numFeatures;
    this.outputWidth = options.numFeatures;
  }

  params() {
    return { numFeatures: this.width };
  }

  update(features: Features) {
    return this.transform(features);
  }

  transform({ rows, columns }: Features) {
    return { rows, columns: columns.map((column) => column.map(Math.abs)) };
  }

  snapshot() {
    return {};
  }

  restore() {}
}
