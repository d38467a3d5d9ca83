import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { snapshotToText } from '../../src/batch/snapshot.ts';
import { type ErrorCode, StateError, UsageError } from '../../src/errors.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { teach } from './teach.ts';

let file: string;

beforeEach(async () => {
  file = path.join(await temporaryDirectory(onTestFinished), 'model.json');
});

const kMeans = () =>
  new StreamingKMeans({ k: 2, decayFactor: 0.25, timeUnit: 'points', countRule: 'undecayed' }).setInitialCenters(
    [
      [-0, 1 / 3],
      [5e-324, 1e300],
    ],
    [0.1, 2],
  );

const linear = () =>
  new StreamingLinearRegressionWithSGD({
    stepSize: 0.3,
    numIterations: 7,
    miniBatchFraction: 0.9,
    regParam: 0.01,
    convergenceTol: 0.5,
    fitIntercept: true,
  }).setInitialWeights([-0, 1 / 3], -1 / 7);

const loadKMeans = (file: string) => StreamingKMeans.load(file);
const loadLinear = (file: string) => StreamingLinearRegressionWithSGD.load(file);

/** A file as `save` writes it, with a checksum that fits what is in it. */
function savedText(learner: { kind: unknown; params: unknown; state: unknown }, header: object = {}): string {
  const { kind, params, state } = learner as { kind: string; params: null; state: null };
  const checksum = crc32(snapshotToText({ kind, params, state })).toString(16).padStart(8, '0');
  return snapshotToText({ format: 'millrace-model', version: 1, checksum, kind, params, state, ...header }, 'readable');
}

async function expectRefusal(content: string | Uint8Array, code: ErrorCode, message: string | RegExp): Promise<void> {
  await fs.writeFile(file, content);
  for (const load of [loadLearner, loadKMeans]) {
    const refused = await load(file).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StateError);
    expect(refused).toMatchObject({ code, message: expect.stringMatching(message) });
  }
}

describe('a saved learner', () => {
  it.each([
    ['StreamingKMeans', kMeans, loadKMeans],
    ['StreamingLinearRegressionWithSGD', linear, loadLinear],
  ])('comes back with every parameter and every bit: %s', async (_kind, make, load) => {
    const learner = make();
    await learner.save(file);
    for (const loaded of [await load(file), await loadLearner(file)]) {
      expect(loaded.constructor).toBe(learner.constructor);
      expect(loaded.params()).toEqual(learner.params());
      expect(loaded.snapshot()).toEqual(learner.snapshot());
    }
  });

  it('is one JSON file that people can read', async () => {
    await new StreamingKMeans().setInitialCenters([[1.5], [2]], [3, 4]).save(file);
    const content = JSON.parse(await fs.readFile(file, 'utf8'));
    expect(content).toMatchObject({
      format: 'millrace-model',
      version: 1,
      kind: 'StreamingKMeans',
      params: { k: 2, decayFactor: 1, timeUnit: 'batches', countRule: 'decayed' },
      state: { centers: { $float64: [1.5, 2] }, weights: { $float64: [3, 4] } },
    });
  });

  it('replaces the one before it', async () => {
    const learner = new StreamingKMeans({ k: 1 }).setInitialCenters([[0]], [1]);
    await learner.save(file);
    teach(learner, [[4]]);
    await learner.save(file);
    expect((await StreamingKMeans.load(file)).learnedValues()).toEqual(Float64Array.of(2));
  });

  it('is not written where there is nothing to save, or nowhere to save it', async () => {
    await expect(new StreamingKMeans().save(file)).rejects.toMatchObject({ code: 'not-initialised' });
    const nowhere = path.join(path.dirname(file), 'missing', 'model.json');
    const refused = await kMeans()
      .save(nowhere)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({ code: 'io', message: expect.stringContaining(`can't write ${nowhere}`) });
    expect(await fs.readdir(path.dirname(file))).toEqual([]);
  });
});

