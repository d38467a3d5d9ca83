import { describe, expect, it } from 'vitest';
import { toFeatures } from '../../src/batch/examples.ts';
import { LabeledPoint, type Vector } from '../../src/batch/vector.ts';
import { DStream } from '../../src/dstream/dstream.ts';
import type { BatchProgress } from '../../src/engine/progress.ts';
import { DataError, UsageError } from '../../src/errors.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { TestDriver, type TestDriverOptions } from '../../src/testing/test-driver.ts';

/** Two clusters on a line that forget everything at each batch. */
const forgetful = () => new StreamingKMeans({ decayFactor: 0 }).setInitialCenters([[0], [10]], [1, 1]);
const plane = () =>
  new StreamingKMeans().setInitialCenters(
    [
      [0, 0],
      [10, 10],
    ],
    [1, 1],
  );
const line = () => new StreamingLinearRegressionWithSGD({ numIterations: 1 }).setInitialWeights([1]);

/** Runs a program on a queue of batches, each batch of the queue once, and collects the stream that it gives, if any. */
async function run<T>(
  batches: readonly (readonly T[])[],
  program: (stream: DStream<T>) => unknown,
  options: TestDriverOptions = {},
): Promise<{ readonly progress: readonly BatchProgress[]; readonly records: readonly (readonly unknown[])[] }> {
  const driver = new TestDriver(options);
  const result = program(driver.context.queueStream(batches));
  const sink = result instanceof DStream ? driver.collect(result) : undefined;
  try {
    await driver.runBatches(batches.length);
  } finally {
    await driver.stop();
  }
  return { progress: driver.progress, records: sink?.records ?? [] };
}

it('no batch sees what an earlier one left in the memory of its columns', async () => {
  const sparse = (index: number, value: number) => ({ size: 2, indices: [index], values: [value] });
  const batches: Vector[][] = [
    [
      [1, 2],
      [7, 8],
      [9, 1],
    ],
    [sparse(1, 9)],
    [sparse(0, 8), [Number.NaN, 1], sparse(1, 3)],
    [],
    [
      [3, 3],
      [0, 7],
      [5, 1],
      [2, 2],
    ],
  ];
  const [streamed, plain] = [plane(), plane()];
  await run(batches, (stream) => streamed.trainOn(stream), { badRecords: 'skip' });
  for (const batch of batches) {
    const good = batch.filter((vector) => !('0' in vector && Number.isNaN(vector[0])));
    plain.update({ features: toFeatures(good, 2) });
  }
  expect(streamed.snapshot()).toEqual(plain.snapshot());
});

describe('the order of the calls decides what a prediction sees', () => {
  const points = [[LabeledPoint(3, [1])], [LabeledPoint(3, [1])]];
  const weights = [1, 1 + 0.1 * (3 - 1)]; // before the first batch, and after it

  it('predictOn before trainOn predicts with the model as it was before the batch', async () => {
    const learner = line();
    const { records } = await run(points, (stream) => {
      const predictions = learner.predictOn(stream.map(({ features }) => features));
      learner.trainOn(stream);
      return predictions;
    });
    expect(records).toEqual([[weights[0]], [weights[1]]]);
  });

  it('trainOn before predictOn predicts with the model that has learned from the batch', async () => {
    const learner = line();
    const { records } = await run(points.slice(0, 1), (stream) => {
      learner.trainOn(stream);
      return learner.predictOn(stream.map(({ features }) => features));
    });
    expect(records).toEqual([[weights[1]]]);
  });

  it('several streams train one learner, one after the other', async () => {
    const batches = [[[0], [6], [7]], [[3]]];
    const moved = (batch: number[][]) => batch.map(([x]) => [x! + 1]);
    const [together, inTurn] = [forgetful(), forgetful()];
    await run(batches, (stream) => {
      together.trainOn(stream);
      together.trainOn(stream.map(([x]) => [x! + 1]));
    });
    await run(
      batches.flatMap((batch) => [batch, moved(batch)]),
      (stream) => inTurn.trainOn(stream),
    );
    expect(together.snapshot()).toEqual(inTurn.snapshot());
  });
});

