import { describe, expect, it } from 'vitest';
import { snapshotToText } from '../../../src/batch/snapshot.ts';
import { LabeledPoint } from '../../../src/batch/vector.ts';
import { seededRandom } from '../../../src/host/random.ts';
import {
  AdaptiveRandomForestClassifier,
  AdaptiveRandomForestRegressor,
  HoeffdingAdaptiveTreeClassifier,
  HoeffdingTreeClassifier,
  HoeffdingTreeRegressor,
} from '../../../src/index.ts';
import { teach } from '../teach.ts';

/** Splits early and often. */
const options = { numFeatures: 2, gracePeriod: 5, delta: 0.5, tau: 0.9 };
const learners = [
  () => new HoeffdingTreeClassifier(options),
  () => new HoeffdingTreeRegressor(options),
  () => new HoeffdingAdaptiveTreeClassifier(options),
  () => new AdaptiveRandomForestClassifier({ ...options, nModels: 3 }),
  () => new AdaptiveRandomForestRegressor({ ...options, nModels: 3 }),
];

function points(count: number, seed: number): LabeledPoint[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const features = [random.next(), random.next()];
    return LabeledPoint(features[0]! > 0.5 !== features[1]! > 0.3 ? 1 : 0, features);
  });
}

describe.each(learners.map((make) => [make().kind, make] as const))('%s', (_kind, make) => {
  it('is, with the changes of each batch, as it was committed', () => {
    const [learner, follower] = [make(), make()];
    learner.keepChanges();
    for (let batch = 0; batch < 8; batch++) {
      teach(learner, points(20, batch));
      follower.applyChanges(learner.changes()!);
      learner.keepChanges();
      expect(snapshotToText(follower.snapshot())).toBe(snapshotToText(learner.snapshot()));
    }
  });

  it('has changed nothing without a batch', () => {
    const learner = make();
    teach(learner, points(30, 1));
    learner.keepChanges();
    expect(learner.changes()).toBeUndefined();
  });

  it('tells what changed where it was reset within a batch', () => {
    const [learner, follower] = [make(), make()];
    const fresh = learner.snapshot();
    teach(learner, points(30, 1));
    learner.keepChanges();
    follower.restore(learner.snapshot());
    teach(learner, points(10, 2));
    learner.restore(fresh);
    teach(learner, points(10, 3));
    follower.applyChanges(learner.changes()!);
    expect(snapshotToText(follower.snapshot())).toBe(snapshotToText(learner.snapshot()));
  });

  it('is as it was committed last once a batch is undone', () => {
    const learner = make();
    teach(learner, points(30, 1));
    learner.keepChanges();
    const committed = snapshotToText(learner.snapshot());
    teach(learner, points(30, 2));
    learner.changes();
    learner.undoChanges();
    expect(snapshotToText(learner.snapshot())).toBe(committed);
  });
});
