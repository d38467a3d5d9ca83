import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { SnapshotRecord } from '../../src/batch/snapshot.ts';
import { LabeledPoint } from '../../src/batch/vector.ts';
import type { Learner } from '../../src/contracts/learner.ts';
import { nextNormal, seededRandom } from '../../src/host/random.ts';
import { DBSTREAM } from '../../src/learners/dbstream.ts';
import { loadLearner } from '../../src/learners/load-learner.ts';
import type { OnlineLearner } from '../../src/learners/online-learner.ts';
import { StreamingKMeans } from '../../src/learners/streaming-k-means.ts';
import { StreamingLinearRegressionWithSGD } from '../../src/learners/streaming-linear-regression-with-sgd.ts';
import { StreamingLogisticRegressionWithSGD } from '../../src/learners/streaming-logistic-regression-with-sgd.ts';
import type { LearnerSubject } from '../../src/testing/learner-suite.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const GO_ON = fileURLToPath(new URL('go-on.mjs', import.meta.url));

/** How a new process goes on with a learner. */
export const goOnInNewProcess = goingOnBy(loadLearner);

/** Three batches of rows around three corners, one coordinate of which is zero now and then. */
export const batches = [20, 1, 35].map((rows, batch) => {
  const random = seededRandom(batch + 1);
  return Array.from({ length: rows }, (_, i) => {
    const features = [i % 3, (i % 2) * nextNormal(random), 2 - (i % 3) + 0.1 * nextNormal(random)];
    return LabeledPoint(1 + 2 * features[0]! - features[2]! + 0.1 * nextNormal(random), features);
  });
});

/** The same rows in two classes. */
export const classifiedBatches = batches.map((rows) =>
  rows.map(({ label, features }) => LabeledPoint(label > 1 ? 1 : 0, features)),
);

export const kMeansSubject: LearnerSubject = {
  batches,
  make: () => new StreamingKMeans({ k: 3, decayFactor: 0.7, timeUnit: 'points' }).setRandomCenters(3, 1, 42),
  makeUninitialised: () => new StreamingKMeans(),
  makeOther: () => new StreamingKMeans({ k: 3 }).setRandomCenters(2, 1, 42),
  goOnInNewProcess,
};

export const dbstreamSubject: LearnerSubject = {
  batches,
  make: () => new DBSTREAM({ numFeatures: 3, radius: 0.7, fadingFactor: 0.01, cleanupInterval: 10, minWeight: 1 }),
  makeOther: () => new DBSTREAM({ numFeatures: 2, radius: 0.7 }),
  goOnInNewProcess,
};

export const plusPlusSubject: LearnerSubject = {
  batches,
  make: () => new StreamingKMeans({ k: 3, decayFactor: 0.5, initialCenters: 'k-means++', numFeatures: 3, seed: 7 }),
  makeOther: () => new StreamingKMeans({ k: 3, initialCenters: 'k-means++', numFeatures: 2 }),
  goOnInNewProcess,
};

export const parallelSubject: LearnerSubject = {
  batches,
  make: () => new StreamingKMeans({ k: 4, decayFactor: 0.5, initialCenters: 'k-means||', numFeatures: 3 }),
  makeOther: () => new StreamingKMeans({ k: 4, initialCenters: 'k-means||', numFeatures: 2 }),
  goOnInNewProcess,
};

export const linearSubject: LearnerSubject = {
  batches,
  make: () =>
    new StreamingLinearRegressionWithSGD({
      miniBatchFraction: 0.8,
      regParam: 0.01,
      fitIntercept: true,
    }).setInitialWeights([0, 0.5, 0]),
  makeUninitialised: () => new StreamingLinearRegressionWithSGD(),
  makeOther: () => new StreamingLinearRegressionWithSGD().setInitialWeights([0, 0]),
  goOnInNewProcess,
};

export const logisticSubject: LearnerSubject = {
  batches: classifiedBatches,
  make: () =>
    new StreamingLogisticRegressionWithSGD({
      regParam: 0.01,
      elasticNetParam: 0.5,
      schedule: 'continuing',
      decayFactor: 0.9,
    }).setInitialWeights([0, 0.5, 0]),
  makeUninitialised: () => new StreamingLogisticRegressionWithSGD(),
  makeOther: () => new StreamingLogisticRegressionWithSGD().setInitialWeights([0, 0]),
  goOnInNewProcess,
};

/** By way of two files: what this process saves, and what the new one does. `className`: of a class of `millrace/pipelines`. */
export function goingOnBy(
  load: (file: string) => Promise<Learner>,
  ...className: readonly string[]
): (learner: Learner, rest: LearnerSubject['batches']) => Promise<SnapshotRecord> {
  return async (learner, rest) => {
    const directory = await temporaryDirectory(onTestFinished);
    const before = path.join(directory, 'before.json');
    const after = path.join(directory, 'after.json');
    await (learner as OnlineLearner<never>).save(before);
    const child = spawn(process.execPath, [GO_ON, before, after, ...className], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.end(JSON.stringify(rest));
    const [exitCode] = await once(child, 'exit');
    if (exitCode !== 0) throw new Error(`the new process ended with ${exitCode}`);
    return (await load(after)).snapshot();
  };
}