describe('the version of the model', () => {
  it('comes with each prediction on request, and counts the batches learned', async () => {
    const learner = forgetful();
    const { records } = await run([[[1]], [[2]]], (stream) => {
      const predictions = learner.predictOnWithVersion(stream);
      learner.trainOn(stream);
      return predictions;
    });
    expect(records).toEqual([[{ prediction: 0, version: 0 }], [{ prediction: 0, version: 1 }]]);
    expect(learner.version).toBe(2);
  });

  it('comes with keyed predictions, too', async () => {
    const learner = forgetful();
    const { records } = await run([[['a', [9]] as const]], (stream) => learner.predictOnValuesWithVersion(stream));
    expect(records).toEqual([[['a', { prediction: 1, version: 0 }]]]);
  });

  it('starts from 0 where the state is from before there were versions', () => {
    const learner = forgetful();
    const { version: _, ...old } = learner.snapshot();
    learner.restore(old);
    expect(learner.version).toBe(0);
  });
});

describe('weights', () => {
  it('on a stream count as so many records', async () => {
    const [weighted, repeated] = [forgetful(), forgetful()];
    await run([[{ features: [1], weight: 2 }, [4], { features: [9], weight: 0 }]], (stream) =>
      weighted.trainOn(stream),
    );
    await run([[[1], [1], [4]]], (stream) => repeated.trainOn(stream));
    expect(weighted.snapshot()).toEqual(repeated.snapshot());
    const [one, twice] = [line(), line()];
    await run([[LabeledPoint(3, [1], 2), LabeledPoint(2, [2])]], (stream) => one.trainOn(stream));
    await run([[3, 3, 2].map((label) => LabeledPoint(label, [label === 2 ? 2 : 1]))], (stream) =>
      twice.trainOn(stream),
    );
    expect(one.learnedValues()).toEqual(twice.learnedValues());
    expect(one.metrics()).toEqual(twice.metrics());
  });
});

describe('predictOnValues', () => {
  it('keeps the key of each record, whatever it is', async () => {
    const keyed: (readonly [unknown, number[]])[] = [
      ['a', [1]],
      [{ id: 2 }, [9]],
      [undefined, [6]],
    ];
    const { records } = await run([keyed, []], (stream) => forgetful().predictOnValues(stream));
    expect(records).toEqual([
      [
        ['a', 0],
        [{ id: 2 }, 1],
        [undefined, 1],
      ],
      [],
    ]);
  });

  it('leaves out a bad record with its key, and counts it once for several learners', async () => {
    const keyed: (readonly [string, number[]])[] = [
      ['a', [1]],
      ['bad', [Number.NaN]],
      ['b', [9]],
    ];
    const program = (stream: DStream<readonly [string, number[]]>) => {
      const first = forgetful().predictOnValues(stream);
      return first.union(forgetful().predictOnValues(stream));
    };
    const { records, progress } = await run([keyed], program, { badRecords: 'skip' });
    expect(records).toEqual([
      [
        ['a', 0],
        ['b', 1],
        ['a', 0],
        ['b', 1],
      ],
    ]);
    expect(progress[0]!.rejectedRecords).toBe(1);
  });
});

const bad: readonly [what: string, record: unknown, message: string][] = [
  ['too narrow', [1], 'features: expected 2 values, got 1'],
  ['too wide, as when a feature appears mid-stream', [1, 2, 3], 'features: expected 2 values, got 3'],
  ['holding NaN', [1, Number.NaN], 'feature 1: expected a finite number, got NaN'],
  ['holding Infinity', [Infinity, 1], 'feature 0: expected a finite number, got Infinity'],
  ['holding text', ['1', 2], 'feature 0: expected a finite number, got "1" (string)'],
  ['holding nothing', [undefined, 2], 'feature 0: expected a finite number, got undefined (undefined)'],
  ['text', '1,2', 'features: expected a vector, got "1,2" (string)'],
  ['null', null, 'features: expected a vector, got null (object)'],
  [
    'sparse with more values than indices',
    { size: 2, indices: [0], values: [1, 2] },
    'features: expected a vector, got {"size":2,"indices":[0],"values":[1,2]} (object)',
  ],
];