describe('loading refuses', () => {
  it('a file that is not there', async () => {
    const refused = await loadLearner(file).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({
      code: 'not-found',
      message: `saved model: no file at ${file}; check the path`,
    });
  });

  it('a file cut off anywhere', async () => {
    await kMeans().save(file);
    const whole = await fs.readFile(file);
    expect(whole.toString('utf8').endsWith('}\n')).toBe(true);
    for (let length = 0; length < whole.length - 1; length++) {
      await expectRefusal(whole.subarray(0, length), 'damaged', 'expected JSON');
    }
  });

  it('a file with any byte damaged, unless it says the same', async () => {
    await kMeans().save(file);
    const whole = await fs.readFile(file);
    let refusals = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const bit of [0x01, 0x80]) {
        const damaged = Buffer.from(whole);
        damaged[at]! ^= bit;
        await fs.writeFile(file, damaged);
        try {
          const loaded = await loadLearner(file);
          expect([loaded.params(), loaded.snapshot()]).toEqual([kMeans().params(), kMeans().snapshot()]);
        } catch (error) {
          if (!(error instanceof StateError)) throw error;
          refusals++;
        }
      }
    }
    expect(refusals).toBeGreaterThan(1.9 * whole.length);
  });

  it('a newer version, even one whose content it can’t know', async () => {
    const text = snapshotToText({ format: 'millrace-model', version: 2, layers: [] });
    await expectRefusal(text, 'newer-format', 'format version 2, this Millrace reads up to 1; use a newer one');
  });

  it('what is no saved model', async () => {
    await expectRefusal('model', 'damaged', 'expected JSON');
    for (const text of ['7', 'null', '[]', '{"$float64":[1]}']) {
      await expectRefusal(text, 'unknown-format', 'expected a millrace-model');
    }
    await expectRefusal('{"format":"onnx"}', 'unknown-format', 'expected a millrace-model, got onnx');
    await expectRefusal('{}', 'unknown-format', 'expected a millrace-model, got none');
  });

  it('a version that never was', async () => {
    const { kind, params, state } = { kind: 'StreamingKMeans', params: kMeans().params(), state: kMeans().snapshot() };
    for (const version of [0, 0.5, -1, '1', null]) {
      await expectRefusal(savedText({ kind, params, state }, { version }), 'damaged', 'not as it was written');
    }
  });

  it('an unknown kind, also by the names that every object has', async () => {
    for (const kind of ['StreamingMeans', 'constructor', '__proto__', 'toString']) {
      await fs.writeFile(file, savedText({ kind, params: {}, state: {} }));
      await expect(loadLearner(file)).rejects.toMatchObject({
        code: 'unknown-format',
        message: expect.stringContaining(`saved model ${file}: unknown kind ${kind}; known are `),
      });
    }
  });

  it('another kind than the class', async () => {
    await linear().save(file);
    await expect(StreamingKMeans.load(file)).rejects.toMatchObject({
      code: 'does-not-fit',
      message: `saved model ${file}: expected a StreamingKMeans, got a StreamingLinearRegressionWithSGD`,
    });
  });

  it('parts that are not what a learner has, however right their checksum', async () => {
    const kind = 'StreamingKMeans';
    for (const part of [null, 7, [], Float64Array.of(1)]) {
      await expectRefusal(savedText({ kind, params: part, state: {} }), 'damaged', 'not as it was written');
      await expectRefusal(savedText({ kind, params: {}, state: part }), 'damaged', 'not as it was written');
    }
    await expectRefusal(savedText({ kind: 7, params: {}, state: {} }), 'damaged', 'not as it was written');
    const state = kMeans().snapshot();
    await expectRefusal(
      savedText({ kind, params: { k: 3 }, state }),
      'does-not-fit',
      'expected 3 saved weights, got 2',
    );
    await expectRefusal(
      savedText({ kind, params: {}, state: {} }),
      'does-not-fit',
      'expected 2 saved weights, got none',
    );
  });
});