describe('a bad record', () => {
  const good = [
    [1, 1],
    [9, 9],
  ];

  it.each(bad)('%s fails the batch, and the error names operator, batch and record', async (_what, record, message) => {
    const learner = plane();
    const batches = [good, [good[0], record, good[1]] as Vector[]];
    const failed = await run(batches, (stream) => learner.trainOn(stream)).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(DataError);
    expect(failed).toMatchObject({
      message: `${message} [operator features-1, batch 1, record 1]`,
      context: { operator: 'features-1', batch: 1, record: '1' },
    });
    const before = plane();
    await run([good], (stream) => before.trainOn(stream));
    expect(learner.snapshot()).toEqual(before.snapshot());
  });

  it.each(bad)('%s is skipped on request, and counted once for all learners on the stream', async (_what, record) => {
    const [learner, other] = [plane(), plane()];
    const program = (stream: DStream<Vector>) => {
      const predictions = learner.predictOn(stream);
      learner.trainOn(stream);
      other.trainOn(stream);
      return predictions;
    };
    const batch = [good[0], record, good[1]] as Vector[];
    const { records, progress } = await run([batch], program, { badRecords: 'skip' });
    expect(records).toEqual([[0, 1]]);
    expect(progress[0]).toMatchObject({ numRecords: 3, rejectedRecords: 1, totals: { rejected: 1 } });
    const clean = plane();
    await run([good], (stream) => clean.trainOn(stream));
    expect([learner.snapshot(), other.snapshot()]).toEqual([clean.snapshot(), clean.snapshot()]);
  });

  it.each<[what: string, point: unknown, message: string]>([
    ['a label of NaN', { label: Number.NaN, features: [1] }, 'label: expected a finite number, got NaN'],
    ['no label', { features: [1] }, 'label: expected a finite number, got undefined (undefined)'],
    ['a bare vector', [1], 'label: expected a finite number, got undefined (undefined)'],
    ['nothing', null, 'label: expected a finite number, got undefined (undefined)'],
    ['features of another width', { label: 1, features: [1, 2] }, 'features: expected 1 values, got 2'],
  ])('where a label is needed: %s', async (_what, point, message) => {
    const batches = [[LabeledPoint(1, [1]), point as LabeledPoint]];
    await expect(run(batches, (stream) => line().trainOn(stream))).rejects.toThrow(
      `${message} [operator labeled-1, batch 0, record 1]`,
    );
    const { progress } = await run(batches, (stream) => line().trainOn(stream), { badRecords: 'skip' });
    expect(progress[0]!.rejectedRecords).toBe(1);
  });
});

describe('a learner on a stream', () => {
  it('is refused before it has something to start from', () => {
    const { context } = new TestDriver();
    const points = context.queueStream<number[]>([]);
    expect(() => new StreamingKMeans().trainOn(points)).toThrow(UsageError);
    expect(() => new StreamingKMeans().predictOn(points)).toThrow('Initial cluster centers must be set');
    expect(() => new StreamingLinearRegressionWithSGD().predictOn(points)).toThrow('Model must be initialized');
  });

  it('that leaves the finite numbers fails the batch, by its name, and is as before', async () => {
    const learner = forgetful();
    await expect(run([[[1]], [[1e200]]], (stream) => learner.trainOn(stream))).rejects.toMatchObject({
      code: 'not-finite',
      message: expect.stringMatching(/^StreamingKMeans: .* \[operator StreamingKMeans-2, batch 1\]$/),
    });
    const before = forgetful();
    await run([[[1]]], (stream) => before.trainOn(stream));
    expect(learner.snapshot()).toEqual(before.snapshot());
  });

  it('tells its loss under its id in the progress of each batch', async () => {
    const { progress } = await run([[[1], [8]], []], (stream) => forgetful().id('traffic').trainOn(stream));
    expect(progress.map(({ metrics }) => metrics)).toEqual([
      { 'traffic.loss': (1 + 4) / 2 },
      { 'traffic.loss': (1 + 4) / 2 },
    ]);
  });

  it('sees the records of all partitions as one batch', async () => {
    const [whole, parted] = [forgetful(), forgetful()];
    const batches = [[[1], [2], [9], [12], [4]]];
    await run(batches, (stream) => whole.trainOn(stream));
    await run(batches, (stream) => parted.trainOn(stream.repartition(3)));
    const [a, b] = [whole, parted].map((learner) => learner.latestModel());
    expect([...b!.clusterWeights]).toEqual([...a!.clusterWeights]);
    for (const [j, center] of a!.clusterCenters.entries()) expect(b!.clusterCenters[j]![0]).toBeCloseTo(center[0]!, 14);
  });

  it('goes on exactly with more clusters than there ever are records', async () => {
    const learner = new StreamingKMeans({ k: 50, decayFactor: 0.9 }).setRandomCenters(1, 1, 42);
    await run([[[1]], [[2], [3]], []], (stream) => learner.trainOn(stream));
    expect(learner.learnedValues().every(Number.isFinite)).toBe(true);
    const total = learner.latestModel().clusterWeights.reduce((sum, weight) => sum + weight, 0);
    expect(total).toBeCloseTo(((50 * 0.9 + 1) * 0.9 + 2) * 0.9, 10);
  });
});
